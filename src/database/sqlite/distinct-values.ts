import type { AdmittedStatement } from '../admitted-statement.ts';
import type { ColumnReference } from '../database.ts';
import { quote } from './guard/schema-copy.ts';
import type { Connection } from './session.ts';

/** How many rows are read of a column that may hold few values; one that has more is sampled no further. */
const longestScan = 2_000_000;

/**
 * Distinct values of a column as text; null where there are more than `cap`, where the table is too long, where it can't
 * be read, and where the guard (`admit`) does not let a query of them run.
 */
export function distinctValuesOf(
  connection: Connection,
  { table, column }: ColumnReference,
  cap: number,
  admit: (sql: string) => AdmittedStatement | null,
): string[] | null {
  const name = quote(column);
  const statement = admit(
    `SELECT CAST(${name} AS TEXT) FROM main.${quote(table)} WHERE typeof(${name}) <> 'blob'`,
  );
  if (statement === null) {
    return null;
  }
  try {
    const seen = new Set<string>();
    let scanned = 0;
    const values = connection.prepare<[], string | null>(statement.text).pluck();
    for (const value of values.iterate()) {
      if (value !== null) {
        seen.add(value);
      }
      if (seen.size > cap || ++scanned > longestScan) {
        return null;
      }
    }
    return [...seen];
  } catch {
    // A function or a collation that is not here, a damaged page: other columns can be read all the same.
    return null;
  }
}
