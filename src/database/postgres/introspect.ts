import type { Client } from 'pg';
import type { Column, Dialect, ForeignKey, Schema, Table, TableKind } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import {
  columnsQuery,
  constraintsQuery,
  indexesQuery,
  pathQuery,
  tablesQuery,
  typesQuery,
} from './catalog-queries.ts';
import { concealment } from './concealment.ts';
import { glob, type HiddenColumns } from './hide.ts';
import { inCatalog } from './transaction.ts';

type TableRow = [
  id: number,
  schema: string,
  name: string,
  kind: string,
  comment: string | null,
  estimate: number,
  partitions: number,
];
type ColumnRow = [
  table: number,
  number: number,
  name: string,
  type: string,
  typeId: number,
  notNull: boolean,
  expression: string | null,
  identity: string,
  generated: string,
  comment: string | null,
];
type ConstraintRow = [
  table: number,
  kind: string,
  columns: number[] | null,
  target: number,
  targetColumns: number[] | null,
  expression: string | null,
];
type IndexRow = [table: number, primary: boolean, columns: number[]];
type TypeRow = [
  id: number,
  name: string,
  labels: string[] | null,
  base: string | null,
  checks: string[] | null,
];

const kinds: Readonly<Record<string, TableKind>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
};

/** Reads the schema as far as the role may read it: six catalog queries in one round trip, however many tables. */
export async function introspect(
  client: Client,
  dialect: Dialect,
  database: string,
  filter: SchemaFilter,
  hidden: HiddenColumns,
): Promise<Schema> {
  const results: unknown = await client.query({
    text: [pathQuery, tablesQuery, columnsQuery, constraintsQuery, indexesQuery, typesQuery].join(';\n'),
    rowMode: 'array',
  });
  const rows = <T>(index: number): readonly T[] =>
    Array.isArray(results) ? (results[index] as { rows: T[] }).rows : [];
  const wanted = wantedTables(filter);
  const tables = new Map(rows<TableRow>(1).map((row) => [row[0], new TableDraft(row)]));
  const types = new Map(rows<TypeRow>(5).map((row) => [row[0], row]));
  for (const row of rows<ColumnRow>(2)) {
    const table = tables.get(row[0]);
    if (table !== undefined) table.addColumn(row, types.get(row[4]));
  }
  if (hidden.patterns.length > 0) await removeTainted(client, tables, hidden);
  for (const [id, { schema, name, columns }] of tables)
    if (columns.size === 0 || !wanted(schema, name)) tables.delete(id);
  for (const [id, primary, columns] of rows<IndexRow>(4)) tables.get(id)?.addKey(primary, columns);
  for (const row of rows<ConstraintRow>(3)) tables.get(row[0])?.addConstraint(row, tables);
  return {
    dialect,
    database,
    searchPath: rows<[string[]]>(0)[0]?.[0] ?? [],
    tables: [...tables.values()]
      .map((table) => table.finish())
      .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name)),
  };
}

/** A view that reads a hidden column can't be asked for anything, so nobody needs to hear of it. */
async function removeTainted(
  client: Client,
  tables: Map<number, TableDraft>,
  hidden: HiddenColumns,
): Promise<void> {
  const relations = [...tables].map(([id, { schema, name, columns }]) => ({
    id,
    schema,
    name,
    columns: [...columns.values()].map((column) => column.name),
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

function wantedTables(filter: SchemaFilter): (schema: string, name: string) => boolean {
  const matchers = (patterns: readonly string[]) =>
    patterns.map((pattern) => {
      const dot = pattern.indexOf('.');
      const [schema, name] = dot < 0 ? ['*', pattern] : [pattern.slice(0, dot), pattern.slice(dot + 1)];
      const [ofSchema, ofName] = [glob(schema), glob(name)];
      return (inSchema: string, named: string) => ofSchema.test(inSchema) && ofName.test(named);
    });
  const schemas = filter.schemas.map(glob);
  const include = matchers(filter.include);
  const exclude = matchers(filter.exclude);
  return (schema, name) =>
    (schemas.length === 0 || schemas.some((pattern) => pattern.test(schema))) &&
    (include.length === 0 || include.some((matches) => matches(schema, name))) &&
    !exclude.some((matches) => matches(schema, name));
}

/** A table while its parts come in, its columns by their numbers. */
class TableDraft {
  readonly schema: string;
  readonly name: string;
  readonly columns = new Map<number, Column>();
  private readonly row: TableRow;
  private primaryKey: readonly string[] = [];
  private readonly uniqueKeys: (readonly string[])[] = [];
  private readonly foreignKeys: ForeignKey[] = [];
  private readonly checks: string[] = [];
  private readonly traits = new Set<string>();

  constructor(row: TableRow) {
    this.row = row;
    this.schema = row[1];
    this.name = row[2];
    if (row[6] > 0) this.traits.add(row[6] === 1 ? '1 partition' : `${row[6]} partitions`);
  }

  addColumn(row: ColumnRow, type: TypeRow | undefined): void {
    const [, number, name, typeName, , notNull, expression, identity, generated, comment] = row;
    this.columns.set(number, {
      name,
      type: typeName,
      nullable: !notNull,
      default: generated === '' ? expression : null,
      identity: identity !== '',
      generated: generated === '' ? null : expression,
      comment,
      values: type?.[2] ?? null,
    });
    if (type === undefined || type[3] === null) return;
    this.traits.add(`domain ${type[1]}: ${type[3]}`);
    for (const check of type[4] ?? []) this.checks.push(check.replaceAll(/\bVALUE\b/g, () => quoted(name)));
  }

  removeColumns(names: ReadonlySet<string>): void {
    for (const [number, column] of this.columns) if (names.has(column.name)) this.columns.delete(number);
  }

  addKey(primary: boolean, numbers: readonly number[]): void {
    const names = this.namesOf(numbers);
    if (names === null) return;
    if (primary) this.primaryKey = names;
    else this.uniqueKeys.push(names);
  }

  addConstraint(row: ConstraintRow, tables: ReadonlyMap<number, TableDraft>): void {
    const [, kind, numbers, targetId, targetNumbers, expression] = row;
    const names = this.namesOf(numbers ?? []);
    if (names === null) return;
    if (kind === 'c') {
      if (expression !== null) this.checks.push(expression);
      return;
    }
    const target = tables.get(targetId);
    const columns = target?.namesOf(targetNumbers ?? []) ?? null;
    if (target !== undefined && columns !== null)
      this.foreignKeys.push({
        columns: names,
        references: { schema: target.schema, table: target.name, columns },
      });
  }

  /** Null where one of the columns may not be seen. */
  private namesOf(numbers: readonly number[]): readonly string[] | null {
    const names = numbers.map((number) => this.columns.get(number)?.name);
    return names.every((name) => name !== undefined) ? names : null;
  }

  finish(): Table {
    const estimate = this.row[5];
    return {
      schema: this.schema,
      name: this.name,
      kind: kinds[this.row[3]] ?? 'table',
      comment: this.row[4],
      rowEstimate: estimate < 0 || this.row[3] === 'v' ? null : estimate,
      columns: [...this.columns.values()],
      primaryKey: this.primaryKey,
      uniqueKeys: this.uniqueKeys,
      foreignKeys: this.foreignKeys,
      checks: this.checks,
      traits: [...this.traits],
    };
  }
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
