import { setTimeout as sleep } from 'node:timers/promises';
import { SqlqError } from '../../../errors.ts';
import type { App } from '../../../serve/app.ts';
import type { Drain } from '../../../serve/http/drain.ts';
import type { CommandContext } from '../../context.ts';

/** What happens to a server while it lives. */
export interface Lifetime {
  /** Resolves once the server is to end. */
  readonly over: Promise<void>;
  /** Aborts what is still under way once the server can wait no longer. */
  readonly ending: AbortSignal;
  /** Takes no more connections, waits for what is under way as long as it may, then ends it. */
  finish(app: App): Promise<void>;
  /** Leaves the signals to whoever had them. */
  close(): void;
}

/**
 * Ends a server by signals: the first SIGINT or SIGTERM lets what runs come to its end, the second one waits for nothing.
 * SIGHUP calls `reload`.
 */
export function createLifetime(
  { onSignals }: Pick<CommandContext, 'onSignals'>,
  drain: Drain,
  patience: number,
  reload: () => void,
): Lifetime {
  const over = Promise.withResolvers<void>();
  const ending = new AbortController();
  const hurry = (): void => ending.abort(new SqlqError('cancelled', 'The server is ending.'));
  const close = onSignals((name) => {
    if (name === 'SIGHUP') {
      reload();
      return;
    }
    if (drain.draining) {
      hurry();
    }
    drain.begin();
    over.resolve();
  });
  return {
    over: over.promise,
    ending: ending.signal,
    async finish(app) {
      // Whoever balances several servers sends what comes now to another one.
      app.server.close();
      const timer = setTimeout(hurry, patience);
      const given = new Promise<void>((resolve) => {
        ending.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([settled(drain), given]);
      clearTimeout(timer);
      // What was ended says so, as far as its caller still listens.
      await within(drain.settled(), farewellMilliseconds);
      app.server.closeIdleConnections();
      const closed = app.close();
      await within(closed, farewellMilliseconds);
      app.server.closeAllConnections();
      await closed;
    },
    close,
  };
}

/** Waits for something so long at most, and leaves no timer behind that the process would wait for. */
async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const done = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: done.signal }).catch(() => {});
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** A connection that was taken a moment ago has not said yet what it wants. */
async function settled(drain: Drain): Promise<void> {
  do {
    await drain.settled();
    await sleep(settleMilliseconds);
  } while (drain.underWay > 0);
}

const settleMilliseconds = 250;

/** So long a server waits for those that it has ended. */
const farewellMilliseconds = 2_000;
