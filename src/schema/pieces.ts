/** How an engine's SQL is cut into words, texts and comments. No expression has flags. */
export interface Lexicon {
  /** A name between its quotes. */
  readonly quotedName: RegExp;
  /** A text between its quotes. */
  readonly quotedText: RegExp;
  /** A comment that ends with its line. */
  readonly lineComment: RegExp;
  /** Comments between marks may stand within one another. */
  readonly nestsComments: boolean;
  /** How a comment begins that the server obeys; null where there is none. */
  readonly obeyedComment: RegExp | null;
  /** A backslash in a text takes the next character as it is. */
  readonly hasBackslashEscapes: boolean;
}

/** A piece of SQL text; what separates pieces is left out. */
export interface Piece {
  readonly kind: 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const space = /\s+/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const sign = /<=>|<>|!=|>=|<=|\|\||::|->>?|[^\s]/y;

/** Where a comment between marks that begins at `start` ends; null where it has no end, or where the server obeys it. */
function blockCommentEnd(sql: string, start: number, lexicon: Lexicon): number | null {
  if (lexicon.obeyedComment !== null && at(lexicon.obeyedComment, sql, start) !== null) {
    return null;
  }
  const marks = /\/\*|\*\//gu;
  marks.lastIndex = start + 2;
  for (let depth = 1; ; ) {
    const mark = marks.exec(sql);
    if (mark === null) {
      return null;
    }
    if (mark[0] === '*/') {
      depth -= 1;
    } else if (lexicon.nestsComments) {
      depth += 1;
    }
    if (depth === 0) {
      return marks.lastIndex;
    }
  }
}

/**
 * Cuts a statement into its pieces; null where it holds what this can't be sure of, such as a comment that a server obeys or
 * a text with a prefix.
 */
export function piecesOf(sql: string, lexicon: Lexicon): readonly Piece[] | null {
  const pieces: Piece[] = [];
  const kinds: readonly (readonly [Piece['kind'] | null, RegExp])[] = [
    [null, space],
    [null, lexicon.lineComment],
    ['text', lexicon.quotedText],
    ['name', lexicon.quotedName],
    ['name', name],
    ['number', number],
    ['sign', sign],
  ];
  for (let start = 0; start < sql.length; ) {
    if (sql.startsWith('/*', start)) {
      const close = blockCommentEnd(sql, start, lexicon);
      if (close === null) {
        return null;
      }
      start = close;
      continue;
    }
    let end = start;
    for (const [kind, pattern] of kinds) {
      const text = at(pattern, sql, start);
      if (text === null) {
        continue;
      }
      end = start + text.length;
      if (kind !== null) {
        pieces.push({ kind, text, start, end });
      }
      break;
    }
    if (end === start) {
      return null;
    }
    start = end;
  }
  const isStrange = pieces.some(
    (piece, index) =>
      (piece.kind === 'sign' && /["'`$]/u.test(piece.text)) ||
      // E'…', X'…', N'…' and _utf8'…' have rules of their own.
      (piece.kind === 'text' && pieces[index - 1]?.end === piece.start && pieces[index - 1]?.kind === 'name'),
  );
  return isStrange ? null : pieces;
}

const sticky = new WeakMap<RegExp, RegExp>();

/** What an expression finds that begins exactly at a place; null where nothing does. */
function at(expression: RegExp, text: string, start: number): string | null {
  let pattern = sticky.get(expression);
  if (pattern === undefined) {
    pattern = new RegExp(expression.source, `${expression.flags.replace('y', '')}y`);
    sticky.set(expression, pattern);
  }
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? null;
}

/** A text without its quotes. */
export function unquoted(text: string, lexicon: Lexicon): string {
  const quote = text.slice(0, 1);
  const inner = text.slice(1, -1).replaceAll(quote + quote, quote);
  return lexicon.hasBackslashEscapes ? inner.replace(/\\([\s\S])/gu, '$1') : inner;
}

/** A name without its quotes. */
export function plain(text: string): string {
  const first = text.slice(0, 1);
  if (first === '[') {
    return text.slice(1, -1);
  }
  return /["`]/u.test(first) ? text.slice(1, -1).replaceAll(first + first, first) : text;
}
