import type { Client } from 'pg';
import type { Dialect, Schema } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import {
  columnsQuery,
  commentsQuery,
  constraintsQuery,
  expressionsQuery,
  indexesQuery,
  pathQuery,
  tablesQuery,
  typesQuery,
} from './catalog-queries.ts';
import { concealment } from './concealment.ts';
import type { HiddenColumns } from './hide.ts';
import {
  type ColumnRow,
  type CommentRow,
  type ConstraintRow,
  type ExpressionRow,
  type IndexRow,
  TableDraft,
  type TableRow,
  type TypeRow,
} from './table-draft.ts';
import { tableFilter } from './table-filter.ts';
import { inCatalog } from './transaction.ts';

const queries = {
  path: pathQuery,
  tables: tablesQuery,
  columns: columnsQuery,
  expressions: expressionsQuery,
  comments: commentsQuery,
  constraints: constraintsQuery,
  indexes: indexesQuery,
  types: typesQuery,
};

/** What each of the queries gives, a row an array. */
interface CatalogRows {
  readonly path: readonly [readonly string[]][];
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly expressions: readonly ExpressionRow[];
  readonly comments: readonly CommentRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly types: readonly TypeRow[];
}

/** Reads the schema as far as the role may read it: a few catalog queries in one round trip, however many tables. */
export async function introspect(
  client: Client,
  dialect: Dialect,
  database: string,
  filter: SchemaFilter,
  hidden: HiddenColumns,
): Promise<Schema> {
  const rows = await readCatalog(client);
  const tables = new Map(rows.tables.map((row) => [row[0], new TableDraft(row)]));
  const types = new Map(rows.types.map((row) => [row[0], row]));
  for (const row of rows.columns) tables.get(row[0])?.addColumn(row, types.get(row[4]));
  if (hidden.patterns.length > 0) await removeHidden(client, tables, hidden);
  const wanted = tableFilter(filter);
  for (const [id, table] of tables) if (table.isEmpty || !wanted(table.schema, table.name)) tables.delete(id);
  for (const row of rows.expressions) tables.get(row[0])?.addExpression(row, hidden);
  for (const row of rows.comments) tables.get(row[0])?.addComment(row);
  for (const row of rows.indexes) tables.get(row[0])?.addKey(row);
  for (const row of rows.constraints) tables.get(row[0])?.addConstraint(row, tables);
  return {
    dialect,
    database,
    searchPath: rows.path[0]?.[0] ?? [],
    tables: [...tables.values()]
      .map((table) => table.finish())
      .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name)),
  };
}

async function readCatalog(client: Client): Promise<CatalogRows> {
  const results: unknown = await client.query({ text: Object.values(queries).join(';\n'), rowMode: 'array' });
  const list = Array.isArray(results) ? results : [];
  const entries = Object.keys(queries).map((name, index) => [name, list[index]?.rows ?? []]);
  return Object.fromEntries(entries);
}

/** Takes out hidden columns, and views that read one: nobody may ask those for anything. */
async function removeHidden(
  client: Client,
  tables: Map<number, TableDraft>,
  hidden: HiddenColumns,
): Promise<void> {
  const relations = [...tables].map(([id, table]) => ({
    id,
    schema: table.schema,
    name: table.name,
    columns: table.columnNames,
  }));
  const concealed = await inCatalog(client, () => concealment(client, relations, hidden));
  for (const [id, table] of tables) {
    if (concealed.isTainted(id)) tables.delete(id);
    else table.removeColumns(concealed.columnsOf(id));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
