import { openUntil } from './breaker.ts';
import { type EndpointRecord, windowMilliseconds } from './record.ts';

/** How much an endpoint may be asked; null for no limit. */
export interface Limits {
  readonly requestsAtOnce: number | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

export const noLimits: Limits = { requestsAtOnce: null, requestsPerMinute: null, tokensPerMinute: null };

/** Whether an endpoint can take a question. */
export type Availability =
  | { readonly kind: 'now' }
  /** It has enough to do; from a time on it may have room, and maybe before. */
  | { readonly kind: 'full'; readonly at: number }
  /** Its breaker is open; from that time on it may be tried. */
  | { readonly kind: 'down'; readonly at: number }
  /** The question alone is more than its limit. */
  | { readonly kind: 'never'; readonly limit: number };

const soonMilliseconds = 100;

/** Whether an endpoint can take a question of so many tokens now. `isOnlyOne`: there is no other, and
 * what it failed with before counts for nothing. */
export function availability(
  record: EndpointRecord,
  limits: Limits,
  tokens: number,
  now: number,
  isOnlyOne = false,
): Availability {
  const { requestsAtOnce, requestsPerMinute, tokensPerMinute } = limits;
  if (tokensPerMinute !== null && tokens > tokensPerMinute) {
    return { kind: 'never', limit: tokensPerMinute };
  }
  const down = isOnlyOne ? null : openUntil(record);
  if (down !== null && !record.isReady) {
    return { kind: 'down', at: down };
  }
  const open = record.requests.filter(({ isOpen }) => isOpen);
  // What was just found well again shows it by one question.
  const atOnce = down === null ? requestsAtOnce : 1;
  const times = [
    isOnlyOne ? 0 : record.waitUntil,
    // When one of them ends nobody knows.
    atOnce !== null && open.length >= atOnce ? now + soonMilliseconds : 0,
    roomAt(record, requestsPerMinute, ({ count }) => count, 1),
    roomAt(record, tokensPerMinute, (request) => request.tokens, tokens),
  ];
  const at = Math.max(...times);
  return at > now ? { kind: 'full', at } : { kind: 'now' };
}

type Request = EndpointRecord['requests'][number];

/** When the last minute has room for more, as requests leave it one after the other. */
function roomAt(
  { requests }: EndpointRecord,
  limit: number | null,
  measure: (request: Request) => number,
  more: number,
): number {
  if (limit === null) {
    return 0;
  }
  let used = requests.reduce((sum, request) => sum + measure(request), 0);
  let at = 0;
  for (const request of [...requests].sort((a, b) => a.at - b.at)) {
    if (used + more <= limit) {
      break;
    }
    used -= measure(request);
    at = request.at + windowMilliseconds;
  }
  return at;
}
