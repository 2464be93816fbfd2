import type { ColumnReference } from '../database.ts';
import type { Connection } from './connection.ts';
import { quote } from './schema-copy.ts';
import type { Veil } from './veil.ts';

/** How many rows are read of a column that may hold few values; one that has more is sampled no further. */
const longestScan = 2_000_000;

/** Distinct values of columns as text; null where there are more than `cap`, or where the table is too long. */
export function distinctValuesOf(
  connection: Connection,
  { table, column }: ColumnReference,
  cap: number,
  veil: Veil | null,
): string[] | null {
  if (veil?.isVisible(table, column) === false) return null;
  const seen = new Set<string>();
  let scanned = 0;
  const values = connection
    .prepare<[], string | null>(
      `SELECT CAST(${quote(column)} AS TEXT) FROM main.${quote(table)} WHERE typeof(${quote(column)}) <> 'blob'`,
    )
    .pluck();
  for (const value of values.iterate()) {
    if (value !== null) seen.add(value);
    if (seen.size > cap || ++scanned > longestScan) return null;
  }
  return [...seen];
}
