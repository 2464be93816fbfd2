import type { Client } from 'pg';
import { quoteIdentifier } from '../../schema/identifier.ts';
import type { ColumnReference } from '../database.ts';
import type { HiddenColumns } from './hide.ts';
import { beginReadOnly, rollback } from './transaction.ts';

const columnMilliseconds = 300;
const totalMilliseconds = 3_000;

/** Up to `cap` distinct values of each column as text; null where there are more, where it took too long, where it is hidden. */
export async function distinctValues(
  client: Client,
  columns: readonly ColumnReference[],
  cap: number,
  hidden: HiddenColumns,
): Promise<readonly (readonly string[] | null)[]> {
  const deadline = performance.now() + totalMilliseconds;
  const found: (readonly string[] | null)[] = [];
  for (const reference of columns) {
    const concealed = hidden.hides(reference.schema, reference.table, reference.column);
    found.push(concealed || performance.now() > deadline ? null : await valuesOf(client, reference, cap));
  }
  return found;
}

async function valuesOf(
  client: Client,
  reference: ColumnReference,
  cap: number,
): Promise<readonly string[] | null> {
  const [schema, table, column] = [reference.schema, reference.table, reference.column].map((name) =>
    quoteIdentifier('postgres', name),
  );
  await beginReadOnly(client);
  try {
    await client.query(`SET LOCAL statement_timeout = ${columnMilliseconds}`);
    const { rows } = await client.query<{ value: string }>(
      `SELECT DISTINCT ${column}::pg_catalog.text AS value FROM ${schema}.${table} WHERE ${column} IS NOT NULL LIMIT ${cap + 1}`,
    );
    return rows.length > cap ? null : rows.map(({ value }) => value).sort();
  } catch {
    return null;
  } finally {
    await rollback(client).catch(() => {});
  }
}
