import type { Comparison } from '../../query/tree.ts';
import { isInCents } from '../../schema-index/cents.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import type { Context } from '../reading.ts';
import { converted, unitOf, words } from '../words.ts';

const phrases: readonly (readonly [RegExp, Comparison])[] = [
  [
    /^(?:more|greater|higher|larger|bigger) than or equal to\b|^at least\b|^no (?:less|fewer) than\b|^not less than\b|^a minimum of\b|^from\b(?= \d)/u,
    '>=',
  ],
  [
    /^(?:less|fewer|lower|smaller) than or equal to\b|^at most\b|^no more than\b|^not more than\b|^up to\b|^a maximum of\b/u,
    '<=',
  ],
  [/^(?:more|greater|higher|larger|bigger) than\b|^over\b|^above\b|^exceeding\b|^beyond\b/u, '>'],
  [/^(?:less|fewer|lower|smaller) than\b|^under\b|^below\b/u, '<'],
  [/^exactly\b|^equal to\b/u, '='],
];

interface Compared {
  readonly operator: Comparison;
  readonly end: number;
}

/** `more than`, `at least`, `under`. */
export function operatorAt({ lowers }: Context, at: number): Compared | null {
  const text = lowers.slice(at, at + 6).join(' ');
  for (const [pattern, operator] of phrases) {
    const match = pattern.exec(text);
    if (match !== null) {
      return { operator, end: at + match[0].split(' ').length };
    }
  }
  return null;
}

export interface Amount {
  readonly number: number;
  readonly end: number;
  readonly unit: string | null;
  readonly money: boolean;
}

/** `300`, `an hour`, `80 sqm`, `20 euros`, `€20`. */
export function amountAt(context: Context, at: number): Amount | null {
  const { analysis, lowers } = context;
  const sign = words.currency.has(lowers[at] ?? '') && !/^\p{L}/u.test(lowers[at] ?? '') ? 1 : 0;
  const token = analysis.tokens[at + sign];
  const one = /^an?$/u.test(lowers[at] ?? '') && unitOf(lowers[at + 1] ?? '') !== null;
  const number = one ? 1 : (token?.number ?? null);
  if (number === null) {
    return null;
  }
  const next = at + sign + 1;
  const money = sign === 1 || words.currency.has(lowers[next] ?? '');
  const unit = money ? null : unitOf(lowers[next] ?? '');
  const percent = /^(?:%|percent)$/u.test(lowers[next] ?? '');
  return { number, end: next + (unit !== null || percent || (money && sign === 0) ? 1 : 0), unit, money };
}

/** `or more`, `or less` behind a number. */
export function orMore(
  lowers: readonly string[],
  operator: Comparison,
  end: number,
): readonly [Comparison, number] {
  const text = lowers.slice(end, end + 2).join(' ');
  if (operator === '=' && /^(?:or|and) (?:more|above|over|higher|greater|longer|older)$/u.test(text)) {
    return ['>=', end + 2];
  }
  return operator === '=' && /^(?:or|and) (?:less|fewer|below|under|lower|shorter|younger)$/u.test(text)
    ? ['<=', end + 2]
    : [operator, end];
}

/** An amount in the unit of a column; null where it has another, or where money is in cents and the question may mean either. */
export function inUnits(column: IndexedColumn, { number, unit, money }: Amount): number | null {
  const cents = isInCents(column);
  if (cents) {
    return money ? Math.round(number * 100) : null;
  }
  if (unit === null) {
    return number;
  }
  const own = column.words.map((word) => unitOf(word)).find((each) => each !== null) ?? null;
  return own === null ? null : converted(number, unit, own);
}
