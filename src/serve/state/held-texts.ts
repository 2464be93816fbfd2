import type { TextStore } from '../../schema/cache.ts';

/** A store in this process's memory, of the newest texts: for what is made again sooner than a file is written. */
export function heldTexts(most: number): TextStore {
  const held = new Map<string, string>();
  return {
    read: async (key) => held.get(key) ?? null,
    async write(key, text) {
      // What is written again is new again.
      held.delete(key);
      held.set(key, text);
      const [oldest] = held.keys();
      if (held.size > most && oldest !== undefined) {
        held.delete(oldest);
      }
    },
  };
}
