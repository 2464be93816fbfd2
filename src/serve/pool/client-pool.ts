import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseClient } from '../../database/process/client.ts';
import { type Call, methodsOf } from '../../database/process/operations.ts';
import { SqlqError } from '../../errors.ts';
import { createQueue } from './queue.ts';
import { createWrites } from './writes.ts';

export interface PoolOptions {
  /** What the database is called towards callers. */
  readonly name: string;
  readonly engine: string;
  /** Starts one process; it connects by itself. */
  readonly open: () => DatabaseClient;
  /** The most processes. */
  readonly size: number;
  /** The most processes that work for one user at once; all of them unless it is given. */
  readonly mostOfUser?: number;
  /** The most calls that wait for one. */
  readonly mostWaiting: number;
  /** After so long without a call a process is ended. */
  readonly idleMilliseconds: number;
  /** A change that is neither kept nor taken back for so long is rolled back. */
  readonly writeMilliseconds: number;
  /** Hears how many calls wait and how many run, whenever that changes. */
  readonly observe?: (waiting: number, running: number) => void;
}

/** One database in several processes, for many callers at once. */
export interface ClientPool {
  /**
   * A client whose every call goes to a process that is free, when the user's turn has come. It rejects with an HttpError
   * `busy` where too many wait. A change keeps its process until it is committed or rolled back. Its `close` does nothing.
   */
  clientFor(user: string): DatabaseClient;
  /** Ends all processes, and refuses what still waits. */
  close(): Promise<void>;
}

/** A process that nobody uses now. */
interface Idle {
  readonly client: DatabaseClient;
  readonly timer: NodeJS.Timeout;
}

/** Most calls are over sooner than a process has started, which then takes its memory for minutes. */
const patienceMilliseconds = 100;

/** Nothing is started before the first call. */
export function createClientPool(options: PoolOptions): ClientPool {
  const { engine, idleMilliseconds } = options;
  const queue = createQueue({
    name: `the database ${options.name}`,
    atOnce: options.size,
    mostWaiting: options.mostWaiting,
    ...(options.mostOfUser === undefined ? {} : { mostOfUser: options.mostOfUser }),
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
  const all = new Set<DatabaseClient>();
  /** The one that was used last comes last and is taken first, so that those too many grow old. */
  const idle: Idle[] = [];
  /** Tells the call that waits for a process to be free rather than start another; of several calls only one does. */
  let onFree: (() => void) | null = null;
  let isClosed = false;

  const end = async (client: DatabaseClient): Promise<void> => {
    all.delete(client);
    await client.close();
  };

  /** Takes one that is free, or soon will be; else starts one. */
  const take = async (): Promise<DatabaseClient> => {
    if (idle.length === 0 && all.size > 0 && onFree === null) {
      const free = Promise.withResolvers<void>();
      onFree = free.resolve;
      await Promise.race([free.promise, sleep(patienceMilliseconds)]);
      onFree = null;
    }
    if (isClosed) {
      throw closed();
    }
    const free = idle.pop();
    if (free !== undefined) {
      clearTimeout(free.timer);
      return free.client;
    }
    const client = options.open();
    all.add(client);
    return client;
  };

  const giveBack = (client: DatabaseClient): void => {
    if (isClosed) {
      return;
    }
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.client === client),
        1,
      );
      void end(client);
    }, idleMilliseconds).unref();
    idle.push({ client, timer });
    onFree?.();
  };

  /** Waits for a process; what it resolves to gives it back. */
  const lease = async (user: string, signal: AbortSignal) => {
    const leave = await queue.enter(user, signal);
    const client = await take().catch((error: unknown) => {
      leave();
      throw error;
    });
    return {
      client,
      release: () => {
        giveBack(client);
        leave();
      },
    };
  };

  return {
    clientFor(user) {
      const withOne = async <Value>(
        signal: AbortSignal,
        work: (client: DatabaseClient) => Promise<Value>,
      ): Promise<Value> => {
        const { client, release } = await lease(user, signal);
        try {
          return await work(client);
        } finally {
          release();
        }
      };
      const call: Call = (name, input, signal) =>
        withOne(signal, (client) => client.call(name, input, signal));
      const writes = createWrites((signal) => lease(user, signal), options.writeMilliseconds);
      return {
        engine,
        call,
        ...methodsOf(call),
        ...writes,
        run: (sql, run) => withOne(run.signal, (client) => client.run(sql, run)),
        look: (request, look) => withOne(look.signal, (client) => client.look(request, look)),
        close: async () => {},
      };
    },
    async close() {
      isClosed = true;
      queue.close(closed());
      for (const { timer } of idle.splice(0)) {
        clearTimeout(timer);
      }
      await Promise.all([...all].map(end));
    },
  };
}

function closed(): SqlqError {
  return new SqlqError('cancelled', 'The database has been closed.');
}
