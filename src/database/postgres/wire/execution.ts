import type { Client, Connection, FieldDef, Submittable } from 'pg';
import { SqlqError } from '../../../errors.ts';
import type { DataSink, Tap } from './tap.ts';

/** How many batches may wait before the connection is told to wait. */
const waitingLimit = 2;
/** A batch that is not full is handed over when the server has been quiet for so long. */
const quietMilliseconds = 5;

/** Turns the messages of one statement into batches of `T`. */
export interface Collector<T> {
  /** The size of messages that makes a batch full. */
  readonly batchBytes: number;
  message(bytes: Buffer, start: number, end: number): void;
  /** What was collected since the last call; null where there was nothing. */
  take(): T | null;
  /** Takes back a batch that nobody reads any more, for its memory. */
  recycle?(batch: T): void;
}

/** A statement that runs and gives its data in batches, no faster than they are taken. */
export interface Execution<T> {
  /** Settles when the server has described the result: null for a statement that returns no rows. */
  readonly described: Promise<readonly FieldDef[] | null>;
  /** The next batch, null at the end. Rejects with what the server said. */
  next(): Promise<T | null>;
  /** Settles when the server is ready for the next statement; what still comes until then is thrown away. */
  drain(): Promise<void>;
  /** The server's command tag, such as `SELECT 12`, once it has ended. */
  readonly tag: string | null;
}

/** What `pg` calls on the object that it is given instead of a query; see its own `Query`. */
interface Handlers extends Submittable {
  handleRowDescription(message: { fields: FieldDef[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(connection: Connection): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

/**
 * Runs one statement in the extended protocol, which takes no second statement in the same text. All rows are asked
 * for at once, since a limited portal would forbid parallel plans; the socket waits while the reader does.
 */
export function execute<T>(
  client: Client,
  tap: Tap,
  sql: string,
  collector: Collector<T>,
  values: readonly string[] = [],
): Execution<T> {
  const stream = client.connection.stream;
  const batches: T[] = [];
  const described = Promise.withResolvers<readonly FieldDef[] | null>();
  const ready = Promise.withResolvers<void>();
  let failure: Error | null = null;
  let ended = false;
  let discarding = false;
  let tag: string | null = null;
  let collected = 0;
  let quiet: NodeJS.Timeout | undefined;
  let wake: () => void = () => {};

  const handOver = (): void => {
    clearTimeout(quiet);
    quiet = undefined;
    collected = 0;
    const batch = discarding ? null : collector.take();
    if (batch === null) {
      return;
    }
    batches.push(batch);
    if (batches.length >= waitingLimit) {
      stream.pause();
    }
    wake();
  };
  const end = (): void => {
    handOver();
    ended = true;
    tap.divert(null);
    stream.resume();
    if (failure === null) {
      described.resolve(null);
    } else {
      described.reject(failure);
    }
    ready.resolve();
    wake();
  };
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const sink: DataSink = {
    message(_type, bytes, start, stop) {
      if (discarding) {
        return;
      }
      collector.message(bytes, start, stop);
      collected += stop - start;
      if (collected >= collector.batchBytes) {
        handOver();
      }
    },
    flush() {
      if (collected > 0) {
        quiet ??= setTimeout(handOver, quietMilliseconds);
      }
    },
    failed: fail,
  };
  const handlers: Handlers = {
    submit(connection) {
      tap.divert(sink);
      connection.parse({ name: '', text: sql, types: [] }, true);
      connection.bind({ portal: '', statement: '', values: [...values] }, true);
      connection.describe({ type: 'P', name: '' }, true);
      connection.execute({ portal: '', rows: '0' }, true);
      connection.sync();
    },
    handleRowDescription({ fields }) {
      described.resolve(fields);
    },
    handleCommandComplete({ text }) {
      tag = text;
    },
    handleEmptyQuery() {},
    handlePortalSuspended() {},
    handleCopyInResponse(connection) {
      connection.stream.destroy(new Error('the server asked for data'));
    },
    // The driver tells a statement that has failed nothing more, not even that the server is ready again.
    handleError(error) {
      fail(error);
      end();
    },
    handleReadyForQuery: end,
  };
  // The rejection belongs to whoever asks; nobody may.
  described.promise.catch(() => {});
  client.query(handlers);

  return {
    described: described.promise,
    get tag() {
      return tag;
    },
    async next() {
      for (;;) {
        const batch = batches.shift();
        if (batch !== undefined) {
          if (batches.length < waitingLimit) {
            stream.resume();
          }
          return batch;
        }
        if (ended) {
          if (failure !== null) {
            throw failure;
          }
          return null;
        }
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        stream.resume();
        await woken.promise;
      }
    },
    async drain() {
      discarding = true;
      batches.length = 0;
      stream.resume();
      await ready.promise;
    },
  };
}

/** What a statement would return, told by the server without running it. */
export function describe(client: Client, sql: string): Promise<readonly FieldDef[]> {
  return new Promise((resolve, reject) => {
    let fields: readonly FieldDef[] = [];
    let failure: Error | null = null;
    const handlers: Handlers = {
      submit(connection) {
        connection.parse({ name: '', text: sql, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription(message) {
        fields = message.fields;
      },
      handleCommandComplete() {},
      handleEmptyQuery() {
        failure = new SqlqError('failed', 'There is no statement.');
      },
      handlePortalSuspended() {},
      handleCopyInResponse() {},
      handleError: reject,
      handleReadyForQuery() {
        if (failure === null) {
          resolve(fields);
        } else {
          reject(failure);
        }
      },
    };
    client.query(handlers);
  });
}
