import type { Rows } from '../../serve/api/run.ts';

export type Column = Rows['columns'][number];
export type Row = Rows['rows'][number];

/** A value of a cell as it came. */
export type Cell = Row[number];

/** Rows that can be read; more may come. */
export interface ReadableRows {
  readonly columns: readonly Column[];
  readonly length: number;
  cell(row: number, column: number): Cell;
  /** Whether a column's values so far are numbers, or numerals where a number would lose digits. */
  isNumeric(column: number): boolean;
}
