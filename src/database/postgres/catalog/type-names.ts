import type { Client, FieldDef } from 'pg';
import { unnamedTypes } from '../values.ts';

/** Names of the types of a result that are not built in; asks only where there is one. */
export async function typeNames(
  client: Client,
  fields: readonly FieldDef[],
): Promise<ReadonlyMap<number, string>> {
  const types = unnamedTypes(fields);
  if (types.length === 0) {
    return new Map();
  }
  const { rows } = await client.query<{ id: number; name: string }>({
    text: `SELECT type AS id, pg_catalog.format_type(type, NULL) AS name FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS type`,
    values: [types],
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
