import { HttpError } from '../http-error.ts';

/** Lets a few pieces of work go on at once and a few wait; all others are refused. */
export interface Gate {
  /** Does some work when it is its turn. Rejects with an HttpError `busy` where too many wait. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createGate({ atOnce, waiting: most }: { atOnce: number; waiting: number }): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    async pass(work) {
      if (inside >= atOnce) {
        if (waiting.length >= most) {
          throw new HttpError('busy', 'Too many people sign in at once.', { retryAfter: 2 });
        }
        // Whoever leaves hands over their place.
        await new Promise<void>((enter) => waiting.push(enter));
      } else {
        inside += 1;
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) {
          inside -= 1;
        } else {
          next();
        }
      }
    },
  };
}
