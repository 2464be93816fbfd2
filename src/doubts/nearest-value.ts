import { distance } from 'fastest-levenshtein';

/** Words that mean the same in stored data: groups of spellings, codes and labels, in lower case. */
export type Synonyms = (word: string) => readonly string[];

/** A text without case, accents, blanks at its ends and punctuation; letters stay in their places where they can. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How likely a stored value is what a literal means: 1 but for case, accents and blanks, 0 for unrelated ones. */
export function likeness(literal: string, stored: string, synonyms: Synonyms): number {
  const wanted = fold(literal);
  const found = fold(stored);
  if (wanted === '' || found === '') {
    return 0;
  }
  if (wanted === found) {
    return 1;
  }
  const bare = (text: string): string => text.replaceAll(' ', '');
  if (bare(wanted) === bare(found)) {
    return 0.99;
  }
  if (synonyms(wanted).includes(found) || synonyms(found).includes(wanted)) {
    return 0.97;
  }
  if (isShort(wanted, found) || isShort(found, wanted)) {
    return 0.9;
  }
  const longest = Math.max(wanted.length, found.length);
  const spelt = 1 - distance(wanted, found) / longest;
  const turned = [...wanted].sort().join('') === [...found].sort().join('') ? 0.85 : 0;
  const words = wanted.split(' ').every((word) => found.split(' ').includes(word)) ? 0.8 : 0;
  return Math.max(spelt, turned, words, isPart(wanted, found) ? 0.7 : 0);
}

/** `ger` for `germany`, `uk` for `united kingdom`, `c` for `cancelled`. */
function isShort(short: string, long: string): boolean {
  if (short.length >= long.length || short.length > 5) {
    return false;
  }
  const initials = long
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('');
  return long.startsWith(short) || (short.length > 1 && initials === short.replaceAll(' ', ''));
}

function isPart(wanted: string, found: string): boolean {
  return wanted.length >= 4 && (found.includes(wanted) || (found.length >= 4 && wanted.includes(found)));
}

/** Stored values that a literal may mean, the likeliest first; those that are like it at all. */
export function nearestValues(
  literal: string,
  stored: readonly string[],
  synonyms: Synonyms,
): readonly { readonly value: string; readonly likeness: number }[] {
  return stored
    .map((value) => ({ value, likeness: likeness(literal, value, synonyms) }))
    .filter(({ likeness: found }) => found >= 0.55)
    .sort((a, b) => b.likeness - a.likeness);
}
