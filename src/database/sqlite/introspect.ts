import type { Column, ForeignKey, Table } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import { tableFilter } from '../pattern.ts';
import { type Definition, readDefinition } from './definition.ts';
import type { HiddenColumns } from './guard/hidden.ts';
import { mainSchema } from './guard/schema-copy.ts';
import { fold } from './guard/token.ts';
import type { Connection } from './session.ts';

interface TableRow {
  readonly name: string;
  readonly type: 'table' | 'view' | 'virtual';
  readonly withoutRowid: number;
  readonly strict: number;
  readonly sql: string | null;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly required: number;
  readonly default: string | null;
  readonly key: number;
  /** 1: of a virtual table's own, 2: generated when read, 3: generated when written. */
  readonly hidden: number;
}

interface UniqueRow {
  readonly table: string;
  readonly index: string;
  readonly column: string | null;
}

interface ReferenceRow {
  readonly table: string;
  readonly id: number;
  readonly parent: string;
  readonly from: string;
  readonly to: string | null;
}

/** Tables without those that SQLite and its modules keep for themselves. */
const tableQuery = `SELECT l.name, l.type, l.wr AS withoutRowid, l.strict, s.sql
  FROM pragma_table_list AS l LEFT JOIN main.sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view')
  WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND substr(l.name, 1, 7) <> 'sqlite_'`;

const columnQuery = `SELECT s.name AS "table", x.name, x.type, x."notnull" AS required, x.dflt_value AS "default",
    x.pk AS "key", x.hidden
  FROM main.sqlite_schema AS s JOIN pragma_table_xinfo(s.name, 'main') AS x
  WHERE s.type = 'table' AND x.hidden <> 1 ORDER BY s.rowid, x.cid`;

const viewColumnQuery = `SELECT ? AS "table", name, type, 0 AS required, NULL AS "default", 0 AS "key", 0 AS hidden
  FROM pragma_table_xinfo(?, 'main') ORDER BY cid`;

const uniqueQuery = `SELECT s.name AS "table", l.name AS "index", i.name AS "column"
  FROM main.sqlite_schema AS s JOIN pragma_index_list(s.name, 'main') AS l JOIN pragma_index_info(l.name, 'main') AS i
  WHERE s.type = 'table' AND l."unique" AND NOT l.partial AND l.origin <> 'pk' ORDER BY s.rowid, l.seq DESC, i.seqno`;

const referenceQuery = `SELECT s.name AS "table", f.id, f."table" AS parent, f."from", f."to"
  FROM main.sqlite_schema AS s JOIN pragma_foreign_key_list(s.name, 'main') AS f
  WHERE s.type = 'table' ORDER BY s.rowid, f.id DESC, f.seq`;

/** The tables of a file, in five queries whatever their number, and one for each view. */
export function tablesOf(
  connection: Connection,
  filter: SchemaFilter,
  hidden: HiddenColumns | null,
): Table[] {
  const query = <Row>(sql: string): Row[] => connection.prepare<[], Row>(sql).all();
  const isWanted = tableFilter(filter);
  const isVisible = (table: string, column: string): boolean => hidden?.isVisible(table, column) ?? true;
  const rows = query<TableRow>(tableQuery).filter(({ name }) => isWanted(mainSchema, name));
  const views = rows.filter(({ type }) => type === 'view');
  const columns = byTable([
    ...query<ColumnRow>(columnQuery),
    ...views.flatMap((view) => viewColumns(connection, view.name)),
  ]);
  const uniques = byTable(query<UniqueRow>(uniqueQuery));
  const references = byTable(query<ReferenceRow>(referenceQuery));
  const estimates = rowEstimates(connection);
  const primaryKeys = new Map(
    [...columns].map(([table, own]) => [fold(table), { table, columns: primaryKey(own) }]),
  );
  return rows
    .map((row) => {
      const own = (columns.get(row.name) ?? []).filter(({ name }) => isVisible(row.name, name));
      const isShown = (column: string): boolean => own.some(({ name }) => fold(name) === fold(column));
      const definition = readDefinition(row.sql ?? '');
      return {
        schema: mainSchema,
        name: row.name,
        kind: row.type === 'virtual' ? ('virtual table' as const) : row.type,
        comment: row.type === 'table' ? definition.comment : null,
        rowEstimate: estimates.get(row.name) ?? null,
        columns: own.map((column) => columnOf(column, row, own, definition)),
        primaryKey: primaryKey(own),
        uniqueKeys: uniqueKeys(uniques.get(row.name) ?? []).filter((key) => key.every(isShown)),
        foreignKeys: foreignKeys(references.get(row.name) ?? [], primaryKeys).filter(
          (key) =>
            key.columns.every(isShown) &&
            key.references.columns.every((column) => isVisible(key.references.table, column)),
        ),
        checks: definition.checks.filter((check) => hidden?.mentionsHidden(check) !== true),
        traits: traits(row, definition),
      };
    })
    .filter((table) => table.columns.length > 0 || hidden === null)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function byTable<Row extends { readonly table: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const map = new Map<string, Row[]>();
  for (const row of rows) {
    const own = map.get(row.table);
    if (own === undefined) map.set(row.table, [row]);
    else own.push(row);
  }
  return map;
}

/** A view that no longer fits its tables has no columns; every statement that reads it fails. */
function viewColumns(connection: Connection, view: string): ColumnRow[] {
  try {
    return connection.prepare<[string, string], ColumnRow>(viewColumnQuery).all(view, view);
  } catch {
    return [];
  }
}

function columnOf(
  { name, type, required, default: byDefault, key, hidden }: ColumnRow,
  table: TableRow,
  siblings: readonly ColumnRow[],
  definition: Definition,
): Column {
  const isAlone = siblings.filter((column) => column.key > 0).length === 1;
  const isRowid = key > 0 && isAlone && /^integer$/i.test(type) && table.withoutRowid === 0;
  return {
    name,
    type,
    nullable: required === 0 && !isRowid,
    default: byDefault,
    identity: isRowid && definition.hasAutoincrement,
    generated: hidden === 2 || hidden === 3 ? (definition.generated.get(name) ?? '') : null,
    comment: definition.columnComments.get(name) ?? null,
    values: null,
  };
}

function primaryKey(columns: readonly ColumnRow[]): string[] {
  return columns
    .filter(({ key }) => key > 0)
    .sort((one, other) => one.key - other.key)
    .map(({ name }) => name);
}

/** Indexes on expressions are no keys. */
function uniqueKeys(rows: readonly UniqueRow[]): string[][] {
  const indexes = Map.groupBy(rows, ({ index }) => index);
  return [...indexes.values()].flatMap((index) => {
    const names = index.map(({ column }) => column).filter((column) => column !== null);
    return names.length === index.length ? [names] : [];
  });
}

interface PrimaryKey {
  readonly table: string;
  readonly columns: readonly string[];
}

/** A reference that names no columns means the other table's primary key; one to a table that is not there means nothing. */
function foreignKeys(
  rows: readonly ReferenceRow[],
  primaryKeys: ReadonlyMap<string, PrimaryKey>,
): ForeignKey[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((parts) => {
    const parent = primaryKeys.get(fold(parts[0]?.parent ?? ''));
    if (parent === undefined) return [];
    const named = parts.map(({ to }) => to).filter((to) => to !== null);
    return {
      columns: parts.map(({ from }) => from),
      references: {
        schema: mainSchema,
        table: parent.table,
        columns: named.length === parts.length ? named : parent.columns,
      },
    };
  });
}

function traits({ withoutRowid, strict }: TableRow, { module }: Definition): string[] {
  return [strict ? 'STRICT' : '', withoutRowid ? 'WITHOUT ROWID' : '', module ?? ''].filter(
    (trait) => trait !== '',
  );
}

/** Rows of tables as the last ANALYZE counted them: the first number of https://sqlite.org/fileformat.html#stat1tab */
export function rowEstimates(connection: Connection): Map<string, number> {
  const exists = connection.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'").get();
  if (exists === undefined) return new Map();
  const rows = connection
    .prepare<[], { tbl: string; rows: number }>(
      'SELECT tbl, max(CAST(stat AS INTEGER)) AS rows FROM main.sqlite_stat1 GROUP BY tbl',
    )
    .all();
  return new Map(rows.map(({ tbl, rows: count }) => [tbl, count]));
}
