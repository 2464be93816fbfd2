import { RateLimiterMemory, RateLimiterRes, RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import { type Count, type SharedState, StateLostError } from '../state/state.ts';
import type { Rate } from './rate.ts';

/** What is left of a rate after a request. */
export interface Allowance {
  readonly isOver: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** In so many milliseconds all of it is there again. */
  readonly milliseconds: number;
}

/** Counts requests against a rate, those of all instances together. */
export interface Limiter {
  take(key: string): Promise<Allowance>;
}

/** The library's own limiter over what the instances share. */
class SharedLimiter extends RateLimiterStoreAbstract {
  private readonly state: SharedState;

  constructor(state: SharedState, options: ConstructorParameters<typeof RateLimiterStoreAbstract>[0]) {
    super(options);
    this.state = state;
  }

  protected _upsert(key: string, points: number, milliseconds: number): Promise<Count> {
    return this.state.count(key, points, milliseconds);
  }

  protected _getRateLimiterRes(
    _key: string,
    changed: number,
    { count, milliseconds }: Count,
  ): RateLimiterRes {
    return new RateLimiterRes(Math.max(0, this.points - count), milliseconds, count, count === changed);
  }
}

/**
 * A limiter whose counts all instances share. Where the state is lost, each instance counts its own: more than the rate may
 * get through, and nobody is turned away for it.
 */
export function createLimiter(state: SharedState, name: string, { requests, milliseconds }: Rate): Limiter {
  const rate = { points: requests, duration: milliseconds / 1_000, keyPrefix: `rate:${name}` };
  const limiter = new SharedLimiter(state, {
    ...rate,
    storeClient: state,
    // Whoever is over it is not looked up again before it is over: a flood does not reach the store.
    inMemoryBlockOnConsumed: requests + 1,
    insuranceLimiter: new RateLimiterMemory(rate),
  });
  return {
    async take(key) {
      try {
        return allowance(await limiter.consume(key), requests, false);
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) {
          return allowance(thrown, requests, true);
        }
        throw thrown instanceof Error ? thrown : new StateLostError(thrown);
      }
    },
  };
}

function allowance(
  { remainingPoints, msBeforeNext }: RateLimiterRes,
  limit: number,
  isOver: boolean,
): Allowance {
  return { isOver, limit, remaining: remainingPoints, milliseconds: Math.max(0, msBeforeNext) };
}
