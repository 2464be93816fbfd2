import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryOptions, Result, Row, ServerWarning } from '../database.ts';
import { statementFailure } from './errors.ts';
import { lengthen, shorten } from './server/time-limit.ts';
import { readWarnings } from './server/warnings.ts';
import type { Session } from './session.ts';
import { resultColumn, rowDecoder } from './values.ts';
import { type Execution, execute, type RowDecoder } from './wire/execute.ts';
import type { WireColumn } from './wire/protocol.ts';

/** What a statement needs of the connection that runs it. */
export interface Runner {
  readonly session: Session;
  /** Ends the statement at the server and gives the connection up. */
  abandon(): Promise<void>;
  /** Ends the transaction in which a statement ran. */
  settle?(): Promise<unknown>;
  /** A transaction is open, which others will run in too. */
  readonly isShared?: boolean;
}

/** The runner with a shorter time limit for one statement, where there is one. */
async function limitedTo(runner: Runner, milliseconds: number | null): Promise<Runner> {
  const { session } = runner;
  if (!(await shorten(session, milliseconds))) {
    return runner;
  }
  return { ...runner, settle: () => session.rows('ROLLBACK').finally(() => lengthen(session)) };
}

/** A transaction that only read is rolled back; where its connection is gone, so is it. */
async function settle({ session, settle: own }: Runner): Promise<void> {
  await (own?.() ?? session.rows('ROLLBACK')).catch(() => {});
}

/** Begins a transaction in which all reading sees the same state. */
export const beginSnapshot = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

/** Rows of one statement as values. */
export async function queryRows(
  runner: Runner,
  sql: string,
  { signal, milliseconds = null }: QueryOptions,
): Promise<Result> {
  const limited = await limitedTo(runner, milliseconds);
  const execution = await start(limited, sql, rowDecoder, signal);
  return {
    columns: execution.columns.map(resultColumn),
    ...stream<readonly Row[]>(limited, execution, (batch) => batch.length, signal),
  };
}

/** Begins one statement in a transaction that only reads. */
export async function start<T>(
  runner: Runner,
  sql: string,
  decoderOf: (columns: readonly WireColumn[]) => RowDecoder<T>,
  signal: AbortSignal,
): Promise<Execution<T>> {
  signal.throwIfAborted();
  const { connection } = runner.session;
  if (runner.isShared !== true) {
    await runner.session.rows(beginSnapshot);
  }
  return interruptible(runner, signal, async () => {
    try {
      return await execute(connection, sql, decoderOf);
    } catch (error) {
      await settle(runner);
      throw statementFailure(error, runner.session.inForce);
    }
  });
}

/** What a statement gives: its rows, and what the server warned of once they have all been read. */
export interface Stream<T> {
  /** Leaving the loop, or the signal, ends the statement at the server. */
  readonly batches: AsyncGenerator<T>;
  warnings(): readonly ServerWarning[];
}

/** The rows of an execution; `rowsIn` tells how many a batch holds. */
export function stream<T>(
  runner: Runner,
  execution: Execution<T>,
  rowsIn: (batch: T) => number,
  signal: AbortSignal,
): Stream<T> {
  let rows = 0;
  let warnings: readonly ServerWarning[] = [];
  return {
    batches: read(runner, execution, signal, {
      onBatch: (batch) => {
        rows += rowsIn(batch);
      },
      onWarnings: (found) => {
        warnings = found;
      },
    }),
    warnings: () => [...warnings, ...liftedLimit(runner.session, rows)],
  };
}

/** Says that there are more rows than the administrator lets a client have that does not ask for more. */
function liftedLimit({ inForce: { mostRows } }: Session, rows: number): readonly ServerWarning[] {
  if (mostRows === null || BigInt(rows) <= BigInt(mostRows)) {
    return [];
  }
  const message = `The server's sql_select_limit of ${mostRows} rows was lifted, so that no answer is cut without a word.`;
  return [{ code: '', message, count: 1 }];
}

/** How long the rest of an answer may take that nobody reads, before its statement is ended at the server. */
const restTimeoutMs = 100;

/** How many warnings the server has of an answer whose rest nobody wants; null where the rest takes too long. */
async function warningsOfRest<T>({ session }: Runner, { batches }: Execution<T>): Promise<number | null> {
  const timeout = sleep(restTimeoutMs, null, { ref: false });
  const rest = (async () => {
    for (;;) {
      const next = await batches.next();
      if (next.done) {
        return next.value.warnings;
      }
    }
  })();
  rest.catch(() => {});
  return session.isClosed() ? null : Promise.race([rest, timeout]);
}

interface Observer<T> {
  readonly onBatch: (batch: T) => void;
  readonly onWarnings: (warnings: readonly ServerWarning[]) => void;
}

async function* read<T>(
  runner: Runner,
  execution: Execution<T>,
  signal: AbortSignal,
  { onBatch, onWarnings }: Observer<T>,
): AsyncGenerator<T> {
  const { session } = runner;
  let isOver = false;
  const finish = async (warnings: number): Promise<void> => {
    isOver = true;
    if (warnings > 0) {
      onWarnings(await readWarnings(session, warnings));
    }
  };
  try {
    for (;;) {
      const next = await interruptible(runner, signal, () => execution.batches.next());
      if (next.done) {
        return await finish(next.value.warnings);
      }
      onBatch(next.value);
      yield next.value;
    }
  } catch (error) {
    if (signal.aborted) {
      throw signal.reason;
    }
    isOver = true;
    throw statementFailure(error, session.inForce);
  } finally {
    try {
      const isLeft = !isOver && !signal.aborted;
      const warnings = isLeft ? await warningsOfRest(runner, execution).catch(() => null) : null;
      if (warnings !== null) {
        await finish(warnings);
      }
    } finally {
      if (isOver) {
        await settle(runner);
      } else {
        await runner.abandon();
      }
    }
  }
}

/** Waits for the work or for the signal, which ends the statement at the server. */
export async function interruptible<T>(
  runner: Runner,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      const end = (): void => reject(signal.reason);
      runner.abandon().then(end, end);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
  aborted.catch(() => {});
  try {
    // A statement that was killed fails too, and sooner than the killing returns.
    const running = work().catch((error: unknown) => (signal.aborted ? aborted : Promise.reject(error)));
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
