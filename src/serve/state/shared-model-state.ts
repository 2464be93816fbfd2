import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type EndpointRecord, recordSchema } from '../../model/endpoints/record.ts';
import type { ModelState } from '../../model/endpoints/state.ts';
import type { SharedState } from './state.ts';

const prefix = 'endpoint:';
const channel = 'endpoints';
/** A breaker is open for half a minute at most, and a server seldom wants to be left alone for longer than this. */
const keptMilliseconds = 10 * 60_000;

/** What one instance tells the others of an endpoint; the rest of a record counts its own requests. */
const shared = { breaker: true, problem: true, waitUntil: true } as const;
const messageSchema = z.object({
  from: z.string(),
  key: z.string(),
  record: recordSchema.pick(shared),
});
type Told = z.output<typeof messageSchema>['record'];

/**
 * A state of models that tells the other instances which endpoints fail and which are well again, and hears it of them.
 * While they can't be told, each finds out for itself.
 */
export async function sharedModelState(
  local: ModelState,
  state: SharedState,
): Promise<{ readonly state: ModelState; readonly close: () => void }> {
  const me = randomUUID();

  function hear(text: string): void {
    const message = readMessage(text);
    if (message !== null && message.from !== me) {
      local.update([message.key], (records) => ({
        records: records.map((record) => ({ ...record, ...message.record, isReady: false })),
        value: undefined,
      }));
    }
  }

  async function tell(key: string, record: Told): Promise<void> {
    const message = JSON.stringify({ from: me, key, record });
    await state.set(prefix + key, message, keptMilliseconds);
    await state.publish(channel, message);
  }

  const stop = await state.subscribe(channel, hear).catch(() => () => {});
  // What was told before this instance was there.
  const told = await state
    .keys(prefix)
    .then((keys) => Promise.all(keys.map((key) => state.get(key))))
    .catch(() => []);
  for (const text of told) {
    hear(text ?? '');
  }
  return {
    close: stop,
    state: {
      ...local,
      update(keys, change) {
        const changed: [key: string, record: Told][] = [];
        const value = local.update(keys, (before) => {
          const result = change(before);
          changed.length = 0;
          for (const [index, key] of keys.entries()) {
            const [was, is] = [before[index], result.records[index]];
            if (is !== undefined && (was === undefined || !saysTheSame(was, is))) {
              changed.push([key, toldOf(is)]);
            }
          }
          return result;
        });
        for (const [key, record] of changed) {
          void tell(key, record).catch(() => {});
        }
        return value;
      },
    },
  };
}

function toldOf({ breaker, problem, waitUntil }: EndpointRecord): Told {
  return { breaker, problem, waitUntil };
}

/** A new problem of an endpoint that is known to fail is no news. */
function saysTheSame(one: EndpointRecord, other: EndpointRecord): boolean {
  return one.breaker === other.breaker && one.waitUntil === other.waitUntil;
}

function readMessage(text: string): z.output<typeof messageSchema> | null {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
