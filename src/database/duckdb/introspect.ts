import type { Column, ForeignKey, Table } from '../../schema/schema.ts';
import type { Row, SchemaFilter, Value } from '../database.ts';
import { type HidePatterns, type NamedColumn, tableFilter } from '../pattern.ts';
import type { Visibility } from './guard/hidden/visibility.ts';
import type { Connection } from './session.ts';

/** The schema whose tables need no prefix. */
export const mainSchema = 'main';

/*
 * The names of the catalog's functions are written out: a macro of the file may be called like one of them.
 */
/** Of other database files that were named too, our views show the tables. */
const inOwnFile = 'AND database_name = system.main.current_database()';
const tableQuery = `SELECT schema_name, table_name, comment, estimated_size FROM system.main.duckdb_tables()
  WHERE NOT internal AND NOT temporary ${inOwnFile}`;
const viewQuery = `SELECT schema_name, view_name, comment FROM system.main.duckdb_views()
  WHERE NOT internal AND NOT temporary ${inOwnFile}`;
const columnQuery = `SELECT schema_name, table_name, column_name, data_type, is_nullable, column_default, comment
  FROM system.main.duckdb_columns() WHERE NOT internal ${inOwnFile} ORDER BY column_index`;
const constraintQuery = `SELECT schema_name, table_name, constraint_type, constraint_column_names, expression,
  referenced_table, referenced_column_names FROM system.main.duckdb_constraints()
  WHERE database_name = system.main.current_database() ORDER BY constraint_index`;
const indexQuery = `SELECT schema_name, table_name, expressions FROM system.main.duckdb_indexes()
  WHERE is_unique AND NOT is_primary ${inOwnFile} ORDER BY index_name`;
const generatedQuery = `SELECT schema_name, table_name, sql FROM system.main.duckdb_tables()
  WHERE NOT internal ${inOwnFile}`;

/** The tables of a database. */
export async function readTables(
  connection: Connection,
  filter: SchemaFilter,
  hidden: HidePatterns,
  isShown: Visibility,
): Promise<readonly Table[]> {
  const isWanted = tableFilter(filter);
  const byTable = async (query: string): Promise<Map<string, Row[]>> =>
    Map.groupBy(await connection.rows(query), ([schema, table]) => nameOf(schema, table));
  const tables = await connection.rows(tableQuery);
  const views = await connection.rows(viewQuery);
  const columns = await byTable(columnQuery);
  const constraints = await byTable(constraintQuery);
  const indexes = await byTable(indexQuery);
  const texts = await byTable(generatedQuery);
  const all = [
    ...tables.map((row) => ({ row, kind: 'table' as const })),
    ...views.map((row) => ({ row, kind: 'view' as const })),
  ];
  return all
    .filter(({ row: [schema, name] }) => isWanted(String(schema), String(name)))
    .map(({ row: [schemaName, tableName, comment, estimate], kind }): Table => {
      const [schema, name] = [String(schemaName), String(tableName)];
      const key = nameOf(schema, name);
      const isVisible = (column: string): boolean => isShown(schema, name, column);
      const own = constraints.get(key) ?? [];
      const columnsOf = (type: string): string[][] =>
        own.filter(([, , kind]) => kind === type).map(([, , , names]) => listOf(names));
      const sql = String(texts.get(key)?.[0]?.[2] ?? '');
      return {
        schema,
        name,
        kind,
        comment: textOrNull(comment),
        rowEstimate: kind === 'table' && estimate != null ? Number(estimate) : null,
        columns: (columns.get(key) ?? [])
          .map((row) => columnOf(row, sql))
          .filter((column) => isVisible(column.name)),
        primaryKey: columnsOf('PRIMARY KEY')[0] ?? [],
        uniqueKeys: [...columnsOf('UNIQUE'), ...uniqueIndexes(indexes.get(key) ?? [])].filter((names) =>
          names.every(isVisible),
        ),
        foreignKeys: own
          .flatMap((row) => foreignKeyOf(schema, row))
          .filter(
            ({ columns: names, references }) =>
              names.every(isVisible) &&
              references.columns.every((column) => isShown(references.schema, references.table, column)),
          ),
        checks: own.flatMap(([, , type, , expression]) =>
          type === 'CHECK' && !hidden.mentionedIn(String(expression)) ? [String(expression)] : [],
        ),
        traits: [],
      };
    })
    .filter((table) => table.columns.length > 0)
    .sort((one, other) => compare(one.schema, other.schema) || compare(one.name, other.name));
}

/** Every column that a pattern may speak of. */
export async function columnNames(connection: Connection): Promise<readonly NamedColumn[]> {
  const rows = await connection.rows(columnQuery);
  return rows.map(([schema, table, column]) => ({
    schema: String(schema),
    table: String(table),
    column: String(column),
  }));
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const nameOf = (schema: Value | undefined, table: Value | undefined): string =>
  JSON.stringify([schema, table]);
const textOrNull = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

/** The texts of a LIST, which comes as JSON. */
function listOf(value: Value | undefined): string[] {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : [];
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

function columnOf(row: Row, sql: string): Column {
  const [, , name, type, isNullable, defaultText, comment] = row;
  const own = textOrNull(defaultText);
  // The catalog has the expression of a generated column where the default of others is; the table's text tells them apart.
  const isGenerated = own !== null && isGeneratedIn(sql, String(name));
  return {
    name: String(name),
    type: String(type),
    nullable: isNullable === true,
    default: isGenerated ? null : own,
    identity: false,
    generated: isGenerated ? own : null,
    comment: textOrNull(comment),
    values: /^ENUM\(/u.test(String(type)) ? labelsOf(String(type)) : null,
  };
}

function isGeneratedIn(sql: string, column: string): boolean {
  const quoted = `"${column.replaceAll('"', '""')}"`;
  return [column, quoted].some((name) => {
    const at = sql.search(
      new RegExp(`[(,] ?${name.replace(/[\\^$.|?+()[\]{}*]/gu, '\\$&')} [^,]*? GENERATED ALWAYS AS`, 'u'),
    );
    return at >= 0;
  });
}

/** The labels of `ENUM('a', 'b')`. */
function labelsOf(type: string): string[] {
  return Array.from(type.matchAll(/'((?:[^']|'')*)'/gu), ([, label = '']) => label.replaceAll("''", "'"));
}

/** Indexes on expressions are no keys; `[a, "b c"]` is how the catalog writes them. */
function uniqueIndexes(rows: readonly Row[]): string[][] {
  return rows.flatMap(([, , expressions]) => {
    const names = String(expressions)
      .replace(/^\[|\]$/gu, '')
      .split(', ')
      .map((name) => name.replace(/^['"]|['"]$/gu, ''));
    return names.every((name) => /^[\p{L}\p{N}_ ]+$/u.test(name)) ? [names] : [];
  });
}

function foreignKeyOf(schema: string, row: Row): ForeignKey[] {
  const [, , type, columns, , table, referenced] = row;
  return type === 'FOREIGN KEY'
    ? [
        {
          columns: listOf(columns),
          references: { schema, table: String(table), columns: listOf(referenced) },
        },
      ]
    : [];
}
