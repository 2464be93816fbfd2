import { setTimeout as sleep } from 'node:timers/promises';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { CsvResult, QueryOptions, Result } from '../database.ts';
import { typeNames } from './catalog/type-names.ts';
import { statementError } from './errors.ts';
import type { Session } from './session.ts';
import { rollback } from './transaction/begin.ts';
import { beginReadOnly } from './transaction/transaction.ts';
import { resultColumns, rowCollector } from './values.ts';
import { type Collector, describe, type Execution, execute } from './wire/execution.ts';

/** What ends the statement of a session from outside. */
export type Cancel = () => Promise<void>;

/** Runs one admitted statement in a transaction of its own that can write nothing and is rolled back. */
export async function query(
  session: Session,
  { text: sql, values }: AdmittedStatement,
  { signal, milliseconds = null }: QueryOptions,
  cancel: Cancel,
): Promise<Result> {
  const { client } = session;
  await beginReadOnly(session);
  try {
    await shorten(session, milliseconds);
    const fields = await describe(client, sql);
    const columns = resultColumns(fields, await typeNames(client, fields));
    const execution = execute(
      client,
      session.tap,
      sql,
      rowCollector(columns),
      values.map(({ value }) => value),
    );
    return { columns, batches: batches(session, execution, sql, signal, cancel, () => {}) };
  } catch (error) {
    await rollback(session);
    throw statementError(error, sql, session.limits);
  }
}

/** Holds the rest of a transaction to a shorter time limit than the session's. */
async function shorten({ client, limits }: Session, milliseconds: number | null): Promise<void> {
  const usual = limits.find(({ name }) => name === 'statement_timeout');
  if (milliseconds !== null && milliseconds < (usual?.milliseconds ?? 0)) {
    await client.query(`SET LOCAL statement_timeout = ${Math.max(1, Math.ceil(milliseconds))}`);
  }
}

/**
 * As `query`, with the server writing the CSV. COPY writes a boolean as `t`; where there is one, the statement is
 * wrapped so that it comes as `true`, like everywhere else in this program.
 */
export async function queryCsv(
  session: Session,
  sql: string,
  copyable: (selection: string) => string,
  signal: AbortSignal,
  cancel: Cancel,
): Promise<CsvResult> {
  const { client } = session;
  await beginReadOnly(session);
  try {
    const fields = await describe(client, sql);
    const columns = resultColumns(fields, await typeNames(client, fields));
    const names = columns.map((_column, index) => `c${index}`);
    const values = columns.map(
      ({ kind }, index) => `c${index}${kind === 'boolean' ? '::pg_catalog.text' : ''}`,
    );
    const wrapped = columns.some(({ kind }) => kind === 'boolean');
    const copy = copyable(
      wrapped ? `SELECT ${values.join(', ')} FROM (\n${sql}\n) AS r(${names.join(', ')})` : sql,
    );
    const lines = lineCollector();
    const execution = execute(client, session.tap, copy, lines);
    return { columns, chunks: batches(session, execution, sql, signal, cancel, lines.recycle) };
  } catch (error) {
    await rollback(session);
    throw statementError(error, sql, session.limits);
  }
}

/** How long the rest of an answer may take that nobody reads, before its statement is ended at the server. */
const restMilliseconds = 5;

/** What the reader of a result takes, until the statement has ended or the reader goes. */
async function* batches<T>(
  session: Session,
  execution: Execution<T>,
  sql: string,
  signal: AbortSignal,
  cancel: Cancel,
  recycle: (batch: T) => void,
): AsyncGenerator<T> {
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) {
    abort();
  }
  signal.addEventListener('abort', abort, { once: true });
  let finished = false;
  try {
    for (;;) {
      const batch = await Promise.race([execution.next(), aborted.promise]);
      if (batch === null) {
        break;
      }
      yield batch;
      recycle(batch);
    }
    finished = true;
  } catch (error) {
    if (signal.aborted) {
      throw signal.reason;
    }
    finished = true;
    throw statementError(error, sql, session.limits);
  } finally {
    signal.removeEventListener('abort', abort);
    if (!finished) {
      const rest = execution.drain();
      // The rest of a short answer comes sooner than a second connection is made to end it.
      const isThere =
        !signal.aborted && (await Promise.race([rest.then(() => true), sleep(restMilliseconds)]));
      if (isThere !== true) {
        await cancel().catch(() => {});
      }
      await rest;
    }
    void rollback(session);
  }
}

/** The buffer of a pipe, so that a batch is written in one go. */
const lineBatchBytes = 1 << 16;
/** Room for a batch and what one read of the socket may bring on top. */
const lineBytes = lineBatchBytes + (1 << 14);

/** Lines of CSV, as bytes in a buffer that is used again. */
interface Lines {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly rows: number;
}

/**
 * Gathers lines of CSV: the server sends each row as one CopyData message. Buffers come back when they have been
 * read, since a million rows in fresh ones would wait for the garbage collector.
 */
function lineCollector(): Collector<Lines> & { readonly recycle: (batch: Lines) => void } {
  const free: Buffer<ArrayBuffer>[] = [];
  let buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(lineBytes);
  let length = 0;
  let rows = 0;
  return {
    batchBytes: lineBatchBytes,
    message(bytes, start, end) {
      const needed = length + end - start;
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      bytes.copy(buffer, length, start, end);
      length = needed;
      rows++;
    },
    take() {
      if (rows === 0) {
        return null;
      }
      const chunk = { bytes: buffer.subarray(0, length), rows };
      buffer = free.pop() ?? Buffer.allocUnsafeSlow(lineBytes);
      length = 0;
      rows = 0;
      return chunk;
    },
    recycle({ bytes }) {
      const whole = bytes.buffer;
      // One that grew for a long row is not kept.
      if (whole.byteLength === lineBytes) {
        free.push(Buffer.from(whole));
      }
    },
  };
}
