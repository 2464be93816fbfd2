import type { ResultColumn, Row, Value } from '../../result.ts';
import { escapeLine } from '../escape.ts';
import { readableName } from '../readable-name.ts';
import { isNumeral, valueText } from '../value.ts';
import { positionsOf } from './position.ts';

/** One value of a picture: where it stands, and the exact text that says it. */
export interface Mark {
  /** The nearest number that can be drawn; null for NULL, and for what is no number or too large for a scale. */
  readonly value: number | null;
  readonly text: string;
}

/** The values of one column, or of one group of it, in the order of the labels. */
export interface Series {
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** A bar for each label; a series has a scale of its own. */
export interface Bars {
  readonly kind: 'bars';
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

/**
 * A line over places on an axis, which rise. Where `measure` is named, the series are groups of that one column and
 * have one scale; else each series is a column by itself.
 */
export interface Lines {
  readonly kind: 'lines';
  readonly axis: string;
  readonly labels: readonly string[];
  readonly positions: readonly number[];
  readonly series: readonly Series[];
  readonly measure: string | null;
}

/** How often the values of one column fall in each of some ranges. */
export interface Histogram {
  readonly kind: 'histogram';
  readonly name: string;
  readonly marks: readonly Mark[];
}

export type Plot = Bars | Lines | Histogram;

/** More lines than this in one picture can't be told apart. */
const mostGroups = 6;

/** Numbers beyond these leave no room for the arithmetic of a scale. */
const largest = 1e300;
const smallest = 1e-300;

/** The usual names of keys. */
const key = /^(?:id|rowid)$|_id$/iu;

/**
 * The picture that suits a result. A column of dates or rising numbers makes lines; with a column of groups besides, a
 * line for each. Any other column of labels makes bars, and a column of numbers by itself a histogram. Null where there
 * is no number to draw.
 */
export function choosePlot(columns: readonly ResultColumn[], rows: readonly Row[]): Plot | null {
  const numbers = columns.flatMap((column, index) => (isNumeric(column, index, rows) ? [index] : []));
  const others = columns.flatMap((_, index) => (numbers.includes(index) ? [] : [index]));
  if (numbers.length === 0 || rows.length === 0) {
    return null;
  }
  const lines = linesOf(columns, rows, numbers, others);
  if (lines !== null) {
    return lines;
  }
  const [first] = numbers;
  if (others.length === 0 && numbers.length === 1 && first !== undefined) {
    return rows.length === 1
      ? null
      : { kind: 'histogram', name: nameOf(columns, first), marks: marksOf(columns, rows, first) };
  }
  if (others.length === 0 && rows.length === 1) {
    return {
      kind: 'bars',
      labels: numbers.map((index) => nameOf(columns, index)),
      series: [{ name: '', marks: numbers.map((index) => markOf(columns, rows[0], index)) }],
    };
  }
  const labelled = others.length > 0 ? others : numbers.slice(0, 1);
  const drawn = measures(columns, others.length > 0 ? numbers : numbers.slice(1));
  return {
    kind: 'bars',
    labels: rows.map((row) => labelled.map((index) => labelOf(columns, row, index)).join(', ')),
    series: drawn.map((index) => ({
      name: nameOf(columns, index),
      marks: marksOf(columns, rows, index),
    })),
  };
}

/** What a result shows, in words: what is measured, and by what. */
export function titleOf(columns: readonly ResultColumn[], plot: Plot | null): string {
  const names = (index: number): string => readableName(nameOf(columns, index));
  if (plot === null || plot.kind === 'histogram' || columns.length < 2) {
    return listed(columns.slice(0, 4).map((_, index) => names(index))) || 'result';
  }
  if (plot.kind === 'lines') {
    const measured =
      plot.measure === null
        ? plot.series.map(({ name }) => readableName(name))
        : [readableName(plot.measure)];
    return `${listed(measured.slice(0, 3))} by ${readableName(plot.axis)}`;
  }
  const drawn = plot.series.map(({ name }) => name);
  const labels = columns.map(({ name }) => escapeLine(name)).filter((name) => !drawn.includes(name));
  const measured = listed(
    drawn
      .filter((name) => name !== '')
      .slice(0, 3)
      .map(readableName),
  );
  return measured === '' || labels.length === 0
    ? listed(columns.slice(0, 4).map((_, index) => names(index)))
    : `${measured} by ${listed(labels.slice(0, 2).map(readableName))}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** So many bars can say something by being long or short alone. */
const fewBars = 12;

/** Whether a picture says more than its table does: many bars of two lengths, as of 0 and 1, say nothing. */
export function isTelling(plot: Plot): boolean {
  return (
    plot.kind !== 'bars' ||
    plot.labels.length <= fewBars ||
    plot.series.some(({ marks }) => new Set(marks.map(({ value }) => value)).size > 2)
  );
}

/** Lines over the first column of dates, or over numbers that rise or fall; null where there is none. */
function linesOf(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  numbers: readonly number[],
  others: readonly number[],
): Lines | null {
  if (rows.length < 2) {
    return null;
  }
  const textAt = (row: Row, index: number): string | null => {
    const column = columns[index];
    return column === undefined ? null : valueText(row[index] ?? null, column);
  };
  const found = axes(columns, numbers, others).flatMap((index) => {
    const positions = positionsOf(rows.map((row) => textAt(row, index)));
    return positions === null ? [] : [{ index, positions }];
  })[0];
  if (found === undefined) {
    return null;
  }
  const drawn = measures(
    columns,
    numbers.filter((index) => index !== found.index),
  );
  const groups = others.filter((index) => index !== found.index);
  if (drawn.length === 0 || groups.length > 1) {
    return null;
  }
  const axis = nameOf(columns, found.index);
  const [group] = groups;
  const [only] = drawn;
  if (group === undefined || only === undefined) {
    if (new Set(found.positions).size < rows.length) {
      return null;
    }
    const order = risingOrder(found.positions);
    return {
      kind: 'lines',
      axis,
      labels: order.map((row) => labelOf(columns, rows[row], found.index)),
      positions: order.map((row) => found.positions[row] ?? 0),
      series: drawn.map((index) => ({
        name: nameOf(columns, index),
        marks: order.map((row) => markOf(columns, rows[row], index)),
      })),
      measure: null,
    };
  }
  return drawn.length === 1 ? grouped(columns, rows, found, group, only) : null;
}

/** A line for each value of the column `group`, at the places of `found`; null where a place has two values. */
function grouped(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  found: { readonly index: number; readonly positions: readonly number[] },
  group: number,
  measure: number,
): Lines | null {
  const places = new Map<number, string>();
  for (const row of risingOrder(found.positions)) {
    places.set(found.positions[row] ?? 0, labelOf(columns, rows[row], found.index));
  }
  const names = [...new Set(rows.map((row) => labelOf(columns, row, group)))];
  if (names.length > mostGroups || places.size < 2) {
    return null;
  }
  const cells = new Map<string, Mark>();
  for (const [index, row] of rows.entries()) {
    const key = `${found.positions[index]} ${labelOf(columns, row, group)}`;
    if (cells.has(key)) {
      return null;
    }
    cells.set(key, markOf(columns, row, measure));
  }
  return {
    kind: 'lines',
    axis: nameOf(columns, found.index),
    labels: [...places.values()],
    positions: [...places.keys()],
    series: names.map((name) => ({
      name,
      marks: [...places.keys()].map((place) => cells.get(`${place} ${name}`) ?? { value: null, text: '' }),
    })),
    measure: nameOf(columns, measure),
  };
}

function risingOrder(positions: readonly number[]): readonly number[] {
  return positions.map((_, index) => index).toSorted((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
}

/** The columns that may be an axis: labels, numbers named after time, and the first number where there is no label. */
function axes(
  columns: readonly ResultColumn[],
  numbers: readonly number[],
  others: readonly number[],
): readonly number[] {
  const nameAt = (index: number): string => columns[index]?.name ?? '';
  const times = numbers.filter((index) => /year|quarter|month|week|day|hour|date/iu.test(nameAt(index)));
  const first = others.length === 0 ? numbers.slice(0, 1) : [];
  return [...others, ...times, ...first.filter((index) => !key.test(nameAt(index)))];
}

/** Whether a column holds numbers and, besides NULL, nothing else. */
function isNumeric(column: ResultColumn, index: number, rows: readonly Row[]): boolean {
  if (column.kind === 'number' || column.kind === 'real') {
    return rows.some((row) => row[index] !== null);
  }
  if (column.kind !== 'any') {
    return false;
  }
  const values = rows.map((row) => row[index] ?? null).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => isNumeral(value, column));
}

/** The columns to draw: keys are numbers that measure nothing, and are left out where there are others. */
function measures(columns: readonly ResultColumn[], numbers: readonly number[]): readonly number[] {
  const measuring = numbers.filter((index) => !key.test(columns[index]?.name ?? ''));
  return measuring.length > 0 ? measuring : numbers;
}

function marksOf(columns: readonly ResultColumn[], rows: readonly Row[], index: number): readonly Mark[] {
  return rows.map((row) => markOf(columns, row, index));
}

function markOf(columns: readonly ResultColumn[], row: Row | undefined, index: number): Mark {
  const value: Value = row?.[index] ?? null;
  const column = columns[index];
  const text = column === undefined ? null : valueText(value, column);
  const number = text === null || text === '' ? Number.NaN : Number(text);
  const size = Math.abs(number);
  return {
    value: size <= largest ? (size < smallest ? 0 : number) : null,
    text: text === null ? 'NULL' : escapeLine(text),
  };
}

function labelOf(columns: readonly ResultColumn[], row: Row | undefined, index: number): string {
  const column = columns[index];
  const text = column === undefined ? null : valueText(row?.[index] ?? null, column);
  return text === null ? 'NULL' : escapeLine(text);
}

function nameOf(columns: readonly ResultColumn[], index: number): string {
  return escapeLine(columns[index]?.name ?? '');
}
