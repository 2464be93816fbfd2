import type { Client } from 'pg';

/**
 * Begins a transaction in which nothing can be written. The snapshot that `SELECT 1` takes and the savepoint are what
 * makes a later `SET TRANSACTION READ WRITE` fail: it may neither follow a query nor stand in a subtransaction.
 */
const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1; SAVEPOINT sqlq';

/** Begins the read-only transaction that one statement runs in. */
export async function beginReadOnly(client: Client): Promise<void> {
  await client.query(begin);
}

/** Ends the transaction of a statement, whatever happened in it. */
export async function rollback(client: Client): Promise<void> {
  await client.query('ROLLBACK');
}

/**
 * From here to the end of the transaction every unqualified name is the server's own: anybody may make a function,
 * an operator or a table of a known name in a schema of the role's search path, or leave one among temporary objects,
 * which come first unless they are named. It gives that path as existing schemas, the implicit ones among them (see `pathIn`).
 */
export const enterCatalog = `SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true)) AS path;
  SET LOCAL search_path = pg_catalog, pg_temp`;

/**
 * Runs queries of our own in a read-only transaction in which every unqualified name is the server's own. They are
 * long to plan and short to run, so that one plan serves all their parameters and is never compiled. `work` gets the
 * role's own search path.
 */
export async function inCatalog<T>(
  client: Client,
  work: (searchPath: readonly string[]) => Promise<T>,
): Promise<T> {
  try {
    const results: unknown = await client.query(
      `BEGIN READ ONLY; ${enterCatalog}; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL jit = off`,
    );
    return await work(pathIn(results));
  } finally {
    await rollback(client).catch(() => {});
  }
}

/** The path that `enterCatalog` gave, among the results of several statements. */
export function pathIn(results: unknown): readonly string[] {
  for (const { rows } of Array.isArray(results) ? results : [])
    if (Array.isArray(rows[0]?.path)) return rows[0].path;
  throw new Error('the server did not say its search path');
}
