import { isStatement } from './sql-alone.ts';

/** Words that models, or the templates that they were trained on, call their thinking by. */
const words =
  'think|thinking|thought|thoughts|reason|reasoning|reflection|analysis|scratchpad|antthinking|inner_monologue';

/** Of a tag at the beginning of a line: what makes its name one of thinking, whoever made it up. */
const stem =
  /think|thought|reason|reflect|delib|plan|draft|scratch|monolog|intern|inner|analy|cot|chain|consider|ponder|brainstorm|explor|mus(?:e|ing)|contempl|rumin|cogit|hypothe|critique|check|review|meditat|introspec|speculat|note|memo|attempt|working|process/iu;

/** Names of tags that an answer stands in. */
const answerTag =
  /^(?:final|answer|response|reply|output|result|solution|sql|query|statement|code|pre|html|body|json|tool|function|invoke|parameter|arg|assistant|message|s$)/iu;

/**
 * The marks around thinking: `<think>` and its like, with a maker's prefix such as `<seed:think>`; `[THINK]` of Mistral and
 * `[BEGIN_THINK]`; `◁think▷` of Kimi; `<|begin_of_thought|>`, `<|START_THINKING|>`, `<｜begin▁of▁thinking｜>` and their like;
 * Gemma's `<|channel>thought` and `<unused94>thought`. A server that escapes its text for a page sends `&lt;think&gt;`.
 */
const mark = new RegExp(
  [
    `(?:<|&lt;)(?<slash>/?)(?:\\w+:)?(?:${words})(?:\\s[^<>&]*)?(?:>|&gt;)`,
    `\\[(?<bracket>/?)(?:${words})\\]`,
    `\\[(?<edge>begin|start|end)_(?:of_)?(?:${words})\\]`,
    `◁(?<triangle>/?)(?:${words})▷`,
    `<[|｜](?<word>begin|start|end|/)?[_▁]?(?:of[_▁])?(?:${words})[_▁]?(?<after>begin|start|end)?[|｜]>`,
    `<\\|channel>\\s*(?:${words})\\b`,
    '(?<channelEnd><channel\\|>)',
    `<unused94>\\s*(?:${words})\\b`,
    '(?<unusedEnd><unused95>)',
  ].join('|'),
  'giu',
);

/**
 * The channels of OpenAI's harmony format, where a server hands them on: all but the last, `final`, or a call of the tool
 * that gives the answer, is thinking.
 */
const finalChannel =
  /(?:<\|channel\|>\s*final\b|<\|channel\|>\s*commentary\s+to=\S*answer\b|to=\S*answer\s*<\|channel\|>\s*commentary\b)[\s\S]*?<\|message\|>/giu;
const anyChannel = /<\|channel\|>\s*\w+/iu;

/** The same where a server has taken the marks away and left the words. */
const strippedChannels =
  /^\s*analysis(?=\S)[\s\S]*assistant(?:final|commentary to=\S*answer\s*json)(?=\s*\S)/iu;

/** A fence of thinking, and a section of it under a heading that another follows. */
const thinkingFence = new RegExp(
  `^(\`{3,}|~{3,})[ \\t]*(?:${words}|plan|draft)[ \\t]*\\n[\\s\\S]*?\\n\\1[ \\t]*$`,
  'gimu',
);
const thinkingSection = new RegExp(
  `^#{1,6}[ \\t]*(?:${words}|plan|draft|first draft)[ \\t]*:?[ \\t]*\\n[\\s\\S]*?(?=^#{1,6}[ \\t]*\\S)`,
  'gimu',
);

/** What a model says without what it thinks: where one end of the thinking is missing, all on its side of the other is. */
export function withoutThinking(text: string): string {
  const final = [...text.matchAll(finalChannel)].at(-1);
  if (final !== undefined) {
    return text.slice(final.index + final[0].length).replace(/<\|(?:return|end|call)\|>[\s\S]*$/u, '');
  }
  if (anyChannel.test(text)) {
    return '';
  }
  const stripped = strippedChannels.exec(text);
  if (stripped === null && /^\s*analysis(?=[A-Z{])/u.test(text)) {
    return '';
  }
  const outside = withoutMarked(stripped === null ? text : text.slice(stripped[0].length));
  const said = outside.replace(thinkingFence, '').replace(thinkingSection, '');
  // A query is told by how it begins, and a tag in a string of it is none.
  return isStatement(said) ? said : withoutTagged(said);
}

/** What is said after the last mark that ends thinking; null where there is none. */
export function afterThinking(text: string): string | null {
  const last = [...text.matchAll(mark)].findLast((found) => isClosing(found.groups ?? {}));
  return last === undefined ? null : text.slice(last.index + last[0].length);
}

function withoutMarked(text: string): string {
  let said = '';
  let depth = 0;
  let from = 0;
  for (const found of text.matchAll(mark)) {
    if (isClosing(found.groups ?? {})) {
      if (depth === 0) {
        said = '';
      }
      depth = Math.max(0, depth - 1);
      from = found.index + found[0].length;
      // A mark in a string of the answer itself is none.
      if (depth === 0 && isJson(text.slice(from))) {
        return text.slice(from);
      }
      continue;
    }
    if (depth === 0) {
      said += text.slice(from, found.index);
    }
    depth += 1;
    from = found.index + found[0].length;
  }
  return depth === 0 ? said + text.slice(from) : said;
}

/** More tags than these are no reply; bounds the work that a runaway can make. */
const mostTags = 50;

/**
 * A text without what stands in tags of a name that is nobody's convention: where it is a word for thinking, and where
 * something is said besides.
 */
function withoutTagged(text: string): string {
  let rest = text;
  const opening = /(?:^|[>}\n])[ \t]*<(?<name>[a-z][\w.:-]*)(?:\s[^<>]*)?>/giu;
  for (let tags = 0; tags < mostTags; tags++) {
    const found = opening.exec(rest);
    const name = found?.groups?.['name'];
    if (found === null || name === undefined) {
      break;
    }
    const start = found.index + found[0].lastIndexOf('<');
    const close = rest.toLowerCase().indexOf(`</${name.toLowerCase()}>`, start);
    const outside = close === -1 ? null : rest.slice(0, start) + rest.slice(close + name.length + 3);
    const isAside = !answerTag.test(name) && (stem.test(name) || /\{/u.test(outside ?? ''));
    if (outside === null || !isAside) {
      opening.lastIndex = found.index + found[0].length - 1;
      continue;
    }
    rest = outside;
    opening.lastIndex = Math.max(0, start - 1);
  }
  return rest;
}

function isClosing(groups: Readonly<Record<string, string | undefined>>): boolean {
  const { slash, bracket, triangle, word, after, edge, channelEnd, unusedEnd } = groups;
  return (
    [slash, bracket, triangle, word].includes('/') ||
    channelEnd !== undefined ||
    unusedEnd !== undefined ||
    [word, after, edge].some((side) => /^end$/iu.test(side ?? ''))
  );
}

function isJson(text: string): boolean {
  if (!/^\s*\{/u.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
