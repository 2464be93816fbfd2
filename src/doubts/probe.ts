import { setImmediate as turn } from 'node:timers/promises';
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
  /** Its queries go before those of a higher rank that wait too. */
  ranked(rank: number): RankedProber;
  /** Begins a new span of time. */
  restart(timeoutMs: number): void;
  /** What the server still does for queries that were ended, in whole sentences; each is given once. */
  takeLeftRunning(): readonly string[];
}

/** What one look asks by. */
export interface RankedProber {
  readonly probe: Prober['probe'];
  /** Whether one of its own queries had no time. */
  readonly isLate: boolean;
}

/** A query that waits to be sent, or for its rows. */
interface Waiting {
  readonly sql: string;
  readonly limit: number;
  readonly rank: number;
  readonly settle: (rows: readonly Row[] | null, isLate: boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface Answer {
  readonly rows: readonly Row[] | null;
  readonly isLate: boolean;
}

/** The server ends a look by itself where nobody is left to end it: a little later than this program would. */
const graceMs = 500;

/**
 * What is asked at the same time goes to the database in one message. Rejects with the signal's reason alone, or with that
 * and what the server still does.
 */
export function createProber(
  database: Pick<DatabaseClient, 'look'>,
  timeoutMs: number,
  signal: AbortSignal,
): Prober {
  const known = new Map<string, Promise<Answer>>();
  let span = timeoutMs;
  let deadline = performance.now() + span;
  let isLate = false;
  let queries = 0;
  let unanswered = 0;
  let leftRunning: string[] = [];
  let queue: Waiting[] = [];
  let isAtWork = false;

  const giveUp = (some: readonly Waiting[]): void => {
    isLate = true;
    for (const { settle } of some) {
      settle(null, true);
    }
  };

  /** Sends what waits, what is worth most first; what was not begun waits on. */
  const sendRound = async (): Promise<void> => {
    const sent = queue.toSorted((a, b) => a.rank - b.rank);
    queue = [];
    if (signal.aborted) {
      for (const { reject } of sent) {
        reject(signal.reason);
      }
      return;
    }
    const left = deadline - performance.now();
    if (left <= 0) {
      giveUp(sent);
      return;
    }
    const over = new AbortController();
    const timeout = new SqlqError('limit', 'There was no time for this look.');
    const timer = setTimeout(() => over.abort(timeout), Math.ceil(left));
    const answered = (rows: readonly Row[] | null): void => {
      queries += 1;
      unanswered += rows === null ? 1 : 0;
      sent.shift()?.settle(rows, false);
    };
    try {
      await database.look(
        { probes: sent.map(({ sql, limit }) => ({ sql, limit })), milliseconds: left + graceMs },
        { signal: AbortSignal.any([signal, over.signal]), onFound: answered },
      );
      signal.throwIfAborted();
    } catch (error) {
      const isTime = error === timeout || (error instanceof SqlqError && error.cause === timeout);
      if (!isTime && (!(error instanceof SqlqError) || signal.aborted)) {
        for (const { reject } of sent.splice(0)) {
          reject(error);
        }
        return;
      }
      // The client has something to say of what the server still does.
      if (error instanceof SqlqError && error.cause === timeout) {
        leftRunning.push(error.hint ?? '');
      }
      if (isTime) {
        queries += 1;
        unanswered += 1;
        giveUp(sent.splice(0));
      } else {
        answered(null);
      }
    } finally {
      clearTimeout(timer);
    }
    queue.push(...sent);
  };

  const work = async (): Promise<void> => {
    if (isAtWork) {
      return;
    }
    isAtWork = true;
    do {
      // Whoever goes on with an answer asks the next question by then.
      await turn();
      await sendRound();
    } while (queue.length > 0);
    isAtWork = false;
  };

  const ask = async (rank: number, sql: string, limit: number): Promise<Answer> => {
    const key = `${limit} ${sql}`;
    const before = known.get(key);
    if (before !== undefined) {
      return before;
    }
    const answer = new Promise<Answer>((resolve, reject) => {
      const settle: Waiting['settle'] = (rows, isOver) => {
        if (isOver) {
          known.delete(key);
        }
        resolve({ rows, isLate: isOver });
      };
      queue.push({ sql, limit, rank, settle, reject });
    });
    known.set(key, answer);
    void work();
    return answer;
  };

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
      return (await ask(0, sql, limit)).rows;
    },
    ranked(rank) {
      let isOwnLate = false;
      return {
        get isLate() {
          return isOwnLate;
        },
        async probe(sql, limit = 1) {
          const { rows, isLate: isOver } = await ask(rank, sql, limit);
          isOwnLate ||= isOver;
          return rows;
        },
      };
    },
    takeLeftRunning() {
      const taken = leftRunning;
      leftRunning = [];
      return taken;
    },
  };
}
