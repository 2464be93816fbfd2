import { asciiUpper, fold } from './names.ts';
import type { SqlMode } from './sql-mode.ts';
import { keywords } from './words.ts';

/** One token of a MySQL or MariaDB statement. */
export interface Token {
  /**
   * `word`: an unquoted name or keyword. `name`: a name between quotes. `string`, `number`: literals.
   * `system`: a system variable such as `@@session.time_zone`. `symbol`: an operator or a bracket. `placeholder`: `?`, or
   * `:name`, which is ours and no server's.
   */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'system' | 'symbol' | 'placeholder';
  /** A word, name or string without its quotes and escapes; the name of a placeholder, '' for `?`; else the text as written. */
  readonly text: string;
  /** The word in capitals, for comparing with keywords; a symbol's own text; '' for all other kinds. */
  readonly key: string;
  /** Where the token begins in the statement. */
  readonly start: number;
  readonly end: number;
  /** A word that follows a dot directly: the server takes it as a name, never as a keyword. */
  readonly afterDot: boolean;
}

/** What could not be read as the server would read it. */
export class LexError extends Error {}

/** A quote or comment that begins and does not end. */
export class Unclosed extends LexError {
  readonly what: 'quote' | 'comment';

  constructor(what: 'quote' | 'comment') {
    super(`a ${what} is not closed`);
    this.what = what;
  }
}

const space = /[ \t\n\v\f\r]/;
const wordStart = /[A-Za-z_$\u0080-\uffff]/;
const wordPart = /[A-Za-z0-9_$\u0080-\uffff]/;
const symbols = ['<=>', '->>', '<<', '>>', '<=', '>=', '<>', '!=', '||', '&&', '->'];
// A colon stands behind the label of stored code, and between key and value of JSON_DUALITY_OBJECT.
const single = '()+-*/%=<>!~^&|,.;:';
// Character sets in which no byte of a longer character can be a quote or a backslash.
const introducers = new Set(['_UTF8MB4', '_UTF8MB3', '_UTF8', '_ASCII', '_LATIN1', '_BINARY']);
/** What every character set reads alike. */
const plainText = /^[ !#-&(-[\]-~]*$/;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', 0: '\0', Z: '\x1a' };

/**
 * Cuts a statement into tokens as the server does under this sql_mode, or throws a LexError: what is not certain is
 * refused.
 * Follows the lexers of MySQL (sql/sql_lex.cc, `lex_one_token`) and MariaDB.
 */
export function lex(sql: string, mode: SqlMode): readonly Token[] {
  if (!sql.isWellFormed()) {
    throw new LexError('it holds half a character');
  }
  if (sql.includes('\0')) {
    throw new LexError('it holds the character NUL');
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const next = skipBlank(sql, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const token = readToken(sql, at, tokens.at(-1), mode);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** Past one run of white space or one comment; the same place where neither is. */
function skipBlank(sql: string, start: number): number {
  let at = start;
  while (at < sql.length && space.test(sql.charAt(at))) {
    at += 1;
  }
  if (at !== start) {
    return at;
  }
  if (sql.startsWith('/*', at)) {
    if (/^\/\*(!|M!|\+)/i.test(sql.slice(at, at + 4))) {
      throw new LexError(
        `${sql.slice(at, at + 3)} begins a comment that the server runs, or a hint that it obeys`,
      );
    }
    const end = sql.indexOf('*/', at + 2);
    if (end < 0) {
      throw new Unclosed('comment');
    }
    return end + 2;
  }
  const dashes = sql.startsWith('--', at) && (at + 2 === sql.length || space.test(sql.charAt(at + 2)));
  if (sql[at] === '#' || dashes) {
    const end = sql.indexOf('\n', at);
    return end < 0 ? sql.length : end + 1;
  }
  return at;
}

function readToken(sql: string, start: number, previous: Token | undefined, mode: SqlMode): Token {
  const character = sql.charAt(start);
  const touching = previous?.end === start;
  const afterDot = touching && previous.key === '.';
  const token = (kind: Token['kind'], end: number, text = sql.slice(start, end)): Token => ({
    kind,
    text,
    key: kind === 'word' ? asciiUpper(text) : kind === 'symbol' ? text : '',
    start,
    end,
    afterDot,
  });
  const quotesName = character === '`' || (character === '"' && mode.ansiQuotes);
  if (quotesName || (character === '[' && mode.bracketNames)) {
    const { text, end } = readQuoted(sql, start, false);
    if (text === '') {
      throw new LexError('a name is empty');
    }
    refuseUnknownLetters(text);
    return token('name', end, text);
  }
  if (character === "'" || character === '"') {
    const { text, end } = readQuoted(sql, start, !mode.noBackslashEscapes);
    if (
      previous?.kind === 'word' &&
      /^_/.test(previous.text) &&
      !introducers.has(previous.key) &&
      !plainText.test(sql.slice(start + 1, end - 1))
    ) {
      throw new LexError(`${previous.text} before a text may be a character set that changes how it is read`);
    }
    return token('string', end, text);
  }
  if (character === '@') {
    return token('system', readSystemVariable(sql, start));
  }
  if (afterDot && wordPart.test(character)) {
    return token('word', wordEnd(sql, start));
  }
  const isDecimal = character === '.' && /[0-9]/.test(sql.charAt(start + 1));
  const afterName = touching && (previous.kind === 'word' || previous.kind === 'name');
  if (/[0-9]/.test(character) || (isDecimal && !afterName)) {
    return readNumber(sql, start, token);
  }
  // Another way to write NULL.
  if (/^\\N(?![\w$\u0080-\uffff])/.test(sql.slice(start, start + 3))) {
    return token('number', start + 2);
  }
  if (wordStart.test(character)) {
    if (/^[xb]'/i.test(sql.slice(start, start + 2))) {
      const bits = /^(x'(?:[0-9a-f]{2})*'|b'[01]*')/i.exec(sql.slice(start));
      if (!bits) {
        throw new LexError('a hexadecimal or bit text has other digits');
      }
      return token('number', start + bits[0].length);
    }
    return token('word', wordEnd(sql, start));
  }
  const brace = /^(\{\s*(?:d|t|ts)\s*(?=['"])|\})/i.exec(sql.slice(start, start + 20));
  if (brace) {
    return { ...token('symbol', start + brace[0].length), key: character };
  }
  if (character === '?') {
    return token('placeholder', start + 1, '');
  }
  const placeholder = /^:([A-Za-z_]\w*)(?![$\u0080-\uffff])/.exec(sql.slice(start, start + 200))?.[1];
  if (placeholder !== undefined) {
    return token('placeholder', start + 1 + placeholder.length, placeholder);
  }
  if (sql.startsWith(':=', start)) {
    throw new LexError(':= assigns a variable');
  }
  const symbol = symbols.find((each) => sql.startsWith(each, start)) ?? character;
  if (symbol.length === 1 && !single.includes(symbol)) {
    throw new LexError(`${symbol} has no meaning here`);
  }
  return token('symbol', start + symbol.length);
}

function wordEnd(sql: string, start: number): number {
  let end = start;
  while (end < sql.length && wordPart.test(sql.charAt(end))) {
    end += 1;
  }
  refuseDisguise(sql.slice(start, end));
  // MySQL 9 knows texts between dollars, in which a quote means nothing.
  if (/^\$[^$]*\$/.test(sql.slice(start, end))) {
    throw new LexError('$ begins a text between dollars');
  }
  return end;
}

/** MySQL reads a letter beyond the basic plane in a name as `?`, so that `😀` is the column `?`. */
function refuseUnknownLetters(name: string): void {
  if (/[\u{10000}-\u{10ffff}]/u.test(name)) {
    throw new LexError(`${name} has a letter that no name can have`);
  }
}

/** A word that the server takes for a name, and people for something else. */
function refuseDisguise(word: string): void {
  if (!/[^\0-\x7f]/.test(word)) {
    return;
  }
  refuseUnknownLetters(word);
  if (/[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}]/u.test(word)) {
    throw new LexError('a name without quotes holds a space or a letter that can not be seen');
  }
  const looksLike = asciiUpper(fold(word));
  if (keywords.has(looksLike)) {
    throw new LexError(`${word} looks like ${looksLike} and has other letters`);
  }
}

/** A text or name that begins with its quote at `start`. Names know no backslash. */
function readQuoted(sql: string, start: number, hasEscapes: boolean): { text: string; end: number } {
  const quote = sql[start] === '[' ? ']' : sql.charAt(start);
  let text = '';
  let at = start + 1;
  for (;;) {
    if (at >= sql.length) {
      throw new Unclosed('quote');
    }
    const character = sql.charAt(at);
    if (character === quote) {
      if (sql[at + 1] !== quote) {
        return { text, end: at + 1 };
      }
      text += quote;
      at += 2;
    } else if (character === '\\' && hasEscapes) {
      const escaped = sql.charAt(at + 1);
      text += escapes[escaped] ?? (escaped === '%' || escaped === '_' ? `\\${escaped}` : escaped);
      at += 2;
    } else {
      text += character;
      at += 1;
    }
  }
}

function readSystemVariable(sql: string, start: number): number {
  const variable = /^@@(?:(?:global|session|local)\.)?[a-z_][a-z0-9_]*(?![\w$.\u0080-\uffff])/i.exec(
    sql.slice(start, start + 100),
  );
  if (!variable) {
    throw new LexError('@ names a user variable: these outlive the statement');
  }
  // A dot goes on with it, after white space and comments too: `@@global . version`.
  if (
    /^(?:\s|\/\*[\s\S]*?\*\/|--\s[^\n]*(?:\n|$)|#[^\n]*(?:\n|$))*\./.test(
      sql.slice(start + variable[0].length),
    )
  ) {
    throw new LexError('the name of a variable goes on behind a dot that stands apart');
  }
  return start + variable[0].length;
}

/**
 * A number, or a name that begins with digits. MySQL drops the broken `1.e` before a bracket, so that `sleep 1.e(9)`
 * is a call, and reads `1e1from` as two tokens: a number must end where a word could not go on.
 */
function readNumber(
  sql: string,
  start: number,
  token: (kind: 'number' | 'word', end: number) => Token,
): Token {
  const text = sql.slice(start, start + 400);
  const exact = /^(?:0x[0-9a-f]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w$.\u0080-\uffff])/i.exec(
    text,
  );
  if (exact) {
    return token('number', start + exact[0].length);
  }
  const end = wordEnd(sql, start);
  const word = sql.slice(start, end);
  if (/^\d+[a-z_$\u0080-\uffff]/i.test(word) && !/^(?:\d+e\d|0[xb])/i.test(word) && !/^\d+e$/i.test(word)) {
    return token('word', end);
  }
  throw new LexError(`${text.slice(0, 20)} is neither a number nor a name`);
}
