import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Rate } from '../../config/settings/rate.ts';
import { type SharedState, StateLostError } from '../state/state.ts';

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

/**
 * A limiter whose counts all instances share. Where the state is lost, each instance counts its own: more than the rate may
 * get through, and nobody is turned away for it.
 */
export function createLimiter(state: SharedState, name: string, { requests, milliseconds }: Rate): Limiter {
  const own = new RateLimiterMemory({ points: requests, duration: milliseconds / 1_000 });
  const allowance = (taken: number, left: number): Allowance => ({
    isOver: taken > requests,
    limit: requests,
    remaining: Math.max(0, requests - taken),
    milliseconds: Math.max(0, left),
  });
  return {
    async take(key) {
      try {
        const { count, milliseconds: left } = await state.count(`rate:${name}:${key}`, 1, milliseconds);
        return allowance(count, left);
      } catch (error) {
        if (!(error instanceof StateLostError)) {
          throw error;
        }
        const { consumedPoints, msBeforeNext } = await consume(own, key);
        return allowance(consumedPoints, msBeforeNext);
      }
    },
  };
}

/** The library rejects with the same that it resolves to where a rate is passed. */
async function consume(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) {
      return thrown;
    }
    throw thrown;
  }
}
