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
} from './catalog/queries.ts';
import {
  type ColumnRow,
  type CommentRow,
  type ConstraintRow,
  type ExpressionRow,
  type IndexRow,
  TableDraft,
  type TableRow,
  type TypeRow,
} from './catalog/table-draft.ts';
import { tableFilter } from './catalog/table-filter.ts';
import { findHiddenColumns } from './guard/hidden/columns.ts';
import type { HiddenPatterns } from './guard/hidden/patterns.ts';
import { inCatalog } from './transaction.ts';

/** The queries and how many columns each has. */
const queries = {
  path: [pathQuery, 1],
  tables: [tablesQuery, 6],
  columns: [columnsQuery, 8],
  expressions: [expressionsQuery, 3],
  comments: [commentsQuery, 3],
  constraints: [constraintsQuery, 6],
  indexes: [indexesQuery, 3],
  types: [typesQuery, 5],
} as const;

/** All in one text: the server makes each result one JSON cell, which is read faster than thousands of rows. */
const catalogQuery = Object.values(queries)
  .map(([query, width]) => {
    const names = Array.from({ length: width }, (_, index) => `c${index}`).join(', ');
    return `SELECT coalesce(json_agg(json_build_array(${names})), '[]') AS rows FROM (${query}) AS q (${names})`;
  })
  .join(';\n');

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
  hidden: HiddenPatterns,
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
  const results: unknown = await client.query(catalogQuery);
  const names = Object.keys(queries);
  const rows = <Name extends keyof CatalogRows>(name: Name): CatalogRows[Name] =>
    Array.isArray(results) ? results[names.indexOf(name)].rows[0].rows : [];
  return {
    path: rows('path'),
    tables: rows('tables'),
    columns: rows('columns'),
    expressions: rows('expressions'),
    comments: rows('comments'),
    constraints: rows('constraints'),
    indexes: rows('indexes'),
    types: rows('types'),
  };
}

/** Takes out hidden columns, and views that read one: nobody may ask those for anything. */
async function removeHidden(
  client: Client,
  tables: Map<number, TableDraft>,
  hidden: HiddenPatterns,
): Promise<void> {
  const relations = [...tables].map(([id, table]) => ({
    id,
    schema: table.schema,
    name: table.name,
    columns: table.columnNames,
    holdsSecrets: false,
  }));
  const hiddenColumns = await inCatalog(client, () => findHiddenColumns(client, relations, hidden));
  for (const [id, table] of tables) {
    if (hiddenColumns.isTainted(id)) tables.delete(id);
    else table.removeColumns(hiddenColumns.columnsOf(id));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
