import type { SqlDialect } from '../../database/dialect.ts';
import type { Example } from '../../model/model.ts';
import { type Literal, literalsOf, namesIn } from '../../schema/literals.ts';
import type { Token } from '../language/tokenize.ts';
import { fold } from '../link/values.ts';
import { contentOf } from './content.ts';

/** A span of an example's question that stands in its SQL as literals. */
export interface Slot {
  /** Tokens of the question, `end` excluded. */
  readonly start: number;
  readonly end: number;
  /** `year`: the literals are dates of that year, or of the first day after it. */
  readonly kind: 'text' | 'pattern' | 'number' | 'count' | 'year';
  readonly literals: readonly Literal[];
}

/** An example taken apart: a question and an SQL text with the same gaps. */
export interface Shape {
  readonly sql: string;
  readonly dialect: SqlDialect;
  readonly tokens: readonly Token[];
  /** In the question's order; they never overlap. */
  readonly slots: readonly Slot[];
  /** Every name in the SQL, in lower case. */
  readonly names: ReadonlySet<string>;
}

/**
 * Finds the values of a question in its SQL. Null where there are none, or where one may stand for several things: then
 * nobody knows which literal a new value would replace.
 */
export function shapeOf({ question, sql }: Example, dialect: SqlDialect): Shape | null {
  const literals = literalsOf(sql, dialect);
  if (literals === null) {
    return null;
  }
  const tokens = contentOf(question);
  const slots = new Map<string, Slot>();
  for (const literal of literals) {
    const found = placesOf(literal, tokens);
    if (found.length === 0) {
      continue;
    }
    const [place] = found;
    if (place === undefined || found.length > 1 || literal.role === 'other') {
      return null;
    }
    const key = `${place.start} ${place.end}`;
    const before = slots.get(key);
    if (before !== undefined && !isSameThing(before, place.kind, literal)) {
      return null;
    }
    slots.set(key, { ...place, literals: [...(before?.literals ?? []), literal] });
  }
  const sorted = [...slots.values()].sort((a, b) => a.start - b.start);
  const overlaps = sorted.some((slot, index) => slot.start < (sorted[index - 1]?.end ?? 0));
  if (sorted.length === 0 || overlaps) {
    return null;
  }
  return { sql, dialect, tokens, slots: sorted, names: namesIn(sql, dialect) };
}

function isSameThing(before: Slot, kind: Slot['kind'], { column }: Literal): boolean {
  const [first] = before.literals;
  return before.kind === kind && first?.column?.name.toLowerCase() === column?.name.toLowerCase();
}

/** Where a literal stands in a question. */
function placesOf(literal: Literal, tokens: readonly Token[]): Omit<Slot, 'literals'>[] {
  const { kind, role, value } = literal;
  const date = /^(\d{4})-\d{2}-\d{2}/u.exec(value);
  if (kind === 'text' && date !== null) {
    const year = Number(date[1]);
    return spansOf(
      tokens,
      (token) => token.number === year || (token.number ?? 0) + 1 === year,
      'year',
    ).filter(({ start }) => isYear(tokens[start]?.number ?? null));
  }
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(number)) {
    const isCount = role === 'limit';
    return spansOf(tokens, (token) => token.number === number, isCount ? 'count' : 'number');
  }
  const words = fold(role === 'pattern' ? value.replace(/^%|%$/gu, '') : value);
  if (words === '') {
    return [];
  }
  const spans: Omit<Slot, 'literals'>[] = [];
  for (let start = 0; start < tokens.length; start += 1) {
    for (let end = start + 1; end <= Math.min(tokens.length, start + 8); end += 1) {
      if (foldSpan(tokens, start, end) === words) {
        spans.push({ start, end, kind: role === 'pattern' ? 'pattern' : 'text' });
      }
    }
  }
  return spans;
}

function spansOf(
  tokens: readonly Token[],
  fits: (token: Token) => boolean,
  kind: Slot['kind'],
): Omit<Slot, 'literals'>[] {
  return tokens.flatMap((token, start) => (fits(token) ? [{ start, end: start + 1, kind }] : []));
}

/** The words of some tokens, folded as stored values are. */
export function foldSpan(tokens: readonly Token[], start: number, end: number): string {
  return fold(
    tokens
      .slice(start, end)
      .map(({ text }) => text)
      .join(' '),
  );
}

export function isYear(number: number | null): number is number {
  return number !== null && Number.isInteger(number) && number >= 1900 && number <= 2100;
}
