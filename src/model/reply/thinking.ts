/** Words that models, or the templates that they were trained on, call their thinking by. */
const words =
  'think|thinking|thought|thoughts|reason|reasoning|reflection|analysis|scratchpad|antthinking|inner_monologue';

/**
 * The marks around thinking: `<think>` and its like, with a maker's prefix such as `<seed:think>`; `[THINK]` of Mistral;
 * `◁think▷` of Kimi; `<|begin_of_thought|>`, `<|START_THINKING|>` and their like.
 */
const mark = new RegExp(
  [
    `<(?<slash>/?)(?:\\w+:)?(?:${words})(?:\\s[^<>]*)?>`,
    `\\[(?<bracket>/?)(?:${words})\\]`,
    `◁(?<triangle>/?)(?:${words})▷`,
    `<\\|(?<word>begin|start|end|/)?_?(?:of_)?(?:${words})_?(?<after>begin|start|end)?\\|>`,
  ].join('|'),
  'giu',
);

/** The channels of OpenAI's harmony format, where a server hands them on: all but the last, `final`, is thinking. */
const finalChannel = /<\|channel\|>\s*final\b[\s\S]*?<\|message\|>/giu;
const anyChannel = /<\|channel\|>\s*\w+/iu;

/** What a model says without what it thinks: where one end of the thinking is missing, all on its side of the other is. */
export function withoutThinking(text: string): string {
  const final = [...text.matchAll(finalChannel)].at(-1);
  if (final !== undefined) {
    return text.slice(final.index + final[0].length).replace(/<\|(?:return|end)\|>[\s\S]*$/u, '');
  }
  if (anyChannel.test(text)) {
    return '';
  }
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

function isClosing(groups: Readonly<Record<string, string | undefined>>): boolean {
  const { slash, bracket, triangle, word, after } = groups;
  return (
    [slash, bracket, triangle, word].includes('/') ||
    /^end$/iu.test(word ?? '') ||
    /^end$/iu.test(after ?? '')
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
