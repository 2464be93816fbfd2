import { messageOf } from '../../errors.ts';
import type { Column, ForeignKey, Table } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import { tableFilter } from '../pattern.ts';
import type { Definition } from './definition.ts';
import type { HiddenColumns } from './guard/hidden.ts';
import { type StoredRelation, storedRelations } from './guard/relations.ts';
import { mainSchema } from './guard/schema-copy.ts';
import { fold } from './guard/token.ts';
import type { Connection } from './session.ts';

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

const columnQuery = `SELECT s.name AS "table", x.name, x.type, x."notnull" AS required, x.dflt_value AS "default",
    x.pk AS "key", x.hidden
  FROM main.sqlite_master AS s JOIN temp.pragma_table_xinfo(s.name, 'main') AS x
  WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND x.hidden <> 1 ORDER BY s.rowid, x.cid`;

const oneColumnQuery = `SELECT ? AS "table", name, type, 0 AS required, NULL AS "default", 0 AS "key", 0 AS hidden
  FROM temp.pragma_table_xinfo(?, 'main') WHERE hidden <> 1 ORDER BY cid`;

const uniqueQuery = `SELECT s.name AS "table", l.name AS "index", i.name AS "column"
  FROM main.sqlite_master AS s JOIN temp.pragma_index_list(s.name, 'main') AS l JOIN temp.pragma_index_info(l.name, 'main') AS i
  WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND l."unique" AND NOT l.partial AND l.origin <> 'pk' ORDER BY s.rowid, l.seq DESC, i.seqno`;

const referenceQuery = `SELECT s.name AS "table", f.id, f."table" AS parent, f."from", f."to"
  FROM main.sqlite_master AS s JOIN temp.pragma_foreign_key_list(s.name, 'main') AS f
  WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.rowid, f.id DESC, f.seq`;

/** The tables of a file, and what of it could not be read, in whole sentences. */
export interface Reading {
  readonly tables: readonly Table[];
  readonly warnings: readonly string[];
}

/** Reads the tables of a file, in five queries whatever their number, and one for each view and virtual table. */
export function readTables(
  connection: Connection,
  filter: SchemaFilter,
  hidden: HiddenColumns | null,
): Reading {
  const query = <Row>(sql: string): Row[] => connection.prepare<[], Row>(sql).all();
  const isWanted = tableFilter(filter);
  const isVisible = (table: string, column: string): boolean => hidden?.isVisible(table, column) ?? true;
  const wanted = storedRelations(connection).filter(({ name }) => isWanted(mainSchema, name));
  const unread = new Map<string, string>();
  const others = wanted
    .filter(({ kind }) => kind !== 'table')
    .map((relation) => ({ relation, columns: columnsOfOne(connection, relation) }));
  for (const { relation, columns } of others) {
    if (typeof columns === 'string') {
      unread.set(relation.name, `${relation.kind} ${relation.name}: ${columns}`);
    }
  }
  const columns = byTable([
    ...query<ColumnRow>(columnQuery),
    ...others.flatMap(({ columns: own }) => (typeof own === 'string' ? [] : own)),
  ]);
  const uniques = byTable(query<UniqueRow>(uniqueQuery));
  const references = byTable(query<ReferenceRow>(referenceQuery));
  const estimates = rowEstimates(connection);
  const primaryKeys = new Map(
    [...columns].map(([table, own]) => [fold(table), { table, columns: primaryKey(own) }]),
  );
  const tables = wanted
    .filter(({ name }) => !unread.has(name))
    .map((relation) => {
      const { name, kind, definition } = relation;
      const own = (columns.get(name) ?? []).filter((column) => isVisible(name, column.name));
      const isShown = (column: string): boolean => own.some((each) => fold(each.name) === fold(column));
      return {
        schema: mainSchema,
        name,
        kind: kind === 'virtual' ? ('virtual table' as const) : kind,
        comment: kind === 'table' ? definition.comment : null,
        rowEstimate: estimates.get(name) ?? null,
        columns: own.map((column) => columnOf(column, own, definition)),
        primaryKey: primaryKey(own),
        uniqueKeys: uniqueKeys(uniques.get(name) ?? []).filter((key) => key.every(isShown)),
        foreignKeys: foreignKeys(references.get(name) ?? [], primaryKeys).filter(
          (key) =>
            key.columns.every(isShown) &&
            key.references.columns.every((column) => isVisible(key.references.table, column)),
        ),
        checks: definition.checks.filter((check) => hidden?.mentionsHidden(check) !== true),
        traits: traits(definition),
      };
    })
    .filter((table) => table.columns.length > 0 || hidden === null)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return { tables, warnings: warningsOf([...unread.values()]) };
}

/** So many tables that can't be read are named one by one. */
const mostNamed = 5;

function warningsOf(unread: readonly string[]): readonly string[] {
  const named = unread.slice(0, mostNamed).map((text) => `Left out, since it can not be read: ${text}`);
  const more = unread.length - named.length;
  return more === 0 ? named : [...named, `${more} more are left out, since they can not be read.`];
}

function byTable<Row extends { readonly table: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const map = new Map<string, Row[]>();
  for (const row of rows) {
    const own = map.get(row.table);
    if (own === undefined) {
      map.set(row.table, [row]);
    } else {
      own.push(row);
    }
  }
  return map;
}

/** The columns of a view or a virtual table, or why they can't be had: a table, a function or a module is missing. */
function columnsOfOne(connection: Connection, { name, isTooDeep }: StoredRelation): ColumnRow[] | string {
  if (isTooDeep) {
    return 'it is made of too many views';
  }
  try {
    return connection.prepare<[string, string], ColumnRow>(oneColumnQuery).all(name, name);
  } catch (error) {
    return messageOf(error);
  }
}

function columnOf(
  { name, type, required, default: byDefault, key, hidden }: ColumnRow,
  siblings: readonly ColumnRow[],
  definition: Definition,
): Column {
  const isAlone = siblings.filter((column) => column.key > 0).length === 1;
  const isRowid = key > 0 && isAlone && /^integer$/i.test(type) && !definition.isWithoutRowid;
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
    if (parent === undefined) {
      return [];
    }
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

function traits({ isStrict, isWithoutRowid, module }: Definition): string[] {
  return [isStrict ? 'STRICT' : '', isWithoutRowid ? 'WITHOUT ROWID' : '', module ?? ''].filter(
    (trait) => trait !== '',
  );
}

/** Rows of tables as the last ANALYZE counted them: the first number of https://sqlite.org/fileformat.html#stat1tab */
export function rowEstimates(connection: Connection): Map<string, number> {
  const exists = connection
    .prepare(
      "SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_stat1' AND type = 'table' AND rootpage > 0",
    )
    .get();
  if (exists === undefined) {
    return new Map();
  }
  const rows = connection
    .prepare<[], { tbl: string; rows: number }>(
      'SELECT tbl, max(CAST(stat AS INTEGER)) AS rows FROM main.sqlite_stat1 GROUP BY tbl',
    )
    .all();
  return new Map(rows.map(({ tbl, rows: count }) => [tbl, count]));
}
