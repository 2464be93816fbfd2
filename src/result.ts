/**
 * One value, exact. Integers come as number where they are safe, else as bigint; of SQLite an INTEGER comes as bigint and
 * a REAL as number.
 * Numbers of a column of kind `number` may come as the server's own text. Dates, times, JSON and all else come as
 * the server's text, BLOBs as bytes.
 */
export type Value = null | string | number | bigint | boolean | Uint8Array;

export type Row = readonly Value[];

export interface ResultColumn {
  readonly name: string;
  /**
   * `number`: text values are numerals, to be right-aligned and written bare in JSON. `json`: text values are JSON.
   * `real` and `any`: a JavaScript number is a floating-point value and keeps its `.0`. `any`: SQLite's own, the value
   * decides.
   */
  readonly kind: 'text' | 'number' | 'real' | 'boolean' | 'json' | 'bytes' | 'any';
  /** The engine's name of the type, '' where it has none. */
  readonly type: string;
}
