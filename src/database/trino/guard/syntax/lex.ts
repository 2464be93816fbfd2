import { reserved } from './words.ts';

/** A piece of a statement. White space and comments are left out. */
export interface Token {
  /** `word`: a bare keyword or name. `name`: between double quotes. `bytes` is X'…', `parameter` is `:name`. */
  readonly kind: 'word' | 'name' | 'text' | 'bytes' | 'integer' | 'number' | 'parameter' | 'sign' | 'end';
  /** What it means: upper case for a word, without quotes for a name and a text, without its colon for a parameter. */
  readonly text: string;
  /** Offsets into the statement: first character, and the one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Text that Trino's lexer would refuse, or that this one does not understand. */
export class LexError extends Error {}

/** A quote or comment that begins and does not end. */
export class Unclosed extends LexError {
  readonly what: 'quote' | 'comment';

  constructor(what: 'quote' | 'comment') {
    super(`A ${what} is not closed`);
    this.what = what;
  }
}

const space = /[ \r\n\t]+/y;
const lineComment = /--[^\r\n]*/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const digits = /\d(?:_?\d)*/y;
const double = /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y;
const decimal = /\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*/y;
const parameter = /:[A-Za-z_]\w*/y;
const sign = /->|=>|<=|>=|<>|!=|\|\||[-+*/%=<>(),.;[\]?]/y;
const nameCharacter = /\w/;

/**
 * Cuts a statement as Trino's lexer does (SqlBase.g4 of the version 476), and throws a LexError where that one would, or
 * where it is not sure: of names in backticks, names that begin with a digit, numerals that are not decimal, texts and names
 * with Unicode escapes, and letters other than ASCII's outside of quotes.
 */
export function lex(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  if (sql.includes('\0')) {
    throw new LexError('A NUL character has no meaning in SQL');
  }
  let at = 0;
  const takes = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(sql)) {
      return false;
    }
    at = pattern.lastIndex;
    return true;
  };
  while (at < sql.length) {
    const start = at;
    const push = (kind: Token['kind'], text: string): void => {
      tokens.push({ kind, text, start, end: at });
    };
    if (takes(space) || takes(lineComment)) {
      continue;
    }
    if (sql.startsWith('/*', at)) {
      // Comments do not stand within one another.
      const end = sql.indexOf('*/', at + 2);
      if (end < 0) {
        throw new Unclosed('comment');
      }
      at = end + 2;
      continue;
    }
    const character = sql.charAt(at);
    if (character === "'" || character === '"') {
      const { content, end } = quoted(sql, at);
      at = end;
      push(character === "'" ? 'text' : 'name', content);
    } else if (/^[uU]&['"]/.test(sql.slice(at, at + 3))) {
      throw new LexError('A text or name with Unicode escapes (U&) is not understood');
    } else if (/^[xX]'/.test(sql.slice(at, at + 2))) {
      const { content, end } = quoted(sql, at + 1);
      if (content.includes("'")) {
        throw new LexError("A X'…' literal is not whole");
      }
      at = end;
      push('bytes', content);
    } else if (takes(word)) {
      push('word', sql.slice(start, at).toUpperCase());
    } else if (takes(parameter)) {
      push('parameter', sql.slice(start + 1, at));
    } else if (takes(double) || takes(decimal)) {
      push('number', sql.slice(start, at));
      refuseRunning(sql, start, at);
    } else if (takes(digits)) {
      push('integer', sql.slice(start, at));
      refuseRunning(sql, start, at);
    } else if (takes(sign)) {
      push('sign', sql.slice(start, at));
    } else {
      throw new LexError(unexpected(character));
    }
  }
  return tokens;
}

function refuseRunning(sql: string, start: number, at: number): void {
  if (nameCharacter.test(sql.charAt(at))) {
    throw new LexError(`A number runs into a name: ${sql.slice(start, at + 1)}`);
  }
}

/** The content between the quotes that begin at `start`, and where they end; doubled quotes stand for one. */
function quoted(sql: string, start: number): { readonly content: string; readonly end: number } {
  const quote = sql.charAt(start);
  let at = start + 1;
  for (;;) {
    const end = sql.indexOf(quote, at);
    if (end < 0) {
      throw new Unclosed('quote');
    }
    if (sql.charAt(end + 1) === quote) {
      at = end + 2;
      continue;
    }
    return { content: sql.slice(start + 1, end).replaceAll(quote + quote, quote), end: end + 1 };
  }
}

function unexpected(character: string): string {
  if (character === ':') {
    return 'A parameter (:) has no value here';
  }
  return character === '`'
    ? 'Names stand between double quotes in Trino, not between backticks'
    : `The character ${JSON.stringify(character)} has no meaning in SQL`;
}

/** Whether a token can be a name: one between quotes, or a word that is not reserved. */
export function isName(token: Token): boolean {
  return token.kind === 'name' || (token.kind === 'word' && !reserved.has(token.text));
}
