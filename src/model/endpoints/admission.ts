import { setTimeout as sleep } from 'node:timers/promises';
import { type Candidate, choose, turnsAfter } from './choose.ts';
import type { Endpoint } from './endpoint.ts';
import type { Health } from './health.ts';
import { type Availability, availability } from './limits.ts';
import type { EndpointRecord } from './record.ts';
import type { ModelState } from './state.ts';
import type { Strategy } from './strategies.ts';

/** A question that wants an endpoint. */
export interface Applicant {
  readonly id: string;
  /** Tokens that it takes, by estimate. */
  readonly tokens: number;
  /** What stays at one endpoint. */
  readonly stickTo: string;
  /** Endpoints that it has no use for. */
  readonly excluded: ReadonlySet<Endpoint>;
  /** When it is over, by `performance.now()`. */
  readonly end: number;
}

/** An endpoint for a question, or why there is none. */
export type Admitted =
  | { readonly kind: 'admitted'; readonly endpoint: Endpoint }
  /** All that are left are down. */
  | { readonly kind: 'down' }
  /** All that are left have enough to do for as long as the question has time. */
  | { readonly kind: 'full' }
  /** The question alone is more than any may be asked in a minute. */
  | { readonly kind: 'too large'; readonly limit: number };

/** Hands out endpoints. */
export interface Admission {
  /** Waits in the order of the calls until an endpoint has room. */
  admit(applicant: Applicant, signal: AbortSignal): Promise<Admitted>;
  /** An endpoint that has room now, ahead of those who wait; null where none has. */
  admitNow(applicant: Applicant): Endpoint | null;
  /** Something has ended, so that there may be room. */
  wake(): void;
}

/** Others in other processes make no sound when they end. */
const pollMilliseconds = 100;
/** A latency that is older says little. */
const staleMilliseconds = 60_000;

/** `patience`: all being down, how many milliseconds it is worth to wait for one that is due to be tried. */
export function createAdmission(
  endpoints: readonly Endpoint[],
  strategy: Strategy,
  state: ModelState,
  health: Health,
  patience: number,
): Admission {
  const isOnlyOne = endpoints.length === 1;
  let line: Promise<unknown> = Promise.resolve();
  let wakers: (() => void)[] = [];

  /** One look at all endpoints, which takes the best of those that have room. */
  function look({ id, tokens, stickTo, excluded, end }: Applicant): Availability & { endpoint?: Endpoint } {
    const able = endpoints.filter((endpoint) => !excluded.has(endpoint));
    const keys = able.map(({ key }) => key);
    return state.update(keys, (records) => {
      const now = Date.now();
      const found = able.map((endpoint, index) => {
        const record = records[index];
        return record === undefined
          ? []
          : [{ endpoint, record, is: availability(record, endpoint.limits, tokens, now, isOnlyOne) }];
      });
      const all = found.flat();
      const free = all.filter(({ is }) => is.kind === 'now');
      const candidates = free.map((one) => candidateOf(one, now));
      const chosen = choose(strategy, candidates, stickTo);
      const taken = chosen === null ? undefined : free[chosen];
      if (chosen === null || taken === undefined) {
        return { records, value: soonest(all.map(({ is }) => is)) };
      }
      const turns = turnsAfter(candidates, chosen);
      const until = now + Math.max(0, end - performance.now());
      const request = { id, process: process.pid, at: now, until, tokens, isOpen: true, count: 1 };
      const changed = records.map((record) => {
        const place = free.findIndex((one) => one.record === record);
        const turned = place < 0 ? record : { ...record, turn: turns[place] ?? record.turn };
        return record === taken.record ? { ...turned, requests: [...turned.requests, request] } : turned;
      });
      return { records: changed, value: { kind: 'now' as const, endpoint: taken.endpoint } };
    });
  }

  async function wait(applicant: Applicant, signal: AbortSignal): Promise<Admitted> {
    const patienceEnd = performance.now() + patience;
    for (;;) {
      signal.throwIfAborted();
      if (!isOnlyOne) {
        health.tryOpened();
      }
      const { endpoint, ...is } = look(applicant);
      if (endpoint !== undefined) {
        return { kind: 'admitted', endpoint };
      }
      if (is.kind === 'never') {
        return { kind: 'too large', limit: is.limit };
      }
      // Where another process tries it, that is known soon, and makes no sound here.
      const least = is.kind === 'down' ? pollMilliseconds : 1;
      const at = performance.now() + Math.max(least, is.kind === 'now' ? 0 : is.at - Date.now());
      if (is.kind === 'down' && at > patienceEnd && !health.isTrying()) {
        return { kind: 'down' };
      }
      if (at > applicant.end) {
        return { kind: is.kind === 'down' ? 'down' : 'full' };
      }
      await soon(Math.min(at - performance.now(), pollMilliseconds), signal);
    }
  }

  /** Waits until something has ended or been found out, or for so many milliseconds. */
  async function soon(milliseconds: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const woken = new Promise<void>((resolve) => wakers.push(resolve));
    const slept = sleep(milliseconds, undefined, { signal: AbortSignal.any([signal, stop.signal]) }).catch(
      () => {},
    );
    await Promise.race([woken, slept]);
    stop.abort();
    signal.throwIfAborted();
  }

  return {
    admit(applicant, signal) {
      const turn = line.then(() => wait(applicant, signal));
      line = turn.catch(() => {});
      return turn;
    },
    admitNow: (applicant) => look(applicant).endpoint ?? null,
    wake() {
      const woken = wakers;
      wakers = [];
      for (const wakeUp of woken) {
        wakeUp();
      }
    },
  };
}

function candidateOf(
  { endpoint, record }: { endpoint: Endpoint; record: EndpointRecord },
  now: number,
): Candidate {
  const { latencies, answeredAt, requests, turn } = record;
  const recent = latencies.slice(-10);
  const isStale = recent.length === 0 || answeredAt < now - staleMilliseconds;
  return {
    key: endpoint.key,
    weight: endpoint.weight,
    turn,
    active: requests.filter(({ isOpen }) => isOpen).length,
    latency: isStale ? null : recent.reduce((sum, one) => sum + one, 0) / recent.length,
  };
}

/** What several unavailable endpoints come to: the one that has room first, before one that may be tried, before none. */
function soonest(all: readonly Availability[]): Availability {
  for (const kind of ['full', 'down'] as const) {
    const times = all.flatMap((one) => (one.kind === kind ? [one.at] : []));
    if (times.length > 0) {
      return { kind, at: Math.min(...times) };
    }
  }
  return all.find(({ kind }) => kind === 'never') ?? { kind: 'down', at: Number.POSITIVE_INFINITY };
}
