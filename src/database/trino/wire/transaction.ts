import { SqlqError } from '../../../errors.ts';
import { collect, type Server } from './statement.ts';

/** How long the server may take to hear that a transaction is over. */
const endTimeoutMs = 3_000;

/** How long a transaction may be used again, in milliseconds: what it has seen of tables and views it sees no change of. */
const longestUse = 5_000;

/** A transaction that only reads, as the headers of the statements in it say. */
export interface ReadOnly {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Leaves it for the next statement; it did nothing that could be kept. */
  end(): void;
  /** Ends it, since a statement in it failed or was left. */
  abandon(): void;
}

/** Transactions in which Trino itself lets no connector write. */
export interface Transactions {
  /** The one that was ended last, where it is young; a new one where there is none, or where `fresh` is asked for. */
  begin(signal: AbortSignal, fresh?: 'fresh'): Promise<ReadOnly>;
  /** Ends what waits to be used again, and waits until the server has been told of all. */
  close(): Promise<void>;
}

/** The transactions of a session, one statement at a time in each. */
export function transactionsOf(server: Server): Transactions {
  const ending = new Set<Promise<void>>();
  let waiting: { readonly id: string; readonly since: number } | null = null;

  const rollBack = (id: string): void => {
    const told = collect(server, 'ROLLBACK', {
      signal: AbortSignal.timeout(endTimeoutMs),
      headers: { 'X-Trino-Transaction-Id': id },
    }).then(
      () => {},
      () => {},
    );
    ending.add(told);
    void told.finally(() => ending.delete(told));
  };

  const start = async (signal: AbortSignal): Promise<string> => {
    const { transaction } = await collect(server, 'START TRANSACTION READ ONLY', {
      signal,
      headers: { 'X-Trino-Transaction-Id': 'NONE' },
    });
    if (transaction === null) {
      throw new SqlqError('refused', `${server.place} began no transaction, and sqlq reads in one alone`, {
        hint: 'Is this Trino itself? A proxy before it may leave out headers that begin with X-Trino.',
      });
    }
    return transaction;
  };

  return {
    async begin(signal, fresh) {
      const kept = waiting;
      waiting = null;
      const isYoung = kept !== null && fresh === undefined && performance.now() - kept.since < longestUse;
      if (kept !== null && !isYoung) {
        rollBack(kept.id);
      }
      const { id, since } = isYoung ? kept : { id: await start(signal), since: performance.now() };
      return {
        id,
        headers: { 'X-Trino-Transaction-Id': id },
        end() {
          if (waiting === null) {
            waiting = { id, since };
          } else {
            rollBack(id);
          }
        },
        abandon: () => rollBack(id),
      };
    },
    async close() {
      if (waiting !== null) {
        rollBack(waiting.id);
        waiting = null;
      }
      await Promise.all(ending);
    },
  };
}

/** Does something in a transaction that only reads. */
export async function readOnly<T>(
  transactions: Transactions,
  signal: AbortSignal,
  work: (transaction: ReadOnly) => Promise<T>,
  fresh?: 'fresh',
): Promise<T> {
  const transaction = await transactions.begin(signal, fresh);
  let isOver = false;
  try {
    const result = await work(transaction);
    isOver = true;
    return result;
  } finally {
    if (isOver) {
      transaction.end();
    } else {
      transaction.abandon();
    }
  }
}
