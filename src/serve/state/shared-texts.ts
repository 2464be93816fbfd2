import type { TextStore } from '../../schema/cache.ts';
import type { SharedState } from './state.ts';

/** Small texts that all instances read and any may lose, each kept for so many milliseconds. A state that is lost has none. */
export function sharedTexts(state: SharedState, prefix: string, milliseconds: number): TextStore {
  return {
    read: (key) => state.get(prefix + key).catch(() => null),
    write: (key, text) => state.set(prefix + key, text, milliseconds).catch(() => {}),
  };
}
