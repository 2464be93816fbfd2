import { SqlqError } from '../../errors.ts';
import type { OutageError } from '../outage.ts';
import type { Admitted } from './admission.ts';
import { openUntil } from './breaker.ts';
import { timeOf } from './clock.ts';
import { atHost, type Endpoint } from './endpoint.ts';
import type { ModelState } from './state.ts';

/** The endpoints of a profile. */
interface Group {
  readonly profile: string;
  readonly endpoints: readonly Endpoint[];
  readonly state: ModelState;
}

/** A question that nobody answered. */
interface Unanswered {
  readonly tokens: number;
  /** When it is over, by `performance.now()`. */
  readonly end: number;
  readonly problems: ReadonlyMap<Endpoint, OutageError>;
}

/** The error for a question that no endpoint takes. */
export function whyNone(
  { profile, endpoints, state }: Group,
  { problems, tokens, end }: Unanswered,
  admitted: Exclude<Admitted, { kind: 'admitted' }>,
): SqlqError {
  if (admitted.kind === 'too large') {
    return new SqlqError(
      'limit',
      `The request of about ${tokens} tokens is more than the ${admitted.limit} a minute that ${profile} may be asked`,
      { hint: 'Send fewer tables with --include, or raise tokensPerMinute of its endpoints.' },
    );
  }
  if (admitted.kind === 'full' && problems.size === 0) {
    const seconds = Math.ceil(Math.max(0, end - performance.now()) / 1000);
    return new SqlqError('limit', `No endpoint of ${profile} has room within the next ${seconds} s`, {
      hint: "Ask later, ask less at once with --jobs, or raise the limits of its endpoints or the profile's timeout.",
    });
  }
  const [only] = problems.values();
  if (endpoints.length === 1 && only !== undefined) {
    return only;
  }
  const lines = endpoints.map(
    (endpoint) => `  ${atHost(endpoint.host, problemOf(state, endpoint, problems.get(endpoint)))}`,
  );
  const codes = new Set([...problems.values()].map(({ code }) => code));
  return new SqlqError(
    codes.size === 1 && codes.has('usage') ? 'usage' : 'failed',
    `No endpoint of ${profile} answers:\n${lines.join('\n')}`,
    { hint: `What each lacks says: sqlq doctor --profile ${profile}` },
  );
}

function problemOf(state: ModelState, { key }: Endpoint, error: SqlqError | undefined): string {
  const record = state.update([key], (records) => ({ records, value: records[0] }));
  const text = error?.message ?? record?.problem ?? 'it has enough to do';
  const until = record === undefined ? null : openUntil(record);
  return until === null || until <= Date.now() ? text : `${text}; left alone until ${timeOf(until)}`;
}
