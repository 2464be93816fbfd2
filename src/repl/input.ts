/** What a text that was typed is. */
export type Input =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly name: string; readonly argument: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'question'; readonly question: string };

/** Tells commands, SQL, the number of an assumption and questions apart, by how they begin. */
export function readLine(text: string): Input {
  const trimmed = text.trim();
  if (trimmed === '') {
    return { kind: 'nothing' };
  }
  const command = /^\.([a-z]+)(?:\s+([\s\S]*))?$/iu.exec(trimmed);
  if (command !== null) {
    return { kind: 'command', name: (command[1] ?? '').toLowerCase(), argument: (command[2] ?? '').trim() };
  }
  // Nobody asks a database these; they come from the habit of other shells.
  const habit = /^(?:(exit|quit|\\q)|(help|\\h|\?))[;.]?$/iu.exec(trimmed);
  if (habit !== null) {
    return { kind: 'command', name: habit[1] === undefined ? 'help' : 'exit', argument: '' };
  }
  if (/^\d{1,2}$/u.test(trimmed)) {
    return { kind: 'number', number: Number(trimmed) };
  }
  if (startsAsSql(trimmed)) {
    return { kind: 'sql', sql: trimmed };
  }
  return { kind: 'question', question: trimmed };
}

const object = '(?:table|view|index|schema|database|trigger|function|procedure|role|user|sequence|type)';

/**
 * How statements begin. English uses most of these words too ("show me…", "with which…", "update?"), so all but SELECT
 * need the word that SQL has after them.
 */
const beginnings = new RegExp(
  `^(?:${[
    'select\\b',
    'with\\s+(?:recursive\\s+)?(?:\\w+|"[^"]+"|`[^`]+`)\\s*(?:\\([^()]*\\)\\s*)?as\\s*(?:(?:not\\s+)?materialized\\s*)?\\(',
    'values\\s*\\(',
    'table\\s+[\\w."`]+\\s*;?$',
    'explain\\s+(?:query\\s+plan|analyze|verbose|format|select|with|insert|update|delete|\\()',
    'pragma\\s+\\w+',
    `show\\s+(?:full\\s+)?(?:tables|databases|columns|fields|create\\s|index(?:es)?\\s|keys\\s|status|variables|grants|processlist|engines|all$)`,
    '(?:insert|replace)\\s+(?:\\w+\\s+)?into\\b',
    'update\\s+\\S+\\s+(?:as\\s+\\S+\\s+)?set\\b',
    'delete\\s+from\\b',
    'merge\\s+into\\b',
    'truncate\\b',
    `(?:create|drop|alter)\\s+(?:or\\s+replace\\s+|temp(?:orary)?\\s+|unique\\s+|materialized\\s+)*${object}\\b`,
    '(?:grant|revoke)\\s+[\\w, ]+\\s+(?:on|to|from)\\b',
  ].join('|')})`,
  'iu',
);

/** Whether a text begins as SQL; comments before it do not count. */
export function startsAsSql(text: string): boolean {
  const bare = text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/u, '');
  return beginnings.test(bare);
}

/** Whether nothing is left open: only SQL can be, by a quote or a parenthesis. */
export function isWhole(text: string): boolean {
  if (!startsAsSql(text.trim())) {
    return true;
  }
  const closed = text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/gu,
    '',
  );
  if (/['"`]|\/\*/u.test(closed)) {
    return false;
  }
  const open = closed.replace(/[^()]/gu, '').length;
  const ends = closed.replace(/[^)]/gu, '').length;
  return open - ends <= ends;
}
