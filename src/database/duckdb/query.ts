import type { Result as DriverResult, PreparedStatement } from '@duckdb/node-bindings';
import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { QueryOptions, Result, Row } from '../database.ts';
import { failureOf } from './errors.ts';
import type { Connection } from './session.ts';
import { bindAll, columnsOf, inOwnText, rowsOf, type TypedColumn } from './values.ts';

/** An admitted statement that runs on a connection of its own. */
export interface Started {
  readonly connection: Connection;
  readonly columns: readonly TypedColumn[];
  readonly result: DriverResult;
  /** Ends the statement and discards its connection. */
  end(): void;
}

/** Prepares and begins one admitted statement; its rows are made as they are fetched. */
export async function start(
  connection: Connection,
  path: string,
  statement: AdmittedStatement,
  signal: AbortSignal,
): Promise<Started> {
  const { driver } = connection;
  try {
    return await interruptible(connection, signal, async () => {
      const prepared = await prepareBound(connection, statement);
      const { SELECT, EXPLAIN } = driver.StatementType;
      if (![SELECT, EXPLAIN].includes(driver.prepared_statement_type(prepared))) {
        throw new SqlqError('refused', 'DuckDB says that the statement would do more than read');
      }
      const result = await driver.execute_prepared_streaming(prepared);
      connection.streams(true);
      return {
        connection,
        columns: columnsOf(driver, result),
        result,
        end() {
          driver.destroy_prepare_sync(prepared);
          connection.close();
        },
      };
    });
  } catch (error) {
    connection.close();
    throw signal.aborted ? signal.reason : failureOf(error, path);
  }
}

/** A statement with its values in place. */
export async function prepareBound(
  connection: Connection,
  { text, values }: AdmittedStatement,
): Promise<PreparedStatement> {
  const prepared = await connection.prepare(text);
  bindAll(connection.driver, prepared, values);
  return prepared;
}

/** Does something on a connection; the engine ends it when the signal says so. */
export async function interruptible<Done>(
  connection: Connection,
  signal: AbortSignal,
  work: () => Promise<Done>,
): Promise<Done> {
  signal.throwIfAborted();
  const stop = (): void => connection.driver.interrupt(connection.handle);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The chunks of a started statement, the next of which is made while one is read. */
export async function* chunksOf<Read>(
  { connection, result, end }: Started,
  path: string,
  signal: AbortSignal,
  read: (chunk: Parameters<typeof rowsOf>[1]) => Read,
): AsyncGenerator<Read> {
  const { driver } = connection;
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = await interruptible(connection, signal, () => driver.fetch_chunk(result));
      if (chunk === null || driver.data_chunk_get_size(chunk) === 0) {
        signal.throwIfAborted();
        // After an error a fetch finds nothing, as at the end; the kind of result alone tells them apart.
        if (driver.result_return_type(result) === driver.ResultType.INVALID) {
          throw brokenOff();
        }
        connection.streams(false);
        return;
      }
      yield read(chunk);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : failureOf(error, path);
  } finally {
    end();
  }
}

/** The error of rows that end before their end; the driver hands on no text of it. */
function brokenOff(): SqlqError {
  return new SqlqError(
    'failed',
    'DuckDB failed among the rows: a value could not be computed, or memory ran out. Its driver does not say more.',
    { hint: 'Look at what is computed of each row: where a CAST fails, TRY_CAST gives NULL.' },
  );
}

/** The rows of a started statement, in batches of the engine's own size. */
export function resultOf(started: Started, path: string, { signal, nested = 'json' }: QueryOptions): Result {
  const { connection } = started;
  const columns = started.columns.map((column) => (nested === 'text' ? inOwnText(column) : column));
  const batches = chunksOf(started, path, signal, (chunk): readonly Row[] =>
    rowsOf(connection, chunk, columns),
  );
  return { columns: columns.map(({ name, kind, type }) => ({ name, kind, type })), batches };
}
