import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedState } from '../state/state.ts';

const beatMilliseconds = 10_000;
/** A runner that has not been heard of for so long has died. */
const goneMilliseconds = 45_000;

/** How it is known whether the process that runs a job is still there. */
export interface Runner {
  readonly id: string;
  /** Says that this one is there, from now on. */
  begin(): Promise<void>;
  isThere(id: string): Promise<boolean>;
  end(): Promise<void>;
}

export function createRunner(state: SharedState, id: string): Runner {
  let begun: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  const beat = (): Promise<void> => state.set(keyOf(id), '', goneMilliseconds);
  return {
    id,
    begin() {
      begun ??= beat().then(
        () => {
          // While what is shared can't be reached, nobody asks it either.
          timer = setInterval(() => void beat().catch(() => {}), beatMilliseconds).unref();
        },
        (error: unknown) => {
          begun = null;
          throw error;
        },
      );
      return begun;
    },
    isThere: async (other) => other === id || (await state.get(keyOf(other))) !== null,
    async end() {
      clearInterval(timer ?? undefined);
      await state.delete(keyOf(id)).catch(() => {});
    },
  };
}

function keyOf(id: string): string {
  return `job-runner:${id}`;
}

const mostTries = 30;
const pauseMilliseconds = 2000;

/** Does what must be noted, again and again while what is shared can't be reached; gives up where the server ends. */
export async function insist<Noted>(note: () => Promise<Noted>, ending: AbortSignal): Promise<Noted> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await note();
    } catch (error) {
      if (tries >= mostTries || ending.aborted) {
        throw error;
      }
      await sleep(pauseMilliseconds, null, { ref: false });
    }
  }
}
