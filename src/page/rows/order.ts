import { cellText } from './cell-text.ts';
import { sortPaced } from './merge-sort.ts';
import { createPace, type Pace } from './pace.ts';
import type { ReadableRows } from './readable-rows.ts';

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

/** Rows between two looks at the clock. */
const steps = 1_024;

/**
 * The rows that are shown, in their order; null where those are all of them as they came. The page goes on meanwhile. Rejects
 * with an `AbortError`.
 */
export async function orderRows(
  store: ReadableRows,
  sorting: Sorting | null,
  filter: Filter,
  { language, signal }: { readonly language: string; readonly signal: AbortSignal },
): Promise<Uint32Array | null> {
  if (sorting === null && filter.text.trim() === '') {
    return null;
  }
  const pace = createPace(signal);
  const found = await filtered(store, filter, pace);
  return sorting === null ? found : sorted(store, found, sorting, language, pace);
}

async function filtered(
  store: ReadableRows,
  { column, text }: Filter,
  pace: Pace,
): Promise<Uint32Array<ArrayBuffer>> {
  const { length } = store;
  const found = new Uint32Array(length);
  const columns = column === null ? store.columns.map((_, index) => index) : [column];
  const passes = test(text.trim());
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    if (row % steps === 0 && pace.isDue()) {
      await pace.rest();
    }
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
async function sorted(
  store: ReadableRows,
  rows: Uint32Array<ArrayBuffer>,
  { column, direction }: Sorting,
  language: string,
  pace: Pace,
): Promise<Uint32Array> {
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = store.isNumeric(column)
    ? await byNumber(store, column, pace)
    : byLetters(store, column, rows.length <= collatedRows ? language : null);
  const isEmpty = (row: number): boolean => store.cell(row, column) === null;
  return sortPaced(
    rows,
    (a, b) => {
      const emptiness = Number(isEmpty(a)) - Number(isEmpty(b));
      return emptiness || sign * compare(a, b) || a - b;
    },
    pace,
  );
}

type Compare = (a: number, b: number) => number;

function byLetters(store: ReadableRows, column: number, language: string | null): Compare {
  const collator = language === null ? null : new Intl.Collator(language, { numeric: true });
  const text = (row: number): string => cellText(store.cell(row, column)) ?? '';
  return (a, b) => {
    const first = text(a);
    const second = text(b);
    return collator?.compare(first, second) ?? (first < second ? -1 : first > second ? 1 : 0);
  };
}

/** Numerals that mean one and the same double, such as two long keys, are compared as whole numbers where they are that. */
async function byNumber(store: ReadableRows, column: number, pace: Pace): Promise<Compare> {
  const numbers = new Float64Array(store.length);
  for (let row = 0; row < numbers.length; row += 1) {
    if (row % steps === 0 && pace.isDue()) {
      await pace.rest();
    }
    numbers[row] = Number(store.cell(row, column));
  }
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
