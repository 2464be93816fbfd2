import type { Column, ForeignKey, Schema, Table } from '../../src/schema/schema.ts';

/** A column of a made-up schema: a name and a type, and what differs from a plain nullable column. */
export function column(name: string, type = 'text', rest: Partial<Column> = {}): Column {
  return {
    name,
    type,
    nullable: true,
    default: null,
    identity: false,
    generated: null,
    comment: null,
    values: null,
    ...rest,
  };
}

export function table(name: string, columns: readonly Column[], rest: Partial<Table> = {}): Table {
  return {
    schema: 'public',
    name,
    kind: 'table',
    comment: null,
    rowEstimate: null,
    columns,
    primaryKey: columns.some(({ name }) => name === 'id') ? ['id'] : [],
    uniqueKeys: [],
    foreignKeys: [],
    checks: [],
    traits: [],
    ...rest,
  };
}

export function reference(
  columns: readonly string[],
  to: string,
  toColumns: readonly string[] = ['id'],
): ForeignKey {
  return { columns, references: { schema: 'public', table: to, columns: toColumns } };
}

export function schema(tables: readonly Table[], rest: Partial<Schema> = {}): Schema {
  return {
    dialect: { engine: 'postgres', product: 'PostgreSQL', version: '18.0' },
    database: 'made_up',
    searchPath: ['public'],
    tables,
    ...rest,
  };
}
