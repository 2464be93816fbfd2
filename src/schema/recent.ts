/** What was made of texts, the last ones. */
export interface Recent<Made> {
  get(text: string): Made | undefined;
  set(text: string, made: Made): void;
}

/**
 * Keeps what was made of texts by a function that makes the same of the same text each time. The texts together have no more
 * characters than this; those that were wanted last stay.
 */
export function createRecent<Made>(mostCharacters: number): Recent<Made> {
  const kept = new Map<string, Made>();
  let characters = 0;
  const remove = (text: string): void => {
    if (kept.delete(text)) {
      characters -= text.length;
    }
  };
  return {
    get(text) {
      const made = kept.get(text);
      if (made !== undefined) {
        kept.delete(text);
        kept.set(text, made);
      }
      return made;
    },
    set(text, made) {
      remove(text);
      if (text.length > mostCharacters) {
        return;
      }
      kept.set(text, made);
      characters += text.length;
      for (const oldest of kept.keys()) {
        if (characters <= mostCharacters) {
          break;
        }
        remove(oldest);
      }
    },
  };
}
