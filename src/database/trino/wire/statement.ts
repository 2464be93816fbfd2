import { failureOf, statementFailure, unreadable } from '../errors.ts';
import type { HttpClient } from './http.ts';
import { type Reply, type ReplyColumn, readReply } from './reply.ts';

/** Where statements run: the server, and the headers that all of them have. */
export interface Server {
  readonly http: HttpClient;
  /** For words that say where something failed. */
  readonly place: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a statement is told besides its text. */
export interface StatementOptions {
  readonly signal: AbortSignal;
  /** Headers of this statement alone. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A statement that the server works on. */
export interface Running {
  /** The server's name of it. */
  readonly id: string;
  /** The next page; null after the last one. Throws a SqlqError with the server's words, or the signal's reason. */
  next(): Promise<Reply | null>;
  /** The headers of the first answer that began a transaction; null where none did. */
  readonly transaction: string | null;
  /** Ends the statement at the server, where it has not ended. */
  cancel(): Promise<void>;
}

/** Where the pages of a statement are; anything else is no place to go to. */
const page = /^\/v1\/statement\/(?:queued|executing)\/[\w./-]+$/u;

/** How long the server may take to hear that a statement is to end. */
const cancelTimeoutMs = 3_000;

/** Hands a statement to the server. Settings that the server wishes to be kept are not: each statement brings its own. */
export async function start(
  { http, place, headers }: Server,
  sql: string,
  { signal, headers: own = {} }: StatementOptions,
): Promise<Running> {
  const all = { ...headers, ...own };
  const ask = async (method: 'GET' | 'POST', path: string, body?: string) => {
    const call = { method, path, headers: all, ...(body === undefined ? {} : { body }) };
    const answer = await http.send(call, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw failureOf(error, place);
    });
    const reply = answer.status === 200 ? readReply(answer.text) : null;
    if (reply === null) {
      throw unreadable(answer, place);
    }
    return { reply, headers: answer.headers };
  };
  const first = await ask('POST', '/v1/statement', sql);
  const begun = first.headers['x-trino-started-transaction-id'];
  let waiting: Reply | null = first.reply;
  let transaction = typeof begun === 'string' ? begun : null;
  /** The path of the next page. What host the server believes to be is left out: credentials go nowhere else. */
  let next: string | null = null;

  const take = (reply: Reply): Reply => {
    next = null;
    if (reply.error != null) {
      throw statementFailure(reply.error);
    }
    if (reply.nextUri !== undefined) {
      const { pathname } = new URL(reply.nextUri, 'http://server');
      if (!page.test(pathname)) {
        throw unreadable({ status: 200, headers: {}, text: '' }, place);
      }
      next = pathname;
    }
    return reply;
  };

  return {
    id: first.reply.id,
    get transaction() {
      return transaction;
    },
    async next() {
      if (waiting !== null) {
        const reply = waiting;
        waiting = null;
        return take(reply);
      }
      if (next === null) {
        return null;
      }
      const { reply, headers: found } = await ask('GET', next);
      const id = found['x-trino-started-transaction-id'];
      transaction ??= typeof id === 'string' ? id : null;
      return take(reply);
    },
    async cancel() {
      const path = next ?? (waiting === null ? null : nextOf(waiting));
      next = null;
      waiting = null;
      if (path !== null) {
        const call = { method: 'DELETE', path, headers: all } as const;
        await http.send(call, AbortSignal.timeout(cancelTimeoutMs)).catch(() => {});
      }
    },
  };
}

function nextOf({ nextUri }: Reply): string | null {
  const path = nextUri === undefined ? null : new URL(nextUri, 'http://server').pathname;
  return path !== null && page.test(path) ? path : null;
}

/** The whole result of a statement of ours. */
export interface Whole {
  readonly columns: readonly ReplyColumn[];
  readonly rows: readonly (readonly unknown[])[];
  readonly transaction: string | null;
}

/** Runs a statement of ours and collects what it gives; ends it at the server where the signal says so. */
export async function collect(server: Server, sql: string, options: StatementOptions): Promise<Whole> {
  const running = await start(server, sql, options);
  const rows: (readonly unknown[])[] = [];
  let columns: readonly ReplyColumn[] = [];
  try {
    for (let reply = await running.next(); reply !== null; reply = await running.next()) {
      columns = reply.columns ?? columns;
      rows.push(...(reply.data ?? []));
    }
  } catch (error) {
    await running.cancel();
    throw error;
  }
  return { columns, rows, transaction: running.transaction };
}
