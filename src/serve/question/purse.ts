import type { Model } from '../../model/model.ts';
import type { Caller } from '../caller.ts';
import { HttpError } from '../http-error.ts';
import { createQueue, type Queue } from '../pool/queue.ts';
import type { SharedState } from '../state/state.ts';
import { takeTurn } from '../state/turn.ts';

/** What callers spend on models. */
export interface Purse {
  /**
   * A model that is paid for from what a caller may spend a day, at whatever instance. It rejects with an HttpError `too-many` once that is spent, and
   * with `busy` where too many of their requests wait.
   */
  paid(model: Model, caller: Caller): Model;
}

const day = 24 * 60 * 60_000;
/** Money is counted in whole parts of a dollar, so that no sum is off by what binary fractions lose. */
const partsOfDollar = 1_000_000;
/** So many requests of a caller wait for the one before, whose cost nobody knows yet. */
const mostWaiting = 20;

export function createPurse(state: SharedState, now: () => Date): Purse {
  const queues = new Map<string, Queue>();
  const queueOf = (id: string): Queue => {
    const found = queues.get(id) ?? createQueue({ name: 'your own questions', atOnce: 1, mostWaiting });
    queues.set(id, found);
    return found;
  };
  const requireLeft = async (id: string, dollars: number): Promise<void> => {
    const { count } = await state.count(keyOf(id, now()), 0, day);
    if (count >= dollars * partsOfDollar) {
      throw new HttpError('too-many', 'What you may spend on models today is spent.', {
        hint: 'Ask again tomorrow, or ask whoever runs this server for more.',
        retryAfter: secondsLeft(now()),
      });
    }
  };
  return {
    paid(model, { id, dollars }) {
      if (dollars === null) {
        return model;
      }
      return {
        provider: model.provider,
        name: model.name,
        async answer(request, signal) {
          // One at a time, of all instances: many at once would all be asked before the first one is counted.
          const leave = await queueOf(id).enter(id, signal);
          let giveBack: (() => Promise<void>) | null = null;
          try {
            await requireLeft(id, dollars);
            giveBack = await takeTurn(state, `purse:${encodeURIComponent(id)}`, signal);
            await requireLeft(id, dollars);
            const reply = await model.answer(request, signal);
            const cost = reply.dollars ?? 0;
            if (cost > 0) {
              await state.count(keyOf(id, now()), Math.ceil(cost * partsOfDollar), day);
            }
            return reply;
          } finally {
            await giveBack?.();
            leave();
          }
        },
      };
    },
  };
}

function keyOf(id: string, time: Date): string {
  return `spent:${encodeURIComponent(id)}:${time.toISOString().slice(0, 10)}`;
}

function secondsLeft(time: Date): number {
  return Math.ceil((day - (time.getTime() % day)) / 1000);
}
