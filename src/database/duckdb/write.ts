import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Change, PendingWrite } from '../database.ts';
import { failureOf } from './errors.ts';
import { definitions } from './fingerprint.ts';
import { prepareBound } from './query.ts';
import type { Connection } from './session.ts';

/** Runs one admitted statement in a transaction and holds that open; the connection is discarded at its end. */
export async function beginWrite(
  connection: Connection,
  path: string,
  statement: AdmittedStatement,
  tables: readonly string[],
): Promise<PendingWrite> {
  const { driver, handle } = connection;
  let isOpen = true;
  const settle = async (word: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    try {
      await driver.query(handle, word);
    } catch (error) {
      throw failureOf(error, path);
    } finally {
      connection.close();
    }
  };
  try {
    await driver.query(handle, 'BEGIN TRANSACTION');
    const changes =
      statement.kind === 'ddl'
        ? await define(connection, statement)
        : await change(connection, statement, tables);
    return {
      changes,
      committed: false,
      commit: () => settle('COMMIT'),
      async rollback() {
        await settle('ROLLBACK');
        return [];
      },
    };
  } catch (error) {
    connection.close();
    throw failureOf(error, path);
  }
}

async function change(
  connection: Connection,
  statement: AdmittedStatement,
  tables: readonly string[],
): Promise<readonly Change[]> {
  const rows = await execute(connection, statement);
  return tables.map((table) => ({ table, rows }));
}

/** The tables whose definition, comments or indexes are not as before. */
async function define(connection: Connection, statement: AdmittedStatement): Promise<readonly Change[]> {
  const before = await definitions(connection.rows);
  await execute(connection, statement);
  const after = await definitions(connection.rows);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (table) => before.get(table) !== after.get(table),
  );
  return changed.map((table) => ({ table, rows: null }));
}

/** How many rows were changed; a statement with RETURNING gives them. */
async function execute(connection: Connection, statement: AdmittedStatement): Promise<number> {
  const { driver } = connection;
  const prepared = await prepareBound(connection, statement);
  try {
    const result = await driver.execute_prepared(prepared);
    return driver.result_return_type(result) === driver.ResultType.QUERY_RESULT
      ? driver.row_count(result)
      : driver.rows_changed(result);
  } finally {
    driver.destroy_prepare_sync(prepared);
  }
}
