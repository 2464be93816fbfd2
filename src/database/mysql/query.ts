import type { Result, Row, ServerWarning } from '../database.ts';
import { statementFailure } from './errors.ts';
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
}

/** Rows of one statement as values. */
export async function queryRows(runner: Runner, sql: string, signal: AbortSignal): Promise<Result> {
  const execution = await start(runner, sql, rowDecoder, signal);
  return {
    columns: execution.columns.map(resultColumn),
    ...stream<readonly Row[]>(runner, execution, signal),
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
  await runner.session.rows('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  return interruptible(runner, signal, async () => {
    try {
      return await execute(connection, sql, decoderOf);
    } catch (error) {
      await runner.session.rows('ROLLBACK').catch(() => {});
      throw statementFailure(error);
    }
  });
}

/** What a statement gives: its rows, and what the server warned of once they have all been read. */
export interface Stream<T> {
  /** Leaving the loop, or the signal, ends the statement at the server. */
  readonly batches: AsyncGenerator<T>;
  warnings(): readonly ServerWarning[];
}

export function stream<T>(runner: Runner, execution: Execution<T>, signal: AbortSignal): Stream<T> {
  let warnings: readonly ServerWarning[] = [];
  return {
    batches: read(runner, execution, signal, (found) => {
      warnings = found;
    }),
    warnings: () => warnings,
  };
}

async function* read<T>(
  runner: Runner,
  execution: Execution<T>,
  signal: AbortSignal,
  warn: (warnings: readonly ServerWarning[]) => void,
): AsyncGenerator<T> {
  let isOver = false;
  try {
    for (;;) {
      const next = await interruptible(runner, signal, () => execution.batches.next());
      if (next.done) {
        isOver = true;
        if (next.value.warnings > 0) warn(await readWarnings(runner.session, next.value.warnings));
        return;
      }
      yield next.value;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    isOver = true;
    throw statementFailure(error);
  } finally {
    if (isOver) await runner.session.rows('ROLLBACK').catch(() => {});
    else await runner.abandon();
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
