import { distance } from 'fastest-levenshtein';
import { isDate, readDates, writeDate } from './date-forms.ts';
import { synonyms } from './synonyms.ts';

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

/** Stored values near a literal; of years and dates those whose other digits are the same, else the nearest in time. */
export function nearestOf(text: string, stored: readonly string[]): readonly string[] {
  const days = readDates(text).filter(isDate);
  const isIso = /^\d{4}-\d\d-\d\d(?:\D|$)/u;
  if (days.length > 0 && !isIso.test(text) && stored.some((value) => isIso.test(value))) {
    const meant = new Set(days.map((day) => writeDate(day, 'YYYY-MM-DD')));
    return stored.filter((value) => meant.has(value.slice(0, 10)));
  }
  if (!/^\d{4}(?:\D|$)/u.test(text)) {
    return nearestValues(text, stored, synonyms).map(({ value }) => value);
  }
  const year = (value: string): number => Number(value.slice(0, 4));
  const rest = (value: string): string => value.slice(4);
  const time = Date.parse(text.slice(0, 10));
  // Within a year a day's distance counts; 0 where one of both is none.
  const daysAway = (value: string): number =>
    Math.abs(Date.parse(value.slice(0, 10)) - time) / 86_400_000 || 0;
  return stored
    .filter((value) => /^\d{4}(?:\D|$)/u.test(value))
    .map((value) => ({
      value,
      far:
        (rest(value) === rest(text) ? 0 : 10_000) +
        Math.abs(year(value) - year(text)) +
        daysAway(value) / 1_000_000,
    }))
    .sort((a, b) => a.far - b.far)
    .map(({ value }) => value);
}

/** Patterns with the spelling of a stored value in place of the literal's, for one that matches nothing. */
export function patternsFor(pattern: string, stored: readonly string[]): readonly string[] {
  const core = pattern.replaceAll(/^[%*]+|[%*]+$/gu, '');
  if (/[%_*?]/u.test(core)) {
    return [];
  }
  const year = /^\d{4}(?=\D|$)/u.exec(core)?.[0];
  if (year !== undefined) {
    const years = [...new Set(stored.flatMap((value) => /^\d{4}(?=\D|$)/u.exec(value)?.[0] ?? []))];
    return nearestOf(year, years).map((other) => pattern.replace(year, other));
  }
  const found = stored.flatMap((value) => {
    const place = findFolded(value, core);
    if (place !== null) {
      return [{ core: place, likeness: 1 }];
    }
    const words = [value, ...value.split(/[^\p{L}\p{N}]+/u)];
    return words.map((word) => ({ core: word, likeness: likeness(core, word, () => []) }));
  });
  const best = found
    .filter(({ core: other, likeness: likely }) => likely >= 0.6 && fold(other) !== '')
    .sort((a, b) => b.likeness - a.likeness);
  return [...new Set(best.map(({ core: other }) => pattern.replace(core, () => other)))];
}

/** The part of a value that reads as a text but for case and accents. */
export function findFolded(value: string, wanted: string): string | null {
  const one = (letter: string): string =>
    letter
      .normalize('NFD')
      .replaceAll(/\p{Mark}/gu, '')
      .toLowerCase();
  const letters = [...value];
  const folded = letters.map(one);
  const target = [...wanted].map(one).join('');
  for (let start = 0; start < letters.length; start += 1) {
    let text = '';
    for (let end = start; end < letters.length && text.length < target.length; end += 1) {
      text += folded[end] ?? '';
      if (text === target) {
        return letters.slice(start, end + 1).join('');
      }
    }
  }
  return null;
}
