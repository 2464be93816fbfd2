import { type DifferenceLine, lineDifference } from '../ask/show/difference.ts';
import type { ResultColumn, Row } from '../database/database.ts';
import {
  compareLiterals,
  type Literal,
  literalKey,
  literalOf,
  type Numeral,
  sameLiteral,
  showLiteral,
} from './literal.ts';
import type { ExpectedRow } from './suite.ts';

/** A row to compare, of whatever origin. */
export type LiteralRow = readonly Literal[];

/** Rows of a database as literals. */
export function literalRows(rows: readonly Row[], columns: readonly ResultColumn[]): readonly LiteralRow[] {
  return rows.map((row) => columns.map((column, index) => literalOf(row[index] ?? null, column)));
}

/**
 * A row of a suite in the order of the result's columns; a text where it names columns that the result does not have,
 * or leaves some out.
 */
export function expectedRow(row: ExpectedRow, columns: readonly ResultColumn[]): LiteralRow | string {
  if (Array.isArray(row)) {
    return row;
  }
  if (!isByColumn(row)) {
    return [row];
  }
  const names = columns.map(({ name }) => name);
  const unknown = Object.keys(row).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return `there is no column ${unknown.join(', ')}; there are: ${names.join(', ')}`;
  }
  const missing = names.filter((name) => !Object.hasOwn(row, name));
  if (missing.length > 0) {
    return `the rows that are expected do not say what ${missing.join(', ')} is`;
  }
  return names.map((name) => row[name] ?? null);
}

function isByColumn(row: ExpectedRow): row is Record<string, Literal> {
  return typeof row === 'object' && row !== null && Object.getPrototypeOf(row) === Object.prototype;
}

/**
 * What differs between the rows that are expected and those that came, as lines; null where they are the same. Without
 * an order, they are compared as multisets.
 */
export function rowsDifference(
  expected: readonly LiteralRow[],
  actual: readonly LiteralRow[],
  options: { readonly ordered: boolean; readonly tolerance: Numeral | null },
): readonly DifferenceLine[] | null {
  const { ordered, tolerance } = options;
  const pairs = ordered ? expected.map((_, index) => index) : matches(expected, actual, tolerance);
  const same = (row: LiteralRow, index: number): boolean =>
    sameRow(row, actual[pairs[index] ?? -1], tolerance);
  if (expected.length === actual.length && expected.every(same)) {
    return null;
  }
  // A row that is the same is shown as it came, so that numbers written in another way do not stand out.
  const wanted = expected.map((row, index) =>
    rowText(same(row, index) ? (actual[pairs[index] ?? -1] ?? row) : row),
  );
  const came = actual.map(rowText);
  return ordered
    ? lineDifference(wanted.join('\n'), came.join('\n'))
    : lineDifference(wanted.toSorted().join('\n'), came.toSorted().join('\n'));
}

/** So many orders of columns are tried where several columns look alike. */
const mostOrders = 100;

/**
 * As `rowsDifference`, where it does not count in which order the columns stand: whoever writes the query of the right
 * rows can't know that.
 */
export function rowsDifferenceInAnyColumnOrder(
  expected: readonly LiteralRow[],
  actual: readonly LiteralRow[],
  options: { readonly ordered: boolean; readonly tolerance: Numeral | null },
): readonly DifferenceLine[] | null {
  const difference = rowsDifference(expected, actual, options);
  if (difference === null || expected.length !== actual.length) {
    return difference;
  }
  let tried = 0;
  for (const order of columnOrders(expected, actual, options.tolerance)) {
    const arranged = actual.map((row) => order.map((column) => row[column] ?? null));
    if (rowsDifference(expected, arranged, options) === null) {
      return null;
    }
    if (++tried === mostOrders) {
      break;
    }
  }
  return difference;
}

/** Orders of the actual columns in which each holds what the expected one at its place holds. */
function* columnOrders(
  expected: readonly LiteralRow[],
  actual: readonly LiteralRow[],
  tolerance: Numeral | null,
  order: readonly number[] = [],
): Generator<readonly number[]> {
  const width = expected[0]?.length ?? 0;
  if (width !== actual[0]?.length) {
    return;
  }
  if (order.length === width) {
    yield order;
    return;
  }
  const wanted = sortedColumn(expected, order.length);
  for (let column = 0; column < width; column++) {
    if (order.includes(column)) {
      continue;
    }
    const came = sortedColumn(actual, column);
    if (wanted.every((literal, index) => sameLiteral(literal, came[index] ?? null, tolerance))) {
      yield* columnOrders(expected, actual, tolerance, [...order, column]);
    }
  }
}

function sortedColumn(rows: readonly LiteralRow[], column: number): readonly Literal[] {
  return rows
    .map((row) => row[column] ?? null)
    .sort((a, b) => {
      const [left, right] = [literalKey(a), literalKey(b)];
      return compareLiterals(a, b) ?? (left < right ? -1 : Number(left > right));
    });
}

/** For each expected row the index of an actual one that is its own; -1 where none is left. */
function matches(
  expected: readonly LiteralRow[],
  actual: readonly LiteralRow[],
  tolerance: Numeral | null,
): readonly number[] {
  const places = new Map<string, number[]>();
  for (const [index, row] of actual.entries()) {
    const key = rowKey(row);
    const before = places.get(key);
    if (before === undefined) {
      places.set(key, [index]);
    } else {
      before.push(index);
    }
  }
  const pairs = expected.map((row) => places.get(rowKey(row))?.pop() ?? -1);
  if (tolerance === null) {
    return pairs;
  }
  const free = new Set([...places.values()].flat());
  return pairs.map((pair, index) => {
    if (pair !== -1) {
      return pair;
    }
    const near = [...free].find((place) => sameRow(expected[index] ?? [], actual[place], tolerance)) ?? -1;
    free.delete(near);
    return near;
  });
}

function sameRow(left: LiteralRow, right: LiteralRow | undefined, tolerance: Numeral | null): boolean {
  return (
    left.length === right?.length &&
    left.every((literal, index) => sameLiteral(literal, right[index] ?? null, tolerance))
  );
}

function rowKey(row: LiteralRow): string {
  return JSON.stringify(row.map(literalKey));
}

function rowText(row: LiteralRow): string {
  return row.map(showLiteral).join(' | ').replace(/\n/gu, '\\n');
}
