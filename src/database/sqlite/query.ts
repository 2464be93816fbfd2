import SQLite, { type ColumnDefinition, type Statement } from 'better-sqlite3';
import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Result, Row } from '../database.ts';
import { failureOf } from './errors.ts';
import { tellsJournalMode } from './guard/pragma.ts';
import type { Connection } from './session.ts';
import { boundValues, columnsOf, type DriverValue } from './values.ts';

/** Rows that are handed on at a time. */
export const batchSize = 512;

/** An admitted statement on a connection of its own, prepared, with its first rows read. */
export interface Started {
  readonly columns: readonly ColumnDefinition[];
  readonly first: readonly DriverValue[][];
  readonly rest: Iterator<DriverValue[]>;
  /** Ends the statement and discards its connection. */
  end(): void;
}

/** Prepares and begins one admitted statement; the engine too must say that it only reads. `discard` ends its connection. */
export function start(
  connection: Connection,
  path: string,
  { text: sql, values }: AdmittedStatement,
  discard = (): void => void connection.close(),
): Started {
  try {
    const statement: Statement<unknown[], DriverValue[]> = connection.prepare(sql);
    if (!(statement.reader && (statement.readonly || tellsJournalMode(sql)))) {
      throw new SqlqError('refused', 'SQLite says that the statement would write');
    }
    const columns = statement.columns();
    const rows = statement
      .raw()
      .safeIntegers()
      .iterate(...boundValues(values));
    const first = take(rows);
    return {
      columns,
      first,
      rest: rows,
      end() {
        rows.return?.();
        discard();
      },
    };
  } catch (error) {
    discard();
    throw failureOf(error, path);
  }
}

function take(rows: Iterator<DriverValue[]>): DriverValue[][] {
  const batch: DriverValue[][] = [];
  while (batch.length < batchSize) {
    const next = nextRow(rows);
    if (next.done) {
      break;
    }
    batch.push(next.value);
  }
  return batch;
}

/**
 * The next row. Names that are found wanting this late stand in a full-text query, which may have been computed, and not
 * in the statement: the text says so.
 */
export function nextRow(rows: Iterator<DriverValue[]>): IteratorResult<DriverValue[]> {
  try {
    return rows.next();
  } catch (error) {
    if (error instanceof SQLite.SqliteError && /^no such |^near |^unrecognized /u.test(error.message)) {
      throw new SqlqError('failed', `fts5: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** The rows of a started statement, in batches; between them other work of the process gets its turn. */
export function resultOf(started: Started, path: string, signal: AbortSignal): Result {
  const columns = columnsOf(started.columns, started.first);
  return { columns, batches: batches() };

  async function* batches(): AsyncGenerator<readonly Row[]> {
    try {
      for (let batch = started.first; batch.length > 0; batch = take(started.rest)) {
        yield batch;
        await turn();
        signal.throwIfAborted();
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : failureOf(error, path);
    } finally {
      started.end();
    }
  }
}

/** Lets signals and messages in, which a synchronous driver would keep out. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
