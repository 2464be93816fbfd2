/** A piece of a statement. White space and comments are left out. */
export interface Token {
  /**
   * `word`: a bare keyword or name. `name`: "…". `text`: '…', E'…' or $$…$$. `placeholder`: `?`, `$1`, `$name`. `colon`:
   * one that stands before a word, as of `:name`. `sign`: an operator or a punctuation mark.
   */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'placeholder' | 'colon' | 'sign';
  /** As written, but without its quotes for `name` and `text`, and without its colon for `colon`. */
  readonly text: string;
  /** Offsets into the statement: first character, and the one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Text that DuckDB's lexer would refuse, or that this one does not understand. */
export class LexError extends Error {}

/** A quote or comment that begins and does not end. */
export class Unclosed extends LexError {
  readonly what: 'quote' | 'comment';

  constructor(what: 'quote' | 'comment') {
    super(`A ${what} is not closed`);
    this.what = what;
  }
}

const space = /[ \t\n\v\f\r]+/y;
// Letters of other alphabets are parts of names; DuckDB takes other white space of Unicode for white space.
const word =
  /(?:[A-Za-z_]|(?![\s\u180E\u200B-\u200D\u2060\uFEFF])[\u0080-\uFFFF])(?:[\w$]|(?![\s\u180E\u200B-\u200D\u2060\uFEFF])[\u0080-\uFFFF])*/y;
const number = /(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const placeholder = /\?\d*|\$(?:\d+|[A-Za-z_]\w*)/y;
const lineComment = /--[^\n\r]*/y;
const dollar = /\$(?:[A-Za-z_]\w*)?\$/y;
const colon = /:(?=[A-Za-z_\u0080-\uFFFF])/y;
const operator = /::|:=|->>|=>|[-+*/<>=~!@%^&|`#?]+/y;
const mark = /[()[\]{},;.:]/y;

/** Splits a statement as DuckDB's own lexer does, which is PostgreSQL's, and throws where the two could ever differ. */
export function lex(sql: string): Token[] {
  if (sql.includes('\0')) {
    throw new LexError('A NUL character would end the statement');
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(sql)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  while (at < sql.length) {
    const start = at;
    const push = (kind: Token['kind'], text: string): void => {
      tokens.push({ kind, text, start, end: at });
    };
    const character = sql.charAt(at);
    if (match(space) !== null || match(lineComment) !== null) {
      continue;
    }
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at);
      continue;
    }
    if (character === "'" || character === '"') {
      const content = quoted(sql, at, false);
      at = content.end;
      push(character === "'" ? 'text' : 'name', content.text);
      continue;
    }
    if (/[eE]/.test(character) && sql.charAt(at + 1) === "'") {
      const content = quoted(sql, at + 1, true);
      at = content.end;
      push('text', content.text);
      continue;
    }
    const tag = match(dollar);
    if (tag !== null) {
      const end = sql.indexOf(tag, at);
      if (end < 0) {
        throw new Unclosed('quote');
      }
      const content = sql.slice(at, end);
      at = end + tag.length;
      push('text', content);
      continue;
    }
    const kind = (
      [
        ['placeholder', placeholder],
        ['number', number],
        ['word', word],
        ['colon', colon],
        ['sign', operator],
        ['sign', mark],
      ] as const
    ).find(([, pattern]) => match(pattern) !== null)?.[0];
    if (kind === undefined) {
      throw new LexError(`The character ${JSON.stringify(character)} has no meaning in SQL`);
    }
    if (kind === 'sign' && /\/\*|--/.test(sql.slice(start, at))) {
      // An operator ends where a comment begins.
      at = start + sql.slice(start, at).search(/\/\*|--/);
    }
    if (kind === 'colon') {
      match(word);
    }
    const next = sql.charAt(at);
    if (kind === 'word' && next === "'") {
      throw new LexError(`The literal ${sql.slice(start, at)}'…' is not understood`);
    }
    if (kind === 'number' && /[\w$\u0080-\uFFFF]/.test(next)) {
      throw new LexError(`A number runs into a name: ${sql.slice(start, at + 1)}`);
    }
    push(kind, sql.slice(kind === 'colon' ? start + 1 : start, at));
  }
  return tokens;
}

/** Where a comment that begins at `start` ends; comments nest. */
function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(sql); found !== null; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) {
      return edge.lastIndex;
    }
  }
  throw new Unclosed('comment');
}

/** The content of what a quote at `start` opens, and where it ends; doubled quotes stand for one. */
function quoted(sql: string, start: number, escapes: boolean): { text: string; end: number } {
  const quote = sql.charAt(start);
  let at = start + 1;
  for (;;) {
    const character = sql.charAt(at);
    if (character === '') {
      throw new Unclosed('quote');
    }
    if (escapes && character === '\\') {
      at += 2;
    } else if (character !== quote) {
      at += 1;
    } else if (sql.charAt(at + 1) === quote) {
      at += 2;
    } else {
      return { text: sql.slice(start + 1, at).replaceAll(quote + quote, quote), end: at + 1 };
    }
  }
}
