import type { TextStore } from '../../schema/cache.ts';

/** So many texts are remembered, none of them longer than this: what is read for each question is short. */
const mostTexts = 100;
const longestText = 200_000;

/**
 * A store whose texts are remembered for a moment, so that many questions at once do not each read the same files. What
 * another process writes is seen after that moment.
 */
export function briefTexts(store: TextStore, milliseconds: number, now: () => number = Date.now): TextStore {
  const remembered = new Map<string, { readonly text: string; readonly until: number }>();
  return {
    async read(key) {
      const found = remembered.get(key);
      if (found !== undefined && now() < found.until) {
        return found.text;
      }
      remembered.delete(key);
      const text = await store.read(key);
      if (text !== null && text.length <= longestText) {
        remembered.set(key, { text, until: now() + milliseconds });
        const [oldest] = remembered.keys();
        if (remembered.size > mostTexts && oldest !== undefined) {
          remembered.delete(oldest);
        }
      }
      return text;
    },
    async write(key, text) {
      remembered.delete(key);
      await store.write(key, text);
      // Whoever read while it was written may have remembered what was there before.
      remembered.delete(key);
    },
  };
}
