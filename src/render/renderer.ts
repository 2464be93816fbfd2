import type { ResultColumn, Row } from '../result.ts';

/** What decides how rows look; plain data, so that it can be sent to the process that renders. */
export interface RenderOptions {
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
  /** JSON: the columns once and the rows as lists, in an object that is left open for whoever asked to close. */
  readonly asLists?: boolean;
}

/** How rows came about, for formats that say so. */
export interface Page {
  /** null for SQL of the user's own. */
  readonly question: string | null;
  readonly sql: string;
  /** The database that was asked, without a password. */
  readonly database?: string;
  readonly assumptions: readonly string[];
  /** When it ran, in ISO 8601. */
  readonly time: string;
}

/** A piece of what is written, valid until the next is asked for. */
export type Chunk = string | Uint8Array;

/**
 * Turns rows into text or bytes, a batch at a time: `begin`, `rows` as often as there are batches, `end`. One that is
 * given up before its end holds nothing that has to be closed.
 */
export interface Renderer<Written extends Chunk | Promise<Chunk> = Chunk | Promise<Chunk>> {
  begin(columns: readonly ResultColumn[]): Written;
  rows(batch: readonly Row[]): Written;
  /** `truncated`: there are more rows than those that came. */
  end(truncated?: boolean): Written;
  /** After the end: what the reader has to know of how the rows are shown, in whole sentences. */
  notes?(): readonly string[];
}

/** A renderer whose text is there at once. */
export type TextRenderer = Renderer<string>;
