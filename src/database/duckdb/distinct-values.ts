import { quoteIdentifier } from '../../schema/identifier.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { ColumnReference } from '../database.ts';
import { dialect } from './dialect.ts';
import type { Connection } from './session.ts';

const quote = (name: string): string => quoteIdentifier(dialect, name);

/**
 * Distinct values of a column as text; null where there are more than `cap`, where they can't be read, and where the guard
 * (`admit`) does not let a query of them run.
 */
export async function distinctValuesOf(
  connection: Connection,
  { schema, table, column }: ColumnReference,
  cap: number,
  admit: (sql: string) => Promise<AdmittedStatement | null>,
): Promise<readonly string[] | null> {
  const name = quote(column);
  const statement = await admit(
    `SELECT DISTINCT CAST(${name} AS VARCHAR) FROM ${quote(schema)}.${quote(table)} WHERE ${name} IS NOT NULL LIMIT ${cap + 1}`,
  );
  if (statement === null) {
    return null;
  }
  try {
    const rows = await connection.rows(statement.text);
    return rows.length > cap ? null : rows.map(([value]) => String(value)).sort();
  } catch {
    // A view whose table is gone, a value that can't be cast: other columns can be read all the same.
    return null;
  }
}
