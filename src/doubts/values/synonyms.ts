import codes from '../../words/codes.json' with { type: 'json' };
import places from '../../words/places.json' with { type: 'json' };

/** Countries, states, months and days with their codes, and the ways to store yes and no; the offline engine reads them too. */
const groups: readonly (readonly string[])[] = [
  ...Object.values(places).flatMap((group: unknown) =>
    Array.isArray(group) ? group.filter(Array.isArray) : [],
  ),
  codes.yes,
  codes.no,
];

const byWord = new Map<string, readonly string[]>();
for (const group of groups) {
  for (const word of group) {
    byWord.set(word, group);
  }
}

/** The other words that stand for the same in stored data; none for most. */
export function synonyms(word: string): readonly string[] {
  return byWord.get(word) ?? [];
}
