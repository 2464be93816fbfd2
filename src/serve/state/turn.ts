import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedState } from './state.ts';

/** A turn whose process has died ends so long after its last word. */
const lastsMilliseconds = 20_000;
const renewMilliseconds = 5_000;
/** How long a look waits for the next, which grows up to the longest. */
const shortestPause = 20;
const longestPause = 250;

/**
 * Waits until nobody of all instances has the turn of this name, and takes it; what it resolves to gives it back. Rejects with
 * the signal's reason, and with a `StateLostError`. Whoever waits here is not served in order: let one of a process wait.
 */
export async function takeTurn(
  state: SharedState,
  name: string,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const key = `turn:${name}`;
  const mine = randomUUID();
  for (
    let pause = shortestPause;
    !(await state.claim(key, mine, lastsMilliseconds));
    pause = Math.min(longestPause, pause * 1.5)
  ) {
    await sleep(pause * (0.5 + Math.random()), null, { signal }).catch(() => signal.throwIfAborted());
  }
  const renew = setInterval(
    () => void state.replace(key, mine, mine, lastsMilliseconds).catch(() => {}),
    renewMilliseconds,
  ).unref();
  return async () => {
    clearInterval(renew);
    // One that was lost meanwhile is somebody else's by now, and stays theirs.
    await state.replace(key, mine, mine, 1).catch(() => {});
  };
}
