import { editDistance, isOneSlip } from '../../schema/nearest.ts';
import type { Asked } from '../question.ts';
import { findFolded, fold } from './nearest-value.ts';
import { synonyms } from './synonyms.ts';

/** A column with more different values than this holds no codes. */
const mostCodes = 25;
const longestCode = 5;
/** Words of fewer letters are one slip away from too many others. */
const leastLetters = 5;
const longWord = 7;

type Test = (stored: string) => boolean;

/**
 * The stored values that a text can only mean, in the spelling of the data; several where nothing tells which, none where it
 * may as well be another thing that is not there. The first kind of likeness that any value has decides: spelt alike but for
 * case, accents, blanks and signs; the same by another name; one slip of the pen, or two among few values; shortened; said by the
 * question, where the text is not. `others` are the texts of the statement.
 */
export function meantValues(
  text: string,
  stored: readonly string[],
  asked: Asked,
  others: readonly string[],
): readonly string[] {
  const wanted = fold(text);
  if (wanted === '') {
    return [];
  }
  const digits = text.replaceAll(/\D/gu, '');
  // Other digits are another number, never a slip.
  const possible = stored.filter((value) => value.replaceAll(/\D/gu, '') === digits && fold(value) !== '');
  const isCoded = stored.length <= mostCodes;
  const areCodes = isCoded && stored.every((value) => value.length <= longestCode);
  const isKnown = synonyms(wanted).length > 0;
  const bare = (value: string): string => fold(value).replaceAll(' ', '');
  const tests: readonly Test[] = [
    (value) => bare(value) === bare(text),
    (value) => synonyms(wanted).includes(fold(value)) || synonyms(fold(value)).includes(wanted),
    // A word of its own, such as another country, is no misspelt one.
    (value) => !isKnown && isMisspelt(wanted, fold(value)),
    (value) => !isKnown && isCoded && isBadlyMisspelt(wanted, fold(value)),
    (value) =>
      !isKnown &&
      (isCoded || wanted.length > 1) &&
      wanted.length <= longestCode &&
      isShort(wanted, fold(value)),
    (value) => !isKnown && areCodes && isShort(fold(value), wanted),
    // Another word than the question's own was put for it; but not for one that stands in the statement already.
    (value) => fold(value).length > 2 && !asked.says(text) && asked.says(value) && !others.includes(value),
  ];
  for (const test of tests) {
    const found = possible.filter(test);
    if (found.length > 0) {
      return [...new Set(found)];
    }
  }
  return [];
}

/** As `meantValues`, for a pattern that no value is like: the pattern in the letters of those that are but for case and accents. */
export function meantPatterns(pattern: string, stored: readonly string[]): readonly string[] {
  const core = pattern.replaceAll(/^[%*]+|[%*]+$/gu, '');
  if (core === '' || /[%_*?]/u.test(core)) {
    return [];
  }
  const cores = stored.flatMap((value) => findFolded(value, core) ?? []);
  return [...new Set(cores)].map((other) => pattern.replace(core, () => other));
}

/** Whether one of two texts is the other misspelt, by one slip of the pen. */
export function isMisspelt(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= leastLetters && isOneSlip(one, other);
}

/** Two slips in a word that is long enough to be known all the same. */
function isBadlyMisspelt(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= longWord && editDistance(one, other) === 2;
}

/** `can` for `cancelled`, `uk` for `united kingdom`. */
function isShort(short: string, long: string): boolean {
  const initials = long
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('');
  return short.length < long.length && (long.startsWith(short) || (short.length > 1 && initials === short));
}
