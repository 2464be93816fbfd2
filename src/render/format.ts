import type { ResultColumn, Row } from '../database/database.ts';

/** The formats that rows can be written in. */
export const formats = ['table', 'csv', 'tsv', 'json', 'ndjson', 'markdown', 'chart', 'html'] as const;

export type Format = (typeof formats)[number];

/** What decides how text looks; plain data, so that it can be sent to the process that renders. */
export interface RenderOptions {
  readonly format: Format;
  /** Neutralise formulas in CSV and TSV. */
  readonly csvSafe: boolean;
  /** Columns of the terminal's window; null where the text does not go to a terminal. */
  readonly width: number | null;
  readonly color: boolean;
  /** Nothing but ASCII around the data, for terminals that show no more. */
  readonly ascii?: boolean;
  /** Lines of the terminal's window; null or left out where the text does not go to a terminal. */
  readonly height?: number | null;
  /** What a page says besides the rows. */
  readonly page?: Page;
}

/** How rows came about, for formats that say so. */
export interface Page {
  /** null for SQL of the user's own. */
  readonly question: string | null;
  readonly sql: string;
  readonly assumptions: readonly string[];
  /** When it ran, in ISO 8601. */
  readonly time: string;
}

/** Turns rows into text, a batch at a time: `begin`, `rows` as often as there are batches, `end`. */
export interface Renderer {
  begin(columns: readonly ResultColumn[]): string;
  rows(batch: readonly Row[]): string;
  /** `truncated`: there are more rows than those that came. */
  end(truncated?: boolean): string;
  /** After the end: what the reader has to know of how the rows are shown, in whole sentences. */
  notes?(): readonly string[];
}
