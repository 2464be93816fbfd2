import type { Schema, Table } from '../schema/schema.ts';
import type { Description } from './document.ts';

/**
 * A schema whose tables and columns have what a dbt project says of them as their comments, where the database has none. Of
 * two tables of a name that of the project's schema is meant; where none is of it, none.
 */
export function withDescriptions(schema: Schema, descriptions: readonly Description[]): Schema {
  if (descriptions.length === 0) {
    return schema;
  }
  const byTable = Map.groupBy(descriptions, ({ table }) => table.toLowerCase());
  const isOnly = (table: Table): boolean =>
    schema.tables.filter(({ name }) => name.toLowerCase() === table.name.toLowerCase()).length === 1;
  return {
    ...schema,
    tables: schema.tables.map((table) => {
      const own = (byTable.get(table.name.toLowerCase()) ?? []).filter(
        (description) => description.schema?.toLowerCase() === table.schema.toLowerCase() || isOnly(table),
      );
      return own.length === 0 ? table : described(table, own);
    }),
  };
}

function described(table: Table, descriptions: readonly Description[]): Table {
  const saidOf = (name: string | null): string | null =>
    descriptions.find(({ column }) => column?.toLowerCase() === name?.toLowerCase())?.text ?? null;
  return {
    ...table,
    comment: table.comment ?? saidOf(null),
    columns: table.columns.map((column) => ({ ...column, comment: column.comment ?? saidOf(column.name) })),
  };
}
