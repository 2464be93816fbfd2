import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Row } from '../database.ts';

/** A text that changes with every committed write: size and time of the file and of its log. */
export function fileVersion(path: string): string {
  return [path, `${path}.wal`]
    .map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
    .map((found) => (found === undefined ? '' : [found.ino, found.size, found.mtimeNs].join('.')))
    .join(' ');
}

/** What of the catalog a schema is made of, with schema and table first; DuckDB has it in memory. */
const parts = [
  'SELECT schema_name, table_name, comment, sql FROM system.main.duckdb_tables() WHERE NOT internal',
  'SELECT schema_name, view_name, comment, sql FROM system.main.duckdb_views() WHERE NOT internal',
  'SELECT schema_name, table_name, column_name, data_type, comment FROM system.main.duckdb_columns() WHERE NOT internal',
  'SELECT schema_name, table_name, index_name, sql FROM system.main.duckdb_indexes()',
];

/** What makes each table what it is, by its name; `rows` runs a text of ours. */
export async function definitions(
  rows: (sql: string) => Promise<readonly Row[]>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string[]>();
  for (const part of parts) {
    for (const row of await rows(part)) {
      const [schema, table] = row;
      const name = schema === 'main' ? String(table) : `${String(schema)}.${String(table)}`;
      const own = found.get(name) ?? [];
      own.push(JSON.stringify(row));
      found.set(name, own);
    }
  }
  return new Map([...found].map(([name, own]) => [name, own.sort().join('\n')]));
}

/** A short text that changes when the schema does. */
export async function fingerprint(rows: (sql: string) => Promise<readonly Row[]>): Promise<string> {
  const sorted = [...(await definitions(rows))].sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
