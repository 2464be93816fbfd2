import { type Lexicon, type Piece, piecesOf, plain, unquoted } from './pieces.ts';

/** A literal of a statement, and what it is compared with. */
export interface Literal {
  /** Where it stands: `sql.slice(start, end)` is the literal as it is written. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'text' | 'number';
  /** Where the word DATE or TIMESTAMP begins that makes a date of it, and that word; null where none does. */
  readonly typed: { readonly start: number; readonly type: string } | null;
  /** The text without its quotes, or the number's digits. */
  readonly value: string;
  /**
   * `compared`: with a column or an expression. `pattern`: on the right of LIKE. `limit`, `offset`: how many rows.
   * `other`: anything else, such as a format or a unit.
   */
  readonly role: 'compared' | 'pattern' | 'limit' | 'offset' | 'other';
  /** The operator before it, in capitals: `=`, `>=`, `IN`, `BETWEEN`, `AND` (BETWEEN's second), `LIKE`; '' elsewhere. */
  readonly operator: string;
  /** The column that it is compared with, or the last one within the expression; null where there is none. */
  readonly column: { readonly qualifier: string | null; readonly name: string } | null;
  /** The function around that column, such as `strftime` or `count`, in lower case; null where there is none. */
  readonly call: string | null;
}

/**
 * The literals of one statement in their order. It reads text, not grammar: what it does not know, such as PostgreSQL's
 * dollar quotes, makes it return null rather than guess.
 */
export function literalsOf(sql: string, lexicon: Lexicon): readonly Literal[] | null {
  const pieces = piecesOf(sql, lexicon);
  if (pieces === null) {
    return null;
  }
  return pieces.flatMap((piece, index) => {
    if (piece.kind !== 'text' && piece.kind !== 'number') {
      return [];
    }
    const { start, end, kind, text } = piece;
    const value = kind === 'number' ? text : unquoted(text, lexicon);
    const before = pieces[index - 1];
    const typed =
      kind === 'text' && before?.kind === 'name' && /^(?:date|timestamp)$/iu.test(before.text)
        ? { start: before.start, type: before.text.toLowerCase() }
        : null;
    return [{ start, end, kind, value, typed, ...placeOf(pieces, index) }];
  });
}

/** Where `:name` stands for a value in a statement, in order; null where the text can't be read. */
export function placeholdersOf(
  sql: string,
  lexicon: Lexicon,
): readonly { readonly start: number; readonly end: number; readonly name: string }[] | null {
  const pieces = piecesOf(sql, lexicon);
  if (pieces === null) {
    return null;
  }
  return pieces.flatMap((piece, index) => {
    const next = pieces[index + 1];
    if (piece.text !== ':' || next?.kind !== 'name' || next.start !== piece.end) {
      return [];
    }
    return [{ start: piece.start, end: next.end, name: next.text }];
  });
}

/**
 * A statement with its values in the places of `:name`, for people to read; it is never run. The text comes back as it is
 * where it can't be read for sure.
 */
export function withLiterals(
  sql: string,
  values: readonly { readonly name: string; readonly value: string; readonly type: string }[],
  dialect: Lexicon & { writeText(text: string): string },
): string {
  let text = sql;
  for (const { start, end, name: wanted } of [...(placeholdersOf(sql, dialect) ?? [])].reverse()) {
    const found = values.find((candidate) => candidate.name === wanted);
    if (found === undefined) {
      continue;
    }
    const written = found.type === 'text' ? dialect.writeText(found.value) : found.value;
    text = text.slice(0, start) + written + text.slice(end);
  }
  return text;
}

/** Names of a statement, unquoted: tables, columns, functions, words of the language. */
export function namesIn(sql: string, lexicon: Lexicon): ReadonlySet<string> {
  return new Set(
    (piecesOf(sql, lexicon) ?? []).flatMap(({ kind, text }) =>
      kind === 'name' ? [plain(text).toLowerCase()] : [],
    ),
  );
}

/** Where a name stands, and the name before its dot. */
export interface NamePlace {
  readonly start: number;
  readonly end: number;
  /** The qualifier as it is written; null where there is none. */
  readonly qualifier: string | null;
  readonly name: string;
}

/** The names that stand for columns or tables, with their qualifiers; null where the text can't be read. */
export function namePlaces(sql: string, lexicon: Lexicon): readonly NamePlace[] | null {
  const pieces = piecesOf(sql, lexicon);
  if (pieces === null) {
    return null;
  }
  return pieces.flatMap((piece, index) => {
    if (piece.kind !== 'name' || pieces[index + 1]?.text === '.' || pieces[index + 1]?.text === '(') {
      return [];
    }
    const owner = pieces[index - 1]?.text === '.' ? pieces[index - 2] : undefined;
    return [
      {
        start: owner?.start ?? piece.start,
        end: piece.end,
        qualifier: owner?.text ?? null,
        name: plain(piece.text),
      },
    ];
  });
}

/**
 * A statement without its comments; null where they can't be told from its texts for sure, as between PostgreSQL's dollar
 * quotes. A comment that the server would obey, such as MySQL's hints, is not one that can be left out.
 */
export function withoutComments(sql: string, lexicon: Lexicon): string | null {
  if (!/--|\/\*|#/u.test(sql)) {
    return sql;
  }
  const pieces = piecesOf(sql, lexicon);
  if (pieces === null) {
    return null;
  }
  let text = '';
  let at = 0;
  for (const { start, end } of pieces) {
    text += bareGap(sql.slice(at, start)) + sql.slice(start, end);
    at = end;
  }
  return text.trim();
}

/** The white space of a gap between two pieces: a line break where it has one, and at least a space for a comment. */
function bareGap(gap: string): string {
  if (/^\s*$/u.test(gap)) {
    return gap;
  }
  return /\n/u.test(gap) ? `\n${/[ \t]*$/u.exec(gap)?.[0] ?? ''}` : ' ';
}

const operators = /^(?:=|<>|!=|>=|<=|<|>|<=>|LIKE|ILIKE|GLOB|IN|BETWEEN)$/iu;

/** Functions around a literal that leave it what it is. */
const wrappers = /^(?:lower|upper|trim|date|datetime|timestamp|cast|unaccent)$/iu;

type Place = Pick<Literal, 'role' | 'operator' | 'column' | 'call'>;

const nowhere: Place = { role: 'other', operator: '', column: null, call: null };

function placeOf(pieces: readonly Piece[], index: number): Place {
  const textAt = (at: number): string => pieces[at]?.text ?? '';
  const upper = (at: number): string => (pieces[at]?.kind === 'name' ? textAt(at).toUpperCase() : textAt(at));
  let at = index - 1;
  if (textAt(at) === '-') {
    at -= 1;
  }
  // DATE '2025-01-01', and lower('x')
  if (/^(?:DATE|TIMESTAMP)$/u.test(upper(at))) {
    at -= 1;
  }
  const isWrapped = (): boolean =>
    textAt(at) === '(' && pieces[at - 1]?.kind === 'name' && wrappers.test(textAt(at - 1));
  // date('now', '-7 days') is no literal that somebody compared with.
  if (isWrapped() && (!/^(?:\)|AS)$/u.test(upper(index + 1)) || /^'now'$/iu.test(textAt(index)))) {
    return nowhere;
  }
  while (isWrapped()) {
    at -= 2;
  }
  if (upper(at) === 'LIMIT') {
    return { ...nowhere, role: 'limit' };
  }
  if (upper(at) === 'OFFSET') {
    return { ...nowhere, role: 'offset' };
  }
  let operator = upper(at);
  if (textAt(at) === ',' || textAt(at) === '(') {
    let open = at;
    while (open >= 0 && /^(?:,|'.*|".*|-?[\d.]+)$/su.test(textAt(open))) {
      open -= 1;
    }
    if (textAt(open) !== '(' || upper(open - 1) !== 'IN') {
      return nowhere;
    }
    at = open - 1;
    operator = 'IN';
  } else if (operator === 'AND') {
    // The second bound: BETWEEN stands two or more pieces before, with one value between.
    let between = at - 1;
    while (between > at - 8 && upper(between) !== 'BETWEEN') {
      between -= 1;
    }
    if (upper(between) !== 'BETWEEN') {
      return nowhere;
    }
    at = between;
  }
  if (!operators.test(upper(at))) {
    return nowhere;
  }
  let left = at - 1;
  if (upper(left) === 'NOT') {
    left -= 1;
  }
  const role = /LIKE|GLOB/u.test(operator) ? 'pattern' : 'compared';
  return { role, operator, ...operandBefore(pieces, left) };
}

/** The column of the expression that ends at a piece, and the function around it. */
function operandBefore(pieces: readonly Piece[], end: number): Pick<Literal, 'column' | 'call'> {
  const columnAt = (at: number): Literal['column'] => {
    const piece = pieces[at];
    if (piece?.kind !== 'name') {
      return null;
    }
    const owner = pieces[at - 1]?.text === '.' ? pieces[at - 2] : undefined;
    return { qualifier: owner === undefined ? null : plain(owner.text), name: plain(piece.text) };
  };
  if (pieces[end]?.text !== ')') {
    return { column: columnAt(end), call: null };
  }
  let depth = 0;
  let open = end;
  let column: Literal['column'] = null;
  for (; open >= 0; open -= 1) {
    if (pieces[open]?.text === ')') {
      depth += 1;
    }
    if (pieces[open]?.text === '(') {
      depth -= 1;
    }
    if (depth === 0) {
      break;
    }
    const isCall = pieces[open + 1]?.text === '(';
    if (column === null && pieces[open]?.kind === 'name' && !isCall && pieces[open + 1]?.text !== '.') {
      column = columnAt(open);
    }
  }
  const caller = pieces[open - 1];
  return { column, call: caller?.kind === 'name' ? caller.text.toLowerCase() : null };
}
