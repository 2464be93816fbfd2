import { quoteName, writeText } from '../names.ts';
import { type GuardContext, nameOf, type TableName } from './context.ts';

/** The texts of those of some tables that are views, by their whole names. */
export async function definitionsOf(
  tables: readonly TableName[],
  { rows }: Pick<GuardContext, 'rows'>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [catalog, own] of byCatalog(tables)) {
    const views = await rows(
      `SELECT table_schema, table_name, view_definition FROM ${quoteName(catalog)}.information_schema.views WHERE ${within(own)}`,
    );
    for (const [schema, table, definition] of views) {
      found.set(`${catalog}.${String(schema)}.${String(table)}`, String(definition));
    }
  }
  return found;
}

/** A column of a table. */
export interface CatalogColumn extends TableName {
  readonly column: string;
}

/** The columns of some tables. */
export async function columnsOf(
  tables: readonly TableName[],
  { rows }: Pick<GuardContext, 'rows'>,
): Promise<readonly CatalogColumn[]> {
  const found: CatalogColumn[] = [];
  for (const [catalog, own] of byCatalog(tables)) {
    const columns = await rows(
      `SELECT table_schema, table_name, column_name FROM ${quoteName(catalog)}.information_schema.columns WHERE ${within(own)}`,
    );
    for (const [schema, table, column] of columns) {
      found.push({ catalog, schema: String(schema), table: String(table), column: String(column) });
    }
  }
  return found;
}

function byCatalog(tables: readonly TableName[]): ReadonlyMap<string, readonly TableName[]> {
  const unique = new Map(tables.map((table) => [nameOf(table), table]));
  return Map.groupBy(unique.values(), ({ catalog }) => catalog);
}

/** Conditions on schema and name apart, which connectors push down. */
function within(tables: readonly TableName[]): string {
  const list = (names: readonly string[]): string => [...new Set(names)].map(writeText).join(', ');
  return `table_schema IN (${list(tables.map(({ schema }) => schema))}) AND table_name IN (${list(tables.map(({ table }) => table))})`;
}
