import type { ColumnReference } from '../database.ts';
import type { HiddenColumns } from './guard/hidden.ts';
import { quote } from './guard/schema-copy.ts';
import type { Connection } from './session.ts';

/** How many rows are read of a column that may hold few values; one that has more is sampled no further. */
const longestScan = 2_000_000;

/** Distinct values of columns as text; null where there are more than `cap`, or where the table is too long. */
export function distinctValuesOf(
  connection: Connection,
  { table, column }: ColumnReference,
  cap: number,
  hidden: HiddenColumns | null,
): string[] | null {
  if (hidden?.isVisible(table, column) === false) return null;
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
