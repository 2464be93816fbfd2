import type { DatabaseClient } from '../../database/process/client.ts';
import { messageOf, SqlqError } from '../../errors.ts';

/** A process of one's own until it is released. */
export interface Lease {
  readonly client: DatabaseClient;
  readonly release: () => void;
}

/** A change that waits for its word. */
interface Pending extends Lease {
  readonly timer: NodeJS.Timeout;
}

/** How long a rollback may take that nobody waits for. */
const rollbackMilliseconds = 10_000;

type Writes = Pick<DatabaseClient, 'beginWrite' | 'commit' | 'rollback'>;

/**
 * The calls that belong together: one process is kept from `beginWrite` until `commit` or `rollback`, or until so long has
 * passed, when the change is rolled back. A second change waits for the word on the first.
 */
export function createWrites(
  lease: (signal: AbortSignal) => Promise<Lease>,
  mostMilliseconds: number,
): Writes {
  let pending: Pending | null = null;
  /** Resolves when there was a word on all changes so far. */
  let before: Promise<void> = Promise.resolve();

  const take = (): Pending => {
    if (pending === null) {
      throw new SqlqError('limit', 'The change was rolled back: there was no word on it for too long.', {
        hint: 'Begin it again.',
      });
    }
    const taken = pending;
    clearTimeout(taken.timer);
    pending = null;
    return taken;
  };

  /** A process, once it is this change's turn. */
  const leaseInTurn = async (signal: AbortSignal): Promise<Lease> => {
    const turn = Promise.withResolvers<void>();
    const earlier = before;
    before = earlier.then(() => turn.promise);
    try {
      await abortable(earlier, signal);
      const { client, release } = await lease(signal);
      return {
        client,
        release() {
          release();
          turn.resolve();
        },
      };
    } catch (error) {
      turn.resolve();
      throw error;
    }
  };

  const finish = async <Value>(end: (client: DatabaseClient) => Promise<Value>): Promise<Value> => {
    const { client, release } = take();
    try {
      return await end(client);
    } finally {
      release();
    }
  };

  const forget = (): void => {
    finish((client) => client.rollback(AbortSignal.timeout(rollbackMilliseconds))).catch((error: unknown) =>
      process.emitWarning(`A change could not be rolled back: ${messageOf(error)}`),
    );
  };

  return {
    async beginWrite(written, signal) {
      const { client, release } = await leaseInTurn(signal);
      try {
        const summary = await client.beginWrite(written, signal);
        if (summary.committed) {
          release();
        } else {
          pending = { client, release, timer: setTimeout(forget, mostMilliseconds) };
        }
        return summary;
      } catch (error) {
        release();
        throw error;
      }
    },
    commit: (signal) => finish((client) => client.commit(signal)),
    rollback: (signal) => finish((client) => client.rollback(signal)),
  };
}

/** Waits, unless the signal comes first. */
async function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
