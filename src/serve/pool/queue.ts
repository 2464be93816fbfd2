import { HttpError } from '../http-error.ts';

export interface QueueOptions {
  /** What is waited for, as a caller is told of it, such as `the database shop`. */
  readonly name: string;
  /** How many are let in at once. */
  readonly atOnce: number;
  /** How many of one user are let in at once; as many as of all unless it is given. */
  readonly mostOfUser?: number;
  /** How many may wait; of whom most wait then, the newest is refused. */
  readonly mostWaiting: number;
  /** Hears how many wait and how many are in, whenever that changes. */
  readonly observe?: (waiting: number, running: number) => void;
}

/**
 * Lets so many in at once; the others wait in order, and users take turns, so that none waits behind all of another's, and
 * none takes all there is from the others.
 */
export interface Queue {
  /**
   * Resolves when there is room, to what is called, once, to leave again. Rejects with an HttpError `busy` where too many wait,
   * at once or when somebody comes of whom fewer do, and with the signal's reason.
   */
  enter(user: string, signal: AbortSignal): Promise<() => void>;
  /** Refuses all that wait, and all that come. */
  close(reason: Error): void;
}

interface Waiter {
  readonly start: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** How much the newest visit counts in what is thought that the next will take. */
const weightOfNewest = 0.2;
const longestRetrySeconds = 60;

export function createQueue({
  name,
  atOnce,
  mostOfUser = atOnce,
  mostWaiting,
  observe = () => {},
}: QueueOptions): Queue {
  /** Those who wait, by user; the user whose turn is next comes first. */
  const waiting = new Map<string, Waiter[]>();
  let waitingCount = 0;
  let running = 0;
  /** How many of a user are in; of whom none is, is not there. */
  const inside = new Map<string, number>();
  let usualMilliseconds = 1000;
  let closed: Error | null = null;

  const tell = (): void => observe(waitingCount, running);
  const mayEnter = (user: string): boolean => running < atOnce && (inside.get(user) ?? 0) < mostOfUser;

  const takeNext = (): Waiter | null => {
    for (const [user, waiters] of waiting) {
      if (closed === null && !mayEnter(user)) {
        continue;
      }
      const next = waiters.shift();
      waiting.delete(user);
      if (waiters.length > 0) {
        waiting.set(user, waiters);
      }
      if (next !== undefined) {
        waitingCount -= 1;
        return next;
      }
    }
    return null;
  };

  const begin = (user: string): (() => void) => {
    running += 1;
    inside.set(user, (inside.get(user) ?? 0) + 1);
    const start = performance.now();
    let isOver = false;
    return () => {
      if (isOver) {
        return;
      }
      isOver = true;
      running -= 1;
      const left = (inside.get(user) ?? 1) - 1;
      if (left === 0) {
        inside.delete(user);
      } else {
        inside.set(user, left);
      }
      usualMilliseconds += (performance.now() - start - usualMilliseconds) * weightOfNewest;
      takeNext()?.start();
      tell();
    };
  };

  const wait = (user: string, signal: AbortSignal): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const own = waiting.get(user) ?? [];
      const leave = (): void => {
        own.splice(own.indexOf(waiter), 1);
        waitingCount -= 1;
        if (own.length === 0) {
          waiting.delete(user);
        }
        tell();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        start() {
          signal.removeEventListener('abort', leave);
          resolve(begin(user));
        },
        refuse(reason) {
          signal.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      own.push(waiter);
      waiting.set(user, own);
      waitingCount += 1;
    });

  const refusal = (): HttpError => busy(name, (usualMilliseconds * (waitingCount + 1)) / atOnce / 1000);

  /** Refuses the newest of whom most wait, where that are more than of a user who comes; whether there is room then. */
  const giveWay = (user: string): boolean => {
    const own = waiting.get(user)?.length ?? 0;
    const [most, waiters] = [...waiting].reduce(
      (one, other) => (other[1].length > one[1].length ? other : one),
      ['', [] as Waiter[]],
    );
    if (waiters.length <= own + 1) {
      return false;
    }
    waiters.pop()?.refuse(refusal());
    if (waiters.length === 0) {
      waiting.delete(most);
    }
    waitingCount -= 1;
    return true;
  };

  return {
    async enter(user, signal) {
      signal.throwIfAborted();
      if (closed !== null) {
        throw closed;
      }
      if (mayEnter(user)) {
        const leave = begin(user);
        tell();
        return leave;
      }
      if (waitingCount >= mostWaiting && !giveWay(user)) {
        throw refusal();
      }
      const entered = wait(user, signal);
      tell();
      return entered;
    },
    close(reason) {
      closed = reason;
      for (let next = takeNext(); next !== null; next = takeNext()) {
        next.refuse(reason);
      }
      tell();
    },
  };
}

function busy(name: string, seconds: number): HttpError {
  return new HttpError('busy', `Too many requests wait for ${name} already.`, {
    hint: 'Try again in a moment.',
    retryAfter: Math.min(longestRetrySeconds, Math.max(1, Math.ceil(seconds))),
  });
}
