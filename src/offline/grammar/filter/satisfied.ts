import type { ValueLookup } from '../../link/values.ts';
import type { Comparison } from '../../query/tree.ts';

const sorted = new WeakMap<ValueLookup, Map<number, readonly number[] | null>>();

/**
 * The share of a column's different values that compare so with a number, 0 to 1; -1 where they are not known or are no
 * numbers. A condition that no row fulfils, or every row, is seldom what a question means.
 */
export function satisfiedShare(
  lookup: ValueLookup,
  column: number,
  operator: Comparison | 'between',
  low: number,
  high = low,
): number {
  const values = numbersOf(lookup, column);
  if (values === null || values.length === 0) {
    return -1;
  }
  const below = countBelow(values, low, false);
  const upTo = countBelow(values, operator === 'between' ? high : low, true);
  const held = {
    '=': upTo - below,
    '<>': values.length - (upTo - below),
    '<': below,
    '<=': upTo,
    '>': values.length - upTo,
    '>=': values.length - below,
    between: upTo - below,
    like: -values.length,
    'not like': -values.length,
  }[operator];
  return held / values.length;
}

/** The share of a column's different values that are like a pattern with `%` at an end or both; -1 where they are not known. */
export function likeShare(lookup: ValueLookup, column: number, pattern: string): number {
  const values = lookup.of(column);
  if (values === null || values.length === 0) {
    return -1;
  }
  const text = pattern.replaceAll('%', '').toLowerCase();
  const fits = (value: string): boolean => {
    if (!pattern.startsWith('%')) {
      return value.startsWith(text);
    }
    return pattern.endsWith('%') ? value.includes(text) : value.endsWith(text);
  };
  return values.filter((value) => fits(value.toLowerCase())).length / values.length;
}

/** The numbers of a column, least first. */
function numbersOf(lookup: ValueLookup, column: number): readonly number[] | null {
  const known = sorted.get(lookup) ?? new Map<number, readonly number[] | null>();
  sorted.set(lookup, known);
  const found = known.get(column);
  if (found !== undefined) {
    return found;
  }
  const numbers = (lookup.of(column) ?? []).map(Number);
  const made = numbers.length === 0 || numbers.some(Number.isNaN) ? null : numbers.sort((a, b) => a - b);
  known.set(column, made);
  return made;
}

/** How many are less than a number, or equal to it too; by halving. */
function countBelow(values: readonly number[], limit: number, equal: boolean): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const value = values[middle] ?? 0;
    if (value < limit || (equal && value === limit)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}
