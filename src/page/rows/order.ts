import { cellText } from './cell-text.ts';
import type { RowStore } from './row-store.ts';

export interface Sorting {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

/** Which rows: a text that they have, or for numbers a comparison such as `> 100`. */
export interface Filter {
  /** Null for every column. */
  readonly column: number | null;
  readonly text: string;
}

/** Rows beyond which letters are compared by their codes: a language's own order takes ten times as long. */
const collatedRows = 50_000;

/** The rows that are shown, in their order; null where those are all of them as they came. */
export function orderRows(
  store: RowStore,
  sorting: Sorting | null,
  filter: Filter,
  language: string,
): Uint32Array | null {
  if (sorting === null && filter.text.trim() === '') {
    return null;
  }
  const found = filtered(store, filter);
  if (sorting !== null) {
    sort(store, found, sorting, language);
  }
  return found;
}

function filtered(store: RowStore, { column, text }: Filter): Uint32Array<ArrayBuffer> {
  const found = new Uint32Array(store.length);
  const columns = column === null ? store.columns.map((_, index) => index) : [column];
  const passes = test(text.trim());
  let count = 0;
  for (let row = 0; row < store.length; row += 1) {
    if (columns.some((index) => passes(cellText(store.cell(row, index)) ?? '', store.isNumeric(index)))) {
      found[count] = row;
      count += 1;
    }
  }
  return found.slice(0, count);
}

function test(text: string): (value: string, isNumeric: boolean) => boolean {
  const [, sign, numeral] = /^(>=|<=|>|<|=)\s*(-?[\d.]+)$/u.exec(text) ?? [];
  if (sign !== undefined && numeral !== undefined) {
    const bound = Number(numeral);
    return (value, isNumeric) => isNumeric && value !== '' && compares(sign, Number(value), bound);
  }
  const wanted = text.toLowerCase();
  return (value) => value.toLowerCase().includes(wanted);
}

function compares(sign: string, value: number, bound: number): boolean {
  const isEqual = value === bound;
  return sign === '='
    ? isEqual
    : (sign.startsWith('>') ? value > bound : value < bound) || (sign.length === 2 && isEqual);
}

/** Rows without a value come last either way, and those that are alike stay in their order. */
function sort(store: RowStore, rows: Uint32Array, { column, direction }: Sorting, language: string): void {
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = store.isNumeric(column)
    ? byNumber(store, column)
    : byLetters(store, column, rows.length <= collatedRows ? language : null);
  const isEmpty = (row: number): boolean => store.cell(row, column) === null;
  rows.sort((a, b) => {
    const emptiness = Number(isEmpty(a)) - Number(isEmpty(b));
    return emptiness || sign * compare(a, b) || a - b;
  });
}

type Compare = (a: number, b: number) => number;

function byLetters(store: RowStore, column: number, language: string | null): Compare {
  const collator = language === null ? null : new Intl.Collator(language, { numeric: true });
  const text = (row: number): string => cellText(store.cell(row, column)) ?? '';
  return (a, b) => {
    const first = text(a);
    const second = text(b);
    return collator?.compare(first, second) ?? (first < second ? -1 : first > second ? 1 : 0);
  };
}

/** Numerals that mean one and the same double, such as two long keys, are compared as whole numbers where they are that. */
function byNumber(store: RowStore, column: number): Compare {
  const numbers = Float64Array.from({ length: store.length }, (_, row) => Number(store.cell(row, column)));
  const isWhole = /^-?\d+$/u;
  return (a, b) => {
    const difference = (numbers[a] ?? 0) - (numbers[b] ?? 0);
    if (difference !== 0) {
      return difference;
    }
    const first = store.cell(a, column);
    const second = store.cell(b, column);
    return typeof first === 'string' &&
      typeof second === 'string' &&
      isWhole.test(first) &&
      isWhole.test(second)
      ? Number(BigInt(first) - BigInt(second))
      : 0;
  };
}
