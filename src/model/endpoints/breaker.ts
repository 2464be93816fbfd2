import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  noJitterGenerator,
} from 'cockatiel';
import { z } from 'zod';
import type { EndpointRecord } from './record.ts';

/** The door stays shut for a second, then for twice as long each time, and never for longer than this. */
const firstMilliseconds = 1_000;
const longestMilliseconds = 30_000;

/** One failure opens it: whatever else there is to ask is asked at once, and what was wrong is tried without a question. */
function policyOf(breaker: string | null): CircuitBreakerPolicy {
  return circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(1),
    // No jitter: the time has to be the same in each process that reads the state.
    halfOpenAfter: new ExponentialBackoff({
      generator: noJitterGenerator,
      initialDelay: firstMilliseconds,
      maxDelay: longestMilliseconds,
    }),
    ...(breaker === null ? {} : { initialState: JSON.parse(breaker) }),
  });
}

const openSchema = z.object({
  ownState: z.object({
    value: z.literal(CircuitState.Open),
    openedAt: z.number(),
    // The library counts up to it.
    attemptNo: z.int().min(1).max(1_000_000),
  }),
  breakerState: z.number(),
});

/** When an endpoint may be tried again, in milliseconds since 1970; null where its breaker is closed. */
export function openUntil({ breaker }: Pick<EndpointRecord, 'breaker'>): number | null {
  const parsed = openSchema.safeParse(breaker === null ? null : jsonOf(breaker));
  if (!parsed.success) {
    return null;
  }
  const { openedAt, attemptNo } = parsed.data.ownState;
  // A clock that was set back must not keep it open.
  if (openedAt > Date.now() + firstMilliseconds) {
    return null;
  }
  return openedAt + Math.min(longestMilliseconds, firstMilliseconds * 2 ** (attemptNo - 1));
}

/** The breaker after an endpoint has failed or answered. A text that no breaker wrote counts as none. */
export async function afterOutcome(breaker: string | null, isGood: boolean): Promise<string> {
  const known = openUntil({ breaker }) === null ? null : breaker;
  const policy = policyOf(known);
  await policy
    .execute(() => {
      if (!isGood) {
        throw new Error('it failed');
      }
    })
    .catch(() => {});
  return JSON.stringify(policy.toJSON());
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
