/** What a statement begins with; `With the tables above, …` is none. */
const statement =
  /^(?:select\b|values\s*\(|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|merge\s+into\b|with\s+(?:recursive\s+)?(?:"[^"]*"|`[^`]*`|\w+)\s*(?:\([^)]*\)\s*)?as\b)/iu;

/** What models put before a query that they were taught to answer with. */
const label = /^\s*(?:\[sql\]|###?[^\n]*\n|(?:sql(?:\s?query)?|query|answer)\s*:)\s*/iu;

/** What a template ends a reply with, where a server hands it on. */
const endMark = /(?:<\/?s>|<\|[\w ]+\|>|\[\/sql\])\s*$/iu;

/**
 * The queries of a reply that holds no JSON, as text-to-SQL models write it: what stands in fences, else the whole text.
 * A text around fences does no harm; prose with a query in it is none.
 */
export function sqlAlone(text: string): readonly string[] {
  const fenced = [...text.matchAll(/```[ \t]*(?<language>[\w+-]*)[^\n]*\n(?<body>[\s\S]*?)(?:```|$)/gu)];
  const bodies = fenced
    .filter(({ groups }) => /^(?:\w*sql\w*|)$/iu.test(groups?.['language'] ?? ''))
    .map(({ groups }) => groups?.['body'] ?? '');
  return (fenced.length > 0 ? bodies : [text]).flatMap((body) => {
    const sql = firstStatement(body.replace(endMark, '').replace(label, '').trim());
    return sql !== '' && statement.test(withoutComments(sql)) ? [sql] : [];
  });
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
  return sql.replace(/^(?:\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/))*\s*/u, '');
}
