import { SqlqError } from '../../errors.ts';
import type { DatabaseClient } from './client.ts';
import { type Call, methodsOf } from './operations.ts';

/**
 * A client that several parts of a session use at once: each call waits for those before it, because a connection does
 * one thing at a time. A call that is aborted while it waits rejects at once.
 */
export function serialize(client: DatabaseClient): DatabaseClient {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const next = async <Value>(signal: AbortSignal, call: () => Promise<Value>): Promise<Value> => {
    signal.throwIfAborted();
    const before = last;
    let begun = false;
    const result = (async () => {
      await before;
      signal.throwIfAborted();
      // Work in the background goes on for a moment; it must not start the process again.
      if (closed) {
        throw new SqlqError('cancelled', 'The database has been closed.');
      }
      begun = true;
      return call();
    })();
    last = result.catch(() => {});
    let stop: () => void = () => {};
    const stopped = new Promise<never>((_, reject) => {
      // A call that has begun ends the process of the database by itself, and rejects when that is gone.
      stop = () => (begun ? undefined : reject(signal.reason));
    });
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([result, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  const call: Call = (name, input, signal) => next(signal, () => client.call(name, input, signal));
  return {
    engine: client.engine,
    call,
    ...methodsOf(call),
    run: (sql, options) => next(options.signal, () => client.run(sql, options)),
    look: (request, options) => next(options.signal, () => client.look(request, options)),
    close() {
      closed = true;
      return client.close();
    },
  };
}
