import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SqlqError } from '../../errors.ts';
import { removeLeftCopies } from '../copies.ts';
import type { OpenOptions, Row } from '../database.ts';
import { dialectOf } from '../engines.ts';
import type { Target } from '../target.ts';
import { type Connection, startConnection } from './connection.ts';
import { isMadeOfFiles, queryTooLong, readingTooLong } from './deadlines.ts';
import { deliver, type RunOptions } from './deliver.ts';
import type { LookRequest } from './look.ts';
import { type Call, type Input, type Methods, methodsOf, type Operation, type Output } from './operations.ts';
import type { RunSummary } from './protocol.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';

export type { RunOptions } from './deliver.ts';
export type { RowReader } from './pass-rows.ts';
export type { RunSummary, WriteSummary } from './protocol.ts';

export interface ClientOptions extends OpenOptions {
  /** Bytes of resident memory that the child may take. */
  readonly memoryLimit: number;
  /** The variables of this process, of which the child gets a harmless few. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A process that has been started already, for the first session. */
  readonly started?: Connection | null;
  /** Its runs may stream into a writable; each process gets a pipe more for that. None where it is left out. */
  readonly streams?: Streams;
  /** Called with each thing that the user has to know of the connection, once. */
  readonly onWarning?: (sentence: string) => void;
}

export interface Streams {
  /** How long a run may take that streams, its reader's time too, which the connection's limit leaves out. */
  readonly mostMilliseconds: number;
}

/**
 * A database in a process of its own, which starts at once and connects while the caller does other things. Any call
 * can be aborted: the process is killed, its statement ended at the server, and the next call starts a new one.
 * Everything rejects with a SqlqError, or with the signal's reason. What the operations are is told by their table.
 */
export interface DatabaseClient extends Methods {
  /** The name of its engine. */
  readonly engine: string;
  /** Any of the methods, by its name. */
  readonly call: Call;
  run(sql: string, options: RunOptions): Promise<RunSummary>;
  /** Runs the first of some probes, each judged like any statement; resolves with how many of them. See `look.ts`. */
  look(request: LookRequest, options: LookOptions): Promise<number>;
  close(): Promise<void>;
}

export interface LookOptions {
  readonly signal: AbortSignal;
  /** Called for each probe that has run, in their order; null where it gave no rows. */
  readonly onFound: (rows: readonly Row[] | null) => void;
}

/** One child and what it answered to `open`. */
interface Session {
  readonly connection: Connection;
  readonly opened: Promise<Output<'open'>>;
  /** What ends its statement from outside, once it has opened the database; null before, and for a file. */
  token: string | null;
}

/** How long a server may take to end a statement, before it is left to its own timeouts. */
const serverTimeoutMs = 5000;

/** How long a new session waits where the server has no place for it until it has ended the one that was given up. */
const placeTimeoutMs = 2000;
const placePauseMs = 100;

/** Starts the process of a database. */
export function openDatabase(target: Target, options: ClientOptions): DatabaseClient {
  /** A session was given up, and what the server may still do for it; null before that. */
  let abandoned: { readonly survivor: string | null } | null = null;
  const warned = new Set<string>();
  let current: Session | null = start(options.started);

  function start(started?: Connection | null): Session {
    const connection = started ?? startConnection(options.environment, options.streams !== undefined);
    const { access, hide, trustedFunctions = [], schemas = [], memoryLimit, streams } = options;
    const { trustGuard = false } = options;
    // The server's clock runs on while it waits for a reader: ours, which does not, is the one that counts there.
    const timeoutMilliseconds = Math.max(options.timeoutMilliseconds, streams?.mostMilliseconds ?? 0);
    const opened = whenFree(() =>
      connection.request('open', {
        target,
        options: { access, timeoutMilliseconds, hide, trustedFunctions, trustGuard, schemas },
        watch: { parent: process.pid, memoryLimit },
      }),
    );
    // Whoever calls first hears of a failure; until then nobody listens.
    const session: Session = { connection, opened, token: null };
    opened.then(
      (answer) => {
        session.token = answer.session;
        for (const sentence of answer.warnings.filter((one) => !warned.has(one))) {
          warned.add(sentence);
          options.onWarning?.(sentence);
        }
      },
      () => {},
    );
    return session;
  }

  /** An account that may have one connection gets the next once the server has ended the one that was given up. */
  async function whenFree<T>(connect: () => Promise<T>): Promise<T> {
    const { tooManyConnections } = dialectOf(target.engine);
    const start = performance.now();
    for (;;) {
      try {
        return await connect();
      } catch (error) {
        const isFull = error instanceof SqlqError && tooManyConnections.has(error.engineCode ?? '');
        if (abandoned === null || !isFull) {
          throw error;
        }
        if (performance.now() - start > placeTimeoutMs) {
          throw abandoned.survivor === null ? error : withHint(error, abandoned.survivor);
        }
        await sleep(placePauseMs);
      }
    }
  }

  function call<Name extends Operation>(
    name: Name,
    input: Input<Name>,
    signal: AbortSignal,
  ): Promise<Output<Name>> {
    return withConnection(signal, (connection) => connection.request(name, input));
  }

  /** Asks the child something within the time limit, until it is aborted. */
  async function withConnection<Value>(
    signal: AbortSignal,
    ask: (connection: Connection, limit: Stopwatch) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted();
    if (current === null || !current.connection.alive) {
      current = start();
    }
    const session = current;
    let stop: (reason: unknown) => void = () => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = reject;
    });
    const onAbort = (): void => stop(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    let limit: Stopwatch | null = null;
    const settle = (): void => {
      limit?.end();
      signal.removeEventListener('abort', onAbort);
    };
    const within = (tooLong: (milliseconds: number) => SqlqError): Stopwatch => {
      const { timeoutMilliseconds } = options;
      return startStopwatch(timeoutMilliseconds, () => stop(tooLong(timeoutMilliseconds)));
    };
    try {
      limit = isMadeOfFiles(target) ? within(readingTooLong) : null;
      await Promise.race([session.opened, stopped]);
      limit?.end();
      limit = within(queryTooLong);
      return await Promise.race([ask(session.connection, limit), stopped]);
    } catch (error) {
      settle();
      const isLimit = error instanceof SqlqError && error.code === 'limit';
      if (session.connection.alive && !signal.aborted && !isLimit) {
        throw error;
      }
      const survivor = await abandon(session);
      abandoned = { survivor };
      const told = signal.aborted ? signal.reason : error;
      throw survivor !== null && told instanceof SqlqError ? withHint(told, survivor) : error;
    } finally {
      settle();
    }
  }

  /**
   * Ends a child, and what the server still runs for it; gives back what is left of that, if anything is. The child is
   * stopped first, neither printing nor reading, and killed last: a pooler forgets with the connection whose statement
   * it was to end.
   */
  async function abandon(session: Session): Promise<string | null> {
    if (current === session) {
      current = null;
    }
    const { connection, token } = session;
    if (token === null || !connection.alive) {
      await connection.kill();
    } else {
      connection.freeze();
    }
    if (token === null) {
      if (isMadeOfFiles(target)) {
        removeLeftCopies();
      }
      return null;
    }
    // A process of its own: this one never loads a driver.
    const reaper = startConnection(options.environment);
    const timer = setTimeout(() => void reaper.kill(), serverTimeoutMs);
    try {
      // An account that may have one connection can ask again once this one is gone: so what is left tells, not what failed.
      const failure = await reaper
        .request('cancelSession', { target, session: token })
        .then(() => null, messageOf);
      await connection.kill();
      const left = await reaper.request('leftRunning', { target, session: token });
      return failure !== null && left !== null ? failure : left;
    } catch (error) {
      return messageOf(error);
    } finally {
      clearTimeout(timer);
      await connection.kill();
      await reaper.kill();
    }
  }

  return {
    engine: target.engine,
    call: (name, input, signal) => call(name, input, signal),
    ...methodsOf((name, input, signal) => call(name, input, signal)),
    run: (sql, runOptions) => deliver(sql, runOptions, options, withConnection),
    look: (request, { signal, onFound }) =>
      withConnection(signal, (connection) =>
        connection.request('look', request, { onProgress() {}, beforePrint() {}, onFound }),
      ),
    async close() {
      const session = current;
      current = null;
      if (session === null || !session.connection.alive) {
        return;
      }
      const timer = setTimeout(() => void session.connection.kill(), 1000);
      await session.opened.then(() => session.connection.request('close', null)).catch(() => {});
      clearTimeout(timer);
      // The connection is closed: there is nothing left to wait for, and a process takes its time to die.
      session.connection.dismiss();
    },
  };
}

function withHint(error: SqlqError, more: string): SqlqError {
  const hint = [error.hint, more].filter((text) => text !== null).join('\n');
  return new SqlqError(error.code, error.message, {
    hint,
    cause: error,
    engineCode: error.engineCode ?? undefined,
  });
}
