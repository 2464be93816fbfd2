import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/** Has what is not used any more destroyed now: the driver lets go of a result when it is collected, and not before. */
export async function collectGarbage(): Promise<void> {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    const found: unknown = runInNewContext('gc');
    collect = typeof found === 'function' ? () => void found() : () => {};
  }
  collect();
  // What is collected is destroyed in the next turn.
  await turn();
}
