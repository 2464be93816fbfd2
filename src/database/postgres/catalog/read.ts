import { type Client, DatabaseError } from 'pg';
import type { Session } from '../session.ts';
import { rollback } from '../transaction/begin.ts';
import { enterCatalog, inCatalog, pathIn } from '../transaction/catalog.ts';
import { beginReadOnly } from '../transaction/transaction.ts';
import {
  columnsQuery,
  commentsQuery,
  constraintsQuery,
  fieldsQuery,
  indexesQuery,
  parentsQuery,
  tablesQuery,
  typesQuery,
} from './queries.ts';
import type { CatalogRows } from './rows.ts';
import {
  conditionsQuery,
  expressionsQuery,
  notVisibleQuery,
  partitionKeysQuery,
  typeNamesQuery,
} from './written-queries.ts';

interface CatalogQuery {
  readonly name: keyof CatalogRows;
  readonly text: string;
  /** How many columns it has, and how many of the first are whole numbers that tell its rows apart. */
  readonly width: number;
  readonly keys: 1 | 2;
  /** What a row of it is about. */
  readonly what: string;
}

/** With the role's own search path. */
const writtenQueries: readonly CatalogQuery[] = [
  { name: 'typeNames', text: typeNamesQuery, width: 3, keys: 2, what: 'the name of a type' },
  { name: 'expressions', text: expressionsQuery, width: 3, keys: 2, what: 'a default' },
  { name: 'conditions', text: conditionsQuery, width: 2, keys: 1, what: 'a check' },
  { name: 'partitionKeys', text: partitionKeysQuery, width: 2, keys: 1, what: 'a partition key' },
  { name: 'notVisible', text: notVisibleQuery, width: 1, keys: 1, what: 'a table' },
];

/** With the catalog as search path. */
const catalogQueries: readonly CatalogQuery[] = [
  { name: 'tables', text: tablesQuery, width: 6, keys: 1, what: 'a table' },
  { name: 'columns', text: columnsQuery, width: 8, keys: 2, what: 'a column' },
  { name: 'comments', text: commentsQuery, width: 3, keys: 2, what: 'a comment' },
  { name: 'constraints', text: constraintsQuery, width: 6, keys: 1, what: 'a constraint' },
  { name: 'indexes', text: indexesQuery, width: 4, keys: 1, what: 'a key' },
  { name: 'types', text: typesQuery, width: 4, keys: 1, what: 'a type' },
  { name: 'fields', text: fieldsQuery, width: 5, keys: 2, what: 'a field of a type' },
  { name: 'parents', text: parentsQuery, width: 4, keys: 2, what: 'a parent' },
];
const queries = [...writtenQueries, ...catalogQueries];

/** What the catalog holds, and what of it could not be read, in whole sentences. */
export interface Reading extends CatalogRows {
  readonly searchPath: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads the catalog in one round trip, however many tables. Where the server can't show a row of it, because a library
 * is missing or a text is not in its encoding, all but such rows are read.
 */
export async function readCatalog(session: Session): Promise<Reading> {
  const { client } = session;
  await beginReadOnly(session);
  try {
    const results: unknown = await client.query(
      [
        'SET LOCAL jit = off',
        ...writtenQueries.map((query) => cellOf(query)),
        enterCatalog,
        ...catalogQueries.map((query) => cellOf(query)),
      ].join(';\n'),
    );
    const cells = Array.isArray(results)
      ? results.flatMap(({ rows }) => (rows[0]?.cell === undefined ? [] : [rows[0].cell]))
      : [];
    return { ...rowsIn(cells), searchPath: pathIn(results), warnings: [] };
  } catch (error) {
    if (!concernsRows(error)) {
      throw error;
    }
  } finally {
    await rollback(session);
  }
  const written = await readWritten(session);
  return inCatalog(session, (searchPath) => readWhatCanBe(client, searchPath, written));
}

/** What can be read whole with the role's own search path. */
async function readWritten(session: Session): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { client } = session;
  const written = new Map<string, readonly unknown[]>();
  await beginReadOnly(session);
  try {
    for (const query of writtenQueries) {
      const rows = await attempt(client, cellOf(query), []);
      if (!(rows instanceof DatabaseError)) {
        written.set(query.name, rows);
      }
    }
    return written;
  } finally {
    await rollback(session);
  }
}

/** Runs a query that gives one cell of rows; the transaction goes on where a row of it can't be shown. */
async function attempt(
  client: Client,
  text: string,
  values: readonly string[],
): Promise<readonly unknown[] | DatabaseError> {
  await client.query('SAVEPOINT part');
  try {
    const { rows } = await client.query<{ cell: readonly unknown[] }>(text, [...values]);
    return rows[0]?.cell ?? [];
  } catch (error) {
    if (!concernsRows(error)) {
      throw error;
    }
    await client.query('ROLLBACK TO part');
    return error;
  }
}

/** Whether a row of the catalog can be the cause; not that the connection is gone or the time is up. */
function concernsRows(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^(?:0A|22|42|58|XX)/.test(error.code ?? '');
}

const columnsOf = (width: number): string =>
  Array.from({ length: width }, (_, index) => `c${index}`).join(', ');

/** The server makes the rows one JSON cell, which is read faster than thousands of rows. */
function cellOf({ text, width }: CatalogQuery, shown = width, where = ''): string {
  return `SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(${columnsOf(shown)})), '[]') AS cell
    FROM (${text}) AS q (${columnsOf(width)}) ${where}`;
}

function rowsIn(cells: unknown): CatalogRows {
  const rows = <Name extends keyof CatalogRows>(name: Name): CatalogRows[Name] =>
    Array.isArray(cells) ? cells[queries.findIndex((query) => query.name === name)] : [];
  return {
    typeNames: rows('typeNames'),
    expressions: rows('expressions'),
    conditions: rows('conditions'),
    partitionKeys: rows('partitionKeys'),
    notVisible: rows('notVisible'),
    tables: rows('tables'),
    columns: rows('columns'),
    comments: rows('comments'),
    constraints: rows('constraints'),
    indexes: rows('indexes'),
    types: rows('types'),
    fields: rows('fields'),
    parents: rows('parents'),
  };
}

/** How many rows of one query may be left out before nothing is understood any more. */
const mostLeftOut = 1_000;

type Key = readonly number[];

async function readWhatCanBe(
  client: Client,
  searchPath: readonly string[],
  written: ReadonlyMap<string, readonly unknown[]>,
): Promise<Reading> {
  const cells: unknown[] = [];
  const warnings: string[] = [];
  for (const query of queries) {
    const whole = written.get(query.name);
    const { rows, leftOut } =
      whole === undefined ? await readRows(client, query) : { rows: whole, leftOut: [] };
    cells.push(rows);
    const [first] = leftOut;
    if (first !== undefined) {
      warnings.push(
        `The server can't show ${leftOut.length === 1 ? query.what : `${leftOut.length} times ${query.what}`}, which the schema lacks now: ${first}`,
      );
    }
  }
  return { ...rowsIn(cells), searchPath, warnings };
}

/** The rows of a query that can be read, found by halves, and what the server said of each that can't. */
async function readRows(
  client: Client,
  query: CatalogQuery,
): Promise<{ readonly rows: readonly unknown[]; readonly leftOut: readonly string[] }> {
  const whole = await attempt(client, cellOf(query), []);
  if (!(whole instanceof DatabaseError)) {
    return { rows: whole, leftOut: [] };
  }
  const { rows: found } = await client.query<{ cell: readonly Key[] }>(cellOf(query, query.keys));
  const pending: (readonly Key[])[] = [found[0]?.cell ?? []];
  const rows: unknown[] = [];
  const leftOut: string[] = [];
  for (let keys = pending.pop(); keys !== undefined; keys = pending.pop()) {
    const part = await attempt(client, cellOf(query, query.width, amongOf(query)), [JSON.stringify(keys)]);
    if (!(part instanceof DatabaseError)) {
      rows.push(...part);
    } else if (keys.length > 1) {
      const middle = keys.length >> 1;
      pending.push(keys.slice(middle), keys.slice(0, middle));
    } else if (leftOut.push(part.message) > mostLeftOut) {
      throw part;
    }
  }
  return { rows, leftOut };
}

function amongOf({ keys }: CatalogQuery): string {
  const key = Array.from({ length: keys }, (_, index) => `(k->>${index})::int8`);
  return `WHERE (${columnsOf(keys)}) IN (SELECT ${key.join(', ')} FROM json_array_elements($1::json) AS k)`;
}
