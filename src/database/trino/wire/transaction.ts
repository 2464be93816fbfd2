import { SqlqError } from '../../../errors.ts';
import { collect, type Server } from './statement.ts';

/** How long the server may take to hear that a transaction is over. */
const endTimeoutMs = 3_000;

/** A transaction that only reads, as the headers of the statements in it say. */
export interface ReadOnly {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Tells the server that it is over, and does not wait: it did nothing that could be kept. */
  end(): void;
}

/** Begins a transaction in which Trino itself lets no connector write. */
export async function beginReadOnly(server: Server, signal: AbortSignal): Promise<ReadOnly> {
  const { transaction: id } = await collect(server, 'START TRANSACTION READ ONLY', {
    signal,
    headers: { 'X-Trino-Transaction-Id': 'NONE' },
  });
  if (id === null) {
    throw new SqlqError('refused', `${server.place} began no transaction, and sqlq reads in one alone`, {
      hint: 'Is this Trino itself? A proxy before it may leave out headers that begin with X-Trino.',
    });
  }
  const headers = { 'X-Trino-Transaction-Id': id };
  return {
    id,
    headers,
    async end() {
      await collect(server, 'ROLLBACK', { signal: AbortSignal.timeout(endTimeoutMs), headers }).catch(
        () => {},
      );
    },
  };
}

/** Does something in a transaction that only reads. */
export async function readOnly<T>(
  server: Server,
  signal: AbortSignal,
  work: (transaction: ReadOnly) => Promise<T>,
): Promise<T> {
  const transaction = await beginReadOnly(server, signal);
  try {
    return await work(transaction);
  } finally {
    transaction.end();
  }
}
