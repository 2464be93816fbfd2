import type { TableName } from './context.ts';

/** Connectors whose tables tell of the server itself, and what they tell. */
const connectors: Readonly<Record<string, string>> = {
  jmx: "shows the server's own settings and memory",
  localfile: 'reads files of the server',
};

/** Tables of the catalog `system` that tell of structure alone. */
const open: readonly RegExp[] = [
  /^metadata\.(?:catalogs|table_comments|materialized_views|[a-z_]*properties)$/,
  /^jdbc\.[a-z_]+$/,
  /^information_schema\.[a-z_]+$/,
];

/** Why nobody may read a table; null where anybody may. */
export function secretOf(name: TableName, catalogs: ReadonlyMap<string, string>): string | null {
  const { catalog, schema, table } = name;
  if (table.includes('$')) {
    return `"${table}" tells of how a table is kept: its files, its settings, its history`;
  }
  if (catalog === 'system' && !open.some((pattern) => pattern.test(`${schema}.${table}`))) {
    return `system.${schema}.${table} shows what others do on this server`;
  }
  const connector = connectors[catalogs.get(catalog) ?? ''];
  return connector === undefined ? null : `${catalog}.${schema}.${table} ${connector}`;
}
