import { messageOf, SqlqError } from '../../errors.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import type { HidePatterns } from '../pattern.ts';
import { isHidden } from './guard/hidden.ts';
import { quoteName } from './names.ts';
import { catalogsInScope, informationSchema, schemaCondition, wantedTable } from './scope.ts';
import type { Session } from './session.ts';
import { rowEstimates } from './statistics.ts';

/** Whether all of a view may be read; one that shows what is hidden is left out. */
type AllowView = (quoted: string) => Promise<boolean>;

/** The tables of the catalogs and schemas that are in scope, in three queries for each catalog. */
export async function introspect(
  session: Session,
  filter: SchemaFilter,
  hide: HidePatterns,
  allowView: AllowView,
  signal: AbortSignal,
): Promise<Schema> {
  const warnings: string[] = [];
  const tables: Table[] = [];
  for (const catalog of catalogsInScope(session, filter.schemas)) {
    try {
      tables.push(...(await tablesOf(session, catalog, filter, hide, signal)));
    } catch (error) {
      // A database behind one connector may be down: the others are there all the same.
      if (!(error instanceof SqlqError) || signal.aborted || catalog === session.home.catalog) {
        throw error;
      }
      warnings.push(`The catalog ${catalog} can't be read: ${messageOf(error)}`);
    }
  }
  const shown: Table[] = [];
  for (const table of tables) {
    const isOpen = !hide.isActive || table.kind !== 'view' || (await allowView(quoted(table)));
    if (isOpen && table.columns.length > 0) {
      shown.push(table);
    }
  }
  const estimates = await rowEstimates(session, shown.map(quoted), signal);
  const { home } = session;
  return {
    dialect: session.dialect,
    database: databaseName(session),
    searchPath: home.catalog === null || home.schema === null ? [] : [`${home.catalog}.${home.schema}`],
    ...(warnings.length === 0 ? {} : { warnings }),
    tables: shown
      .map((table) => ({ ...table, rowEstimate: estimates.get(quoted(table)) ?? null }))
      .toSorted((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name)),
  };
}

/** What a database is called whose address names no catalog: it is all of them. */
export function databaseName({ home }: Pick<Session, 'home'>): string {
  return [home.catalog ?? 'trino', ...(home.schema === null ? [] : [home.schema])].join('/');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A table's whole name, quoted. A catalog that is in scope has no dot in its name. */
function quoted({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  const dot = schema.indexOf('.');
  return [schema.slice(0, dot), schema.slice(dot + 1), name].map(quoteName).join('.');
}

async function tablesOf(
  session: Session,
  catalog: string,
  filter: SchemaFilter,
  hide: HidePatterns,
  signal: AbortSignal,
): Promise<readonly Table[]> {
  const place = informationSchema(catalog);
  const condition = schemaCondition(session, catalog, filter.schemas);
  const [kinds, comments, columns] = await Promise.all([
    session.rows(
      `SELECT table_schema, table_name, table_type FROM ${place}.tables WHERE ${condition}`,
      signal,
      'fresh',
    ),
    commentsOf(session, catalog, condition, signal),
    session.rows(
      `SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default, comment FROM ${place}.columns WHERE ${condition} ORDER BY table_schema, table_name, ordinal_position`,
      signal,
      'fresh',
    ),
  ]);
  const isWanted = wantedTable(session, filter);
  const ownColumns = Map.groupBy(columns, keyOf);
  const ownComments = new Map(comments.map((row) => [keyOf(row), row[2]]));
  return kinds.flatMap((row): Table[] => {
    const [schema, table] = [String(row[0]), String(row[1])];
    if (!isWanted(catalog, schema, table) || table.includes('$')) {
      return [];
    }
    const own = ownColumns.get(keyOf(row)) ?? [];
    return [
      {
        schema: `${catalog}.${schema}`,
        name: table,
        kind: row[2] === 'VIEW' ? 'view' : 'table',
        comment: textOrNull(ownComments.get(keyOf(row))),
        rowEstimate: null,
        columns: own.map(columnOf).filter(({ name }) => !isHidden(hide, { catalog, schema, table }, name)),
        primaryKey: [],
        uniqueKeys: [],
        foreignKeys: [],
        checks: [],
        traits: [],
      },
    ];
  });
}

/** Comments on tables are kept apart; an account that may not see them goes without. */
async function commentsOf(
  { rows }: Session,
  catalog: string,
  condition: string,
  signal: AbortSignal,
): Promise<readonly (readonly unknown[])[]> {
  const where = condition.replace('table_schema', 'schema_name');
  return rows(
    `SELECT schema_name, table_name, comment FROM system.metadata.table_comments WHERE catalog_name = '${catalog.replaceAll("'", "''")}' AND ${where} AND comment IS NOT NULL`,
    signal,
    'fresh',
  ).catch((error: unknown) => {
    if (error instanceof SqlqError && !signal.aborted) {
      return [];
    }
    throw error;
  });
}

const keyOf = (row: readonly unknown[]): string => JSON.stringify([row[0], row[1]]);

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

function columnOf(row: readonly unknown[]): Column {
  const [, , name, type, nullable, fallback, comment] = row;
  return {
    name: String(name),
    type: String(type),
    nullable: nullable !== 'NO',
    default: textOrNull(fallback),
    identity: false,
    generated: null,
    comment: textOrNull(comment),
    values: null,
  };
}
