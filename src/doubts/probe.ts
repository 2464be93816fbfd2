import type { Row } from '../database/database.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { SqlqError } from '../errors.ts';

/** Queries of our own that look at the data, together within a time. */
export interface Prober {
  /** Whether the time is over, for what was asked and is not known already. */
  readonly isLate: boolean;
  /** Whether half of the time is left. */
  readonly hasHalf: boolean;
  /** How many queries were run, and how many of them did not come to their end. */
  readonly queries: number;
  readonly unanswered: number;
  /**
   * Runs a query through the guard, read-only, at most `limit` rows; null where the guard refuses it, where the database can't
   * run it, or where the time is over. The same query is run once.
   */
  probe(sql: string, limit?: number): Promise<readonly Row[] | null>;
  /** Begins a new span of time. */
  restart(timeoutMs: number): void;
  /** What the server still does for queries that were ended, in whole sentences; each is given once. */
  takeLeftRunning(): readonly string[];
}

/** Rejects with the signal's reason alone, or with that and what the server still does. */
export function createProber(
  database: Pick<DatabaseClient, 'run'>,
  timeoutMs: number,
  signal: AbortSignal,
): Prober {
  const known = new Map<string, readonly Row[] | null>();
  let span = timeoutMs;
  let deadline = performance.now() + span;
  let isLate = false;
  let queries = 0;
  let unanswered = 0;
  let leftRunning: string[] = [];
  return {
    get isLate() {
      return isLate;
    },
    get queries() {
      return queries;
    },
    get unanswered() {
      return unanswered;
    },
    get hasHalf() {
      return !isLate && deadline - performance.now() > span / 2;
    },
    restart(milliseconds) {
      span = milliseconds;
      deadline = performance.now() + span;
      isLate = false;
    },
    async probe(sql, limit = 1) {
      const key = `${limit} ${sql}`;
      const before = known.get(key);
      if (before !== undefined) {
        return before;
      }
      const left = deadline - performance.now();
      if (left <= 0) {
        isLate = true;
        return null;
      }
      const over = new AbortController();
      const timeout = new SqlqError('limit', 'There was no time for this look.');
      const timer = setTimeout(() => over.abort(timeout), Math.ceil(left));
      queries += 1;
      try {
        const limits = { limit, milliseconds: left + graceMs };
        const rows = await run(database, sql, limits, AbortSignal.any([signal, over.signal]));
        signal.throwIfAborted();
        if (over.signal.aborted) {
          isLate = true;
          unanswered += 1;
          return null;
        }
        unanswered += rows === null ? 1 : 0;
        known.set(key, rows);
        return rows;
      } catch (error) {
        // The time is over, and the client has something to say of what the server still does.
        if (!(error instanceof SqlqError) || error.cause !== timeout) {
          throw error;
        }
        isLate = true;
        unanswered += 1;
        leftRunning.push(error.hint ?? '');
        return null;
      } finally {
        clearTimeout(timer);
      }
    },
    takeLeftRunning() {
      const taken = leftRunning;
      leftRunning = [];
      return taken;
    },
  };
}

/** The server ends a look by itself where nobody is left to end it: a little later than this program would. */
const graceMs = 500;

async function run(
  database: Pick<DatabaseClient, 'run'>,
  sql: string,
  limits: { readonly limit: number; readonly milliseconds: number },
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  try {
    const { data } = await database.run(sql, {
      render: { format: 'csv', csvSafe: false, width: null, color: false },
      destination: { kind: 'rows' },
      ...limits,
      signal,
    });
    return data;
  } catch (error) {
    const isOfReason = error instanceof SqlqError && error.cause === signal.reason && signal.aborted;
    if (!isOfReason && (error instanceof SqlqError || signal.aborted)) {
      return null;
    }
    throw error;
  }
}
