import { SqlqError } from '../../errors.ts';
import { OutageError } from '../outage.ts';
import { afterOutcome, openUntil } from './breaker.ts';
import type { Endpoint } from './endpoint.ts';
import { answered, type EndpointRecord, ended } from './record.ts';
import type { ModelState } from './state.ts';

/** How long a server may take for something small. */
const pingMilliseconds = 2_000;
/** A server that is loading or too busy is left alone for so long, unless it says how long itself. */
const usualWait = 2_000;

/** Keeps what answers and failures say of endpoints, and tries those that failed. */
export interface Health {
  /** A request was answered, or the server answered that it will not. */
  good(
    endpoint: Endpoint,
    request: { id: string; tokens: number; milliseconds: number | null },
  ): Promise<void>;
  /** A request failed in a way that another server might not. */
  bad(endpoint: Endpoint, request: { id: string; tokens: number }, error: OutageError): Promise<void>;
  /** A request was ended from here, and says nothing of the server. */
  neutral(endpoint: Endpoint, request: { id: string; tokens: number }): void;
  /** Tries endpoints whose breaker has been open long enough, each in one process at a time, and waits for none. */
  tryOpened(): void;
  /** Whether an endpoint is being tried, of which it is known in a moment whether it is well. */
  isTrying(): boolean;
  /** Whether an endpoint answers at all, within a while. */
  isAlive(endpoint: Endpoint, milliseconds: number): Promise<boolean>;
  /** Ends what is tried, when no question waits for it any more. */
  rest(): void;
}

/** `onFound` is called when something has been found out of an endpoint that was tried. */
export function createHealth(endpoints: readonly Endpoint[], state: ModelState, onFound: () => void): Health {
  let stop = new AbortController();
  const trials = new Set<Promise<void>>();
  const change = (endpoint: Endpoint, to: (record: EndpointRecord) => EndpointRecord): void =>
    state.update([endpoint.key], (records) => ({ records: records.map(to), value: undefined }));

  /** Lets the breaker's library decide what an outcome makes of it; others may have changed it meanwhile. */
  async function decide(endpoint: Endpoint, isGood: boolean): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const before = state.update([endpoint.key], (records) => ({
        records,
        value: records[0]?.breaker ?? null,
      }));
      if (isGood && before === null) {
        return;
      }
      const after = await afterOutcome(before, isGood);
      const breaker = openUntil({ breaker: after }) === null ? null : after;
      const isDone = state.update([endpoint.key], (records) => {
        const isSame = records[0]?.breaker === before;
        const changed = records.map((record) => (isSame ? { ...record, breaker, isReady: false } : record));
        return { records: changed, value: isSame };
      });
      if (isDone) {
        return;
      }
    }
  }

  async function tryDoor(endpoint: Endpoint): Promise<void> {
    const { signal } = stop;
    try {
      await endpoint.ping(AbortSignal.any([signal, AbortSignal.timeout(pingMilliseconds)]));
    } catch (error) {
      if (signal.aborted) {
        change(endpoint, (record) => ({ ...record, triedUntil: 0 }));
        return;
      }
      const isSilent = !(error instanceof SqlqError);
      if (isSilent || error instanceof OutageError) {
        await decide(endpoint, false);
        const problem = isSilent ? silence(endpoint) : error.message;
        change(endpoint, (record) => ({ ...record, triedUntil: 0, problem }));
        return;
      }
    }
    change(endpoint, (record) => ({ ...record, triedUntil: 0, isReady: openUntil(record) !== null }));
  }

  return {
    async good(endpoint, { id, tokens, milliseconds }) {
      const wasOpened = state.update([endpoint.key], (records) => ({
        records: records.map((record) => {
          const over = ended(record, id, tokens);
          return milliseconds === null ? over : answered(over, milliseconds, Date.now());
        }),
        value: records.some(({ breaker }) => breaker !== null),
      }));
      if (wasOpened) {
        await decide(endpoint, true);
      }
    },
    async bad(endpoint, { id, tokens }, error) {
      const passes = error.kind === 'busy' || error.kind === 'loading';
      change(endpoint, (record) => ({
        ...ended(record, id, tokens),
        problem: error.message,
        waitUntil: passes ? Date.now() + (error.waitMilliseconds ?? usualWait) : record.waitUntil,
      }));
      if (!passes) {
        await decide(endpoint, false);
      }
    },
    neutral: (endpoint, { id, tokens }) => change(endpoint, (record) => ended(record, id, tokens)),
    tryOpened() {
      for (const endpoint of endpoints) {
        const isMine = state.update([endpoint.key], ([record]) => {
          const now = Date.now();
          const due = record === undefined ? null : openUntil(record);
          const isDue = due !== null && due <= now && record?.isReady === false && record.triedUntil <= now;
          const changed =
            record === undefined
              ? []
              : [isDue ? { ...record, triedUntil: now + pingMilliseconds + 1_000 } : record];
          return { records: changed, value: isDue };
        });
        if (isMine) {
          const trial = tryDoor(endpoint).finally(() => {
            trials.delete(trial);
            onFound();
          });
          trials.add(trial);
        }
      }
    },
    isTrying: () => trials.size > 0,
    async isAlive(endpoint, milliseconds) {
      try {
        await endpoint.ping(AbortSignal.any([stop.signal, AbortSignal.timeout(milliseconds)]));
        return true;
      } catch (error) {
        // Whatever it says, it is there.
        return error instanceof SqlqError && !(error instanceof OutageError && error.kind === 'unreachable');
      }
    },
    rest() {
      stop.abort();
      stop = new AbortController();
    },
  };
}

/** What is said of a server that takes connections and says nothing. */
export function silence({ model, host }: Endpoint): string {
  return `${model.provider} at ${host} has stopped answering`;
}
