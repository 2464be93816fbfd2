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
 * Runs queries of our own in a read-only transaction in which every unqualified name is the server's own. They are
 * long to plan and short to run, so that one plan serves all their parameters and is never compiled.
 */
export async function inCatalog<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query(
    'BEGIN READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL jit = off',
  );
  try {
    return await work();
  } finally {
    await rollback(client).catch(() => {});
  }
}
