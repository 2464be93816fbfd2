/** What a statement begins with; `With the tables above, …` is none. */
const statement =
  /^(?:\(\s*)*(?:select\b|values\s*\(|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|merge\s+into\b|with\s+(?:recursive\s+)?(?:"[^"]*"|`[^`]*`|\w+)\s*(?:\([^)]*\)\s*)?as\b)/iu;

/** What begins a statement in a fence, and a sentence elsewhere. */
const fencedStatement = /^(?:from|table)\s+["`\w]/iu;

/** What models put before a query that they were taught to answer with. */
const label =
  /^\s*(?:\[sql\]|###?[^\n]*\n|\*{0,2}(?:sql(?:\s?query)?|query|answer|response)\*{0,2}\s*:\*{0,2})\s*/iu;

/** What a template begins or ends a reply with, where a server hands it on. */
const startMark = /^\s*(?:<s>|<bos>|<[|｜][^<>|｜]+[|｜]>)\s*/iu;
const endMark =
  /(?:<\/?s>|<eos>|<end_of_turn>|<[|｜][^<>|｜]+[|｜]>|\[\/sql\]|\[\/inst\])(?:\s*\w+)?\s*$|\n\s*#{2,3}[ \t]*(?:end|task|input|instruction|response)\b[\s\S]*$/iu;

/** What ends the lines of a paragraph of SQL, and begins the next one of the same statement. */
const goesOn =
  /^\s*(?:from|where|group|order|having|limit|offset|fetch|union|except|intersect|and|or|on|join|left|right|inner|cross|full|window|select|when|else|end|as|\)|,|\()(?=[\s(,)]|$)/iu;

/** Whether a text begins as SQL does. */
export function isStatement(text: string): boolean {
  return statement.test(withoutComments(text));
}

/**
 * The queries of a reply that holds no JSON, as text-to-SQL models write it: what stands in fences, of whatever language,
 * else the whole text, else the one paragraph or the one piece of code in prose that is a query.
 */
export function sqlAlone(text: string): readonly string[] {
  const fenced = [...text.matchAll(/(?<fence>`{3,}|~{3,})(?<body>[\s\S]*?)(?:\k<fence>|$)/gu)];
  if (fenced.length > 0) {
    return fenced.flatMap(({ groups }) => queryOf(withoutLanguage(groups?.['body'] ?? ''), true));
  }
  const bare = withoutWrappers(text);
  const whole = isSentence(bare) ? [] : queryOf(bare, false);
  return whole.length > 0 ? whole : inProse(text);
}

/** Deeper wrappers are no slip any more. */
const deepestWrapper = 3;

/** What tags such as `<answer>` or `<pre><code>` hold that stand around all of a text. */
function withoutWrappers(text: string): string {
  let bare = text.trim();
  for (let depth = 0; depth < deepestWrapper; depth++) {
    const held = /^<(?<name>[a-z]\w*)(?:\s[^<>]*)?>(?<held>[\s\S]*)<\/\k<name>>$/iu.exec(bare)?.groups?.[
      'held'
    ];
    if (held === undefined) {
      break;
    }
    bare = held.trim();
  }
  return bare;
}

/** The first line of a fence names a language, or the query begins on it. */
function withoutLanguage(body: string): string {
  if (isStatement(body)) {
    return body;
  }
  const language = /^[ \t]*[\w+.-]*(?<attributes>[^\n]*)(?:\n|$)/u.exec(body);
  const attributes = language?.groups?.['attributes']?.trim() ?? '';
  return isStatement(attributes)
    ? body.replace(/^[ \t]*[\w+.-]*/u, '')
    : body.slice(language?.[0].length ?? 0);
}

function queryOf(text: string, isFenced: boolean): readonly string[] {
  const bare = text.replace(startMark, '').replace(endMark, '').replace(label, '').trim();
  const sql = firstStatement(bare);
  const begins = withoutComments(sql);
  return sql !== '' && (statement.test(begins) || (isFenced && fencedStatement.test(begins))) ? [sql] : [];
}

/** A query among sentences: a paragraph of its own, all of it, or what stands between backticks. */
function inProse(text: string): readonly string[] {
  const paragraphs = text.split(/\n[ \t]*\n/u);
  const found = paragraphs.flatMap((paragraph, index) => {
    // The sentence that announces it may stand in the same paragraph.
    const lines = paragraph.split('\n');
    const first = lines.findIndex(
      (line, at) => isStatement(line) && (at === 0 || /[:.!]\s*$/u.test(lines[at - 1] ?? '')),
    );
    const written = first === -1 ? '' : lines.slice(first).join('\n');
    const isWhole = /;\s*$/u.test(written) || !goesOn.test(paragraphs[index + 1] ?? '');
    return first === -1 || !isWhole || isSentence(written) ? [] : queryOf(written, false);
  });
  if (found.length > 0) {
    return found;
  }
  return [...text.matchAll(/`(?<code>[^`\n]+)`/gu)].flatMap(({ groups }) => {
    const code = groups?.['code'] ?? '';
    return /\s\S+\s+\S|\d/u.test(code) ? queryOf(code, false) : [];
  });
}

/** "Select the customers of Germany first." begins as SQL does. */
function isSentence(text: string): boolean {
  const plain = text.replace(/'(?:[^']|'')*'|--[^\n]*/gu, '').trim();
  return (
    /[a-z][.!?:]$/iu.test(plain) ||
    /^(?:select|with|values)\s+(?:the|all the|only|every|each|from|those)\s/iu.test(plain)
  );
}

/** Up to the semicolon that ends it; what follows has to be no further statement. */
function firstStatement(text: string): string {
  for (const { 0: piece, index } of text.matchAll(
    /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|;/gu,
  )) {
    if (piece === ';') {
      const rest = withoutComments(text.slice(index + 1));
      return statement.test(rest) ? text : text.slice(0, index).trim();
    }
  }
  return text;
}

function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s*(?:--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/))*\s*/u, '');
}
