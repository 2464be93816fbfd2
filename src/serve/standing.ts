import { messageOf } from '../errors.ts';
import type { Caller } from './caller.ts';
import { HttpError } from './http-error.ts';
import type { Login } from './login.ts';

/** Whether those who were let in may still do what they were let in for. */
export interface Standing {
  /** Rejects with an HttpError where a caller may less by now than when they were let in. */
  require(caller: Caller): Promise<void>;
  /** Looks again and again until it is released. */
  watch(caller: Caller): Watched;
  close(): void;
}

/** A caller whose work is under way. */
export interface Watched {
  /** Aborts with an HttpError soon after they may less. */
  readonly signal: AbortSignal;
  release(): void;
}

export interface StandingOptions {
  readonly everyMilliseconds: number;
  /** Where nobody can be asked for so long, all that is watched ends. */
  readonly patienceMilliseconds: number;
}

const usual: StandingOptions = { everyMilliseconds: 2_000, patienceMilliseconds: 30_000 };

/**
 * Whoever is disabled, signed out or may less from now on does not go on with what began before: a long read ends, and what
 * waits does not begin. Whoever may more is left alone. However many requests there are, a look at all of them is few statements.
 */
export function createStanding(
  login: Pick<Login, 'recall'>,
  { everyMilliseconds, patienceMilliseconds }: StandingOptions = usual,
): Standing {
  const watched = new Map<{ readonly caller: Caller }, AbortController>();
  let timer: NodeJS.Timeout | null = null;
  let lastKnown = performance.now();
  let isClosed = false;

  const look = async (): Promise<void> => {
    const all = [...watched];
    try {
      const may = await login.recall(all.map(([{ caller }]) => caller));
      lastKnown = performance.now();
      for (const [index, [{ caller }, controller]] of all.entries()) {
        const refusal = refusalOf(caller, may[index] ?? null);
        if (refusal !== null) {
          controller.abort(refusal);
        }
      }
    } catch (error) {
      if (performance.now() - lastKnown > patienceMilliseconds) {
        for (const [, controller] of all) {
          controller.abort(unknown(error));
        }
      }
    }
  };
  const lookLater = (): void => {
    timer ??= setTimeout(async () => {
      await look();
      timer = null;
      if (watched.size > 0 && !isClosed) {
        lookLater();
      }
    }, everyMilliseconds).unref();
  };

  return {
    async require(caller) {
      const [may = null] = await login.recall([caller]);
      const refusal = refusalOf(caller, may);
      if (refusal !== null) {
        throw refusal;
      }
    },
    watch(caller) {
      const key = { caller };
      const controller = new AbortController();
      if (watched.size === 0) {
        lastKnown = performance.now();
      }
      watched.set(key, controller);
      lookLater();
      return { signal: controller.signal, release: () => void watched.delete(key) };
    },
    close() {
      isClosed = true;
      clearTimeout(timer ?? undefined);
    },
  };
}

/** Why somebody may not go on; null where they may. */
function refusalOf(then: Caller, now: Caller | null): HttpError | null {
  if (now === null) {
    return new HttpError('unauthorized', 'You were signed out, or may not use this server any more.');
  }
  return mayLess(then, now)
    ? new HttpError('forbidden', 'What you may do here was changed while this was under way: it has ended.', {
        hint: 'Begin it again, with what you may do now.',
      })
    : null;
}

function mayLess(then: Caller, now: Caller): boolean {
  return (
    [...then.roles].some((role) => !now.roles.has(role)) ||
    isNarrower(then.databases, now.databases) ||
    isNarrower(then.profiles, now.profiles) ||
    now.hide.some((pattern) => !then.hide.includes(pattern)) ||
    isLower(then.rowLimit, now.rowLimit) ||
    isLower(then.dollars, now.dollars)
  );
}

/** Null is all. */
function isNarrower(then: readonly string[] | null, now: readonly string[] | null): boolean {
  return now !== null && (then === null || then.some((name) => !now.includes(name)));
}

/** Null is without a bound. */
function isLower(then: number | null, now: number | null): boolean {
  return now !== null && (then === null || now < then);
}

function unknown(error: unknown): HttpError {
  return new HttpError('busy', `Whether you may still do this can't be found out now: ${messageOf(error)}`, {
    hint: 'Try again in a moment.',
    retryAfter: 10,
  });
}
