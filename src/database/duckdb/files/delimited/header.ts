import type { Record } from './records.ts';

/** A header, or that there is none. */
export interface Header {
  /** Its cells, one for each column; null where the first record is a row like the others. */
  readonly header: readonly string[] | null;
  readonly assumed: readonly string[];
}

/** So many rows are compared with what may be a header. */
const comparedRows = 200;

/** What is a value rather than a name: a number, an amount, a date, a time, an address. */
const value =
  /^[\s(]*[-+]?[€$£%]?\s?[\d.,'\u00a0 ]*\d[\d.,'\u00a0 ]*\s?[€$£%)]?\s*$|^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|^\d{1,2}:\d{2}|^(?:true|false)$|^\S+@\S+\.\S+$|^https?:/iu;
const year = /^(?:19|20)\d{2}$/u;

/**
 * Whether the first of some records is a header: its cells are names while columns below hold values, or differ from all
 * that stands below them.
 */
export function headerOf(records: readonly Record[], width: number, told: boolean | null): Header {
  const [first, ...others] = records;
  if (first === undefined || told === false) {
    return { header: null, assumed: [] };
  }
  const rows = others.slice(0, comparedRows).filter(({ cells }) => cells.length === width);
  const cells = padded(first.cells, rows, width);
  if (told === true) {
    return { header: cells, assumed: [] };
  }
  const filled = cells.filter((cell) => cell.trim() !== '');
  const values = filled.filter((cell) => value.test(cell.trim()) && !year.test(cell.trim()));
  const years = filled.filter((cell) => year.test(cell.trim()));
  const isAllYears = years.length === filled.length;
  if (filled.length === 0 || values.length > 0 || isAllYears) {
    return { header: null, assumed: [noHeader] };
  }
  if (rows.length === 0) {
    return { header: cells, assumed: [] };
  }
  const below = (column: number): string[] =>
    rows.map((row) => row.cells[column]?.trim() ?? '').filter((cell) => cell !== '');
  const isTyped = cells.some((cell, column) => {
    const texts = below(column);
    return texts.length > 0 && !value.test(cell.trim()) && texts.every((text) => value.test(text));
  });
  if (isTyped) {
    return { header: cells, assumed: [] };
  }
  const repeats = cells.some((cell, column) => cell.trim() !== '' && below(column).includes(cell.trim()));
  const isDistinct = new Set(filled.map((cell) => cell.trim().toLowerCase())).size === filled.length;
  if (repeats || (!isDistinct && years.length === 0)) {
    return { header: null, assumed: [noHeader] };
  }
  return {
    header: cells,
    assumed: width === 1 ? [] : ['the first line is taken for a header, as all columns are text'],
  };
}

const noHeader = 'there seems to be no header, and its columns are called column1, column2 and so on';

/** The cells of a header that is narrower than its rows: what rows have in front of it, or empty behind it. */
function padded(cells: readonly string[], rows: readonly Record[], width: number): readonly string[] {
  if (cells.length >= width) {
    return cells;
  }
  const isEmptyBehind = rows.every((row) => (row.cells[width - 1] ?? '').trim() === '');
  return isEmptyBehind ? [...cells, ''] : ['row', ...cells];
}
