import { cellText } from '../../rows/cell-text.ts';
import type { RowStore } from '../../rows/row-store.ts';

/** A chart that says more than the rows: bars for names, a line for times. */
export interface Chart {
  readonly kind: 'bars' | 'line';
  /** The column of the names or times. */
  readonly label: number;
  /** Columns of numbers to choose from. */
  readonly values: readonly number[];
}

const mostBars = 40;
const mostPoints = 2_000;

/** Numbers that only name something. */
const isKey = /(?:^|_)id$/iu;
const isTimeName =
  /(?:^|_)(?:year|month|quarter|week|day|date|hour|jahr|monat|woche|tag|datum|año|mes|semana|fecha)$/iu;
const isTime = /^\d{4}(?:-\d{2}(?:-\d{2})?|-?Q[1-4]|-?W\d{2})?(?:[T ]\d{2}:\d{2}.*)?$/u;

/** The chart that suits rows; null where one would say nothing. */
export function suitingChart(rows: RowStore): Chart | null {
  if (rows.length < 2 || rows.length > mostPoints) {
    return null;
  }
  const columns = rows.columns.map((_, index) => index);
  const times = columns.filter((column) => holdsTimes(rows, column));
  const texts = columns.filter((column) => !rows.isNumeric(column) && !times.includes(column));
  const label = times[0] ?? texts[0];
  const values = columns.filter(
    (column) =>
      column !== label &&
      rows.isNumeric(column) &&
      !isKey.test(rows.columns[column]?.name ?? '') &&
      varies(rows, column),
  );
  if (label === undefined || values.length === 0 || !isUnique(rows, label)) {
    return null;
  }
  if (times.length > 0 && rows.length > 2) {
    return { kind: 'line', label, values };
  }
  return rows.length <= mostBars ? { kind: 'bars', label, values } : null;
}

function holdsTimes(rows: RowStore, column: number): boolean {
  const isNamed = isTimeName.test(rows.columns[column]?.name ?? '');
  return (
    (isNamed || !rows.isNumeric(column)) &&
    texts(rows, column).every((text) => text !== null && isTime.test(text))
  );
}

function varies(rows: RowStore, column: number): boolean {
  return new Set(texts(rows, column)).size > 1;
}

function isUnique(rows: RowStore, column: number): boolean {
  return new Set(texts(rows, column)).size === rows.length;
}

const texts = (rows: RowStore, column: number): readonly (string | null)[] =>
  Array.from({ length: rows.length }, (_, row) => cellText(rows.cell(row, column)));
