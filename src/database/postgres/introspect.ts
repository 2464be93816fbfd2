import type { Dialect, Schema } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import { type HidePatterns, type NamedColumn, tableFilter } from '../pattern.ts';
import { type Reading, readCatalog } from './catalog/read.ts';
import { TableDraft } from './catalog/table-draft.ts';
import { CatalogTypes } from './catalog/types.ts';
import { findHiddenColumns } from './guard/hidden/columns.ts';
import type { Session } from './session.ts';
import { inCatalog } from './transaction/catalog.ts';

/** Reads the schema as far as the role may read it: a few catalog queries in one round trip, however many tables. */
export async function introspect(
  session: Session,
  dialect: Dialect,
  database: string,
  filter: SchemaFilter,
  hidden: HidePatterns,
): Promise<Schema> {
  const rows = await readCatalog(session);
  const tables = new Map(rows.tables.map((row) => [row[0], new TableDraft(row)]));
  const types = new CatalogTypes(rows);
  const conditions = new Map(rows.conditions);
  for (const row of rows.columns) {
    tables.get(row[0])?.addColumn(row, types.of(row[3], row[4]));
  }
  if (hidden.isActive) {
    await removeHidden(session, tables, hidden);
  }
  const wanted = tableFilter(filter);
  for (const [id, table] of tables) {
    if (table.isEmpty || !wanted(table.schema, table.name)) {
      tables.delete(id);
    }
  }
  for (const row of rows.expressions) {
    tables.get(row[0])?.addExpression(row, hidden);
  }
  for (const row of rows.comments) {
    tables.get(row[0])?.addComment(row);
  }
  for (const row of rows.indexes) {
    tables.get(row[1])?.addKey(row);
  }
  for (const row of rows.constraints) {
    tables.get(row[1])?.addConstraint(row, tables, conditions);
  }
  for (const row of rows.partitionKeys) {
    tables.get(row[0])?.addPartitionKey(row, hidden);
  }
  foldChildren(tables, rows.parents);
  const notVisible = new Set(rows.notVisible.map(([id]) => id));
  const searchPath = rows.searchPath.filter((name) => name !== 'pg_catalog' && !/^pg_temp_/.test(name));
  const shadowed = [...tables]
    .filter(([id, { schema }]) => notVisible.has(id) && searchPath.includes(schema))
    .map(([, { schema, name }]) => ({ schema, name }));
  return {
    dialect,
    database,
    searchPath,
    ...(shadowed.length === 0 ? {} : { shadowed }),
    ...(rows.warnings.length === 0 ? {} : { warnings: rows.warnings }),
    tables: [...tables.values()]
      .map((table) => table.finish())
      .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name)),
  };
}

/** Every column of every table that the role sees, but the server's own. */
export function columnNames(session: Session): Promise<readonly NamedColumn[]> {
  return inCatalog(session, async () => {
    const { rows } = await session.client.query<{ schema: string; table: string; column: string }>(
      `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
          AND n.nspname !~ '^(pg_|information_schema$)'`,
    );
    return rows;
  });
}

/** A table that inherits another shows there; one that has no columns of its own shows there alone. */
function foldChildren(tables: Map<number, TableDraft>, parents: Reading['parents']): void {
  const folded = new Map(
    parents.filter(([, parent, own]) => !own && tables.has(parent)).map(([child, parent]) => [child, parent]),
  );
  for (const [child, parent, , estimate] of parents) {
    let root = parent;
    // A table can't inherit itself, not even through others.
    for (let next = folded.get(root); next !== undefined; next = folded.get(root)) {
      root = next;
    }
    if (folded.has(child)) {
      tables.get(root)?.addChild(estimate);
      tables.delete(child);
    } else {
      const shown = tables.get(root);
      if (shown !== undefined) {
        tables.get(child)?.inherit(shown.name);
      }
    }
  }
}

/** Takes out hidden columns, and views that read one: nobody may ask those for anything. */
async function removeHidden(
  session: Session,
  tables: Map<number, TableDraft>,
  hidden: HidePatterns,
): Promise<void> {
  const relations = [...tables].map(([id, table]) => ({
    id,
    schema: table.schema,
    name: table.name,
    columns: table.columnNames,
    holdsSecrets: false,
  }));
  const hiddenColumns = await inCatalog(session, () => findHiddenColumns(session.client, relations, hidden));
  for (const [id, table] of tables) {
    if (hiddenColumns.isTainted(id)) {
      tables.delete(id);
    } else {
      table.removeColumns(hiddenColumns.columnsOf(id));
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
