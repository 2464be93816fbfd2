import { isOneSlip } from '../../schema/nearest.ts';
import { synonyms } from './synonyms.ts';

/** Letters that stand for two, or for another, and that Unicode does not take apart. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
/** British spellings as American ones, at the ends of words that are long enough to be no others. */
const british: readonly (readonly [pattern: RegExp, american: string])[] = [
  [/(?<=..)our(?=(?:s|ed|ing|ful|ite|able)?$)/u, 'or'],
  [/(?<=...)is(?=(?:e|ed|es|er|ing|ation|ations)$)/u, 'iz'],
  [/(?<=...)ys(?=(?:e|ed|es|er|ing)$)/u, 'yz'],
  [/(?<=...[^aeiou]|cent)re(?=s?$)/u, 'er'],
  [/(?<=...)ence(?=s?$)/u, 'ense'],
  [/(?<=...)ogue(?=s?$)/u, 'og'],
  [/(?<=...)mme(?=s?$)/u, 'm'],
  [/^grey/u, 'gray'],
];
/** Words of fewer letters are one slip away from too many others. */
const leastSlipped = 7;
const leastDoubled = 6;
const leastBritish = 4;

/** The columns whose values are people: those of nearly the same name are different ones. */
export const namesPeople = /(?:^|_)(?:first|last|middle|given|family|sur|[fl])_?name/iu;

/**
 * Whether two texts are the same value in two spellings: but for case, accents, blanks, and the signs between words. Signs
 * that may be all that tells two values apart, such as those of grades and negative numbers, are not left aside.
 */
export function isSameValue(one: string, other: string): boolean {
  const found = keysOf(other);
  return keysOf(one).some((key) => key !== '' && found.includes(key));
}

/** What spellings of a name have in common that differ by case, accents and blanks at the ends; words that are joined are others. */
export function nameKeyOf(text: string): string {
  return plain(text).replaceAll(/\s+/gu, ' ');
}

/** What all spellings of a value have in common; two texts are one value where they share a key. */
export function keysOf(text: string): readonly string[] {
  const umlauts = text.toLowerCase().normalize('NFC').replaceAll(/[äöü]/gu, twoLetters);
  return [...new Set([keyOf(text), keyOf(umlauts)])];
}

function twoLetters(letter: string): string {
  return `${letter.normalize('NFD').slice(0, 1)}e`;
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþı]/gu, (letter) => letters[letter] ?? letter)
    .trim();
}

function keyOf(text: string): string {
  return (
    plain(text)
      .replaceAll(/[\p{Pd}_]/gu, '-')
      // Between digits a sign tells numbers apart; before and after all else it may be a minus.
      .replaceAll(/(?<=\d)[\s.,'’-]+(?=\d)/gu, '~')
      .replaceAll(/[\s.,'’‘`´\p{Cf}]+/gu, '')
      .replaceAll(/(?<=[^-])-+(?=[^-])/gu, '')
  );
}

/**
 * Whether two texts are a value and its misspelling, or its spelling in another country: one of their words differs, by a
 * doubled letter, an ending, or one slip where `isLoose`, and no digit does. Words with a meaning of their own are none.
 */
export function isVariant(one: string, other: string, { isLoose }: { readonly isLoose: boolean }): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (synonyms(a).includes(b)) {
    return !/\d/u.test(a + b);
  }
  const [left, right] = [a, b].map((text) => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''));
  if (left === undefined || right === undefined || left.length !== right.length) {
    return false;
  }
  const different = left.flatMap((word, index) =>
    word === right[index] ? [] : [[word, right[index] ?? '']],
  );
  const [pair] = different;
  const [first = '', second = ''] = pair ?? [];
  return different.length === 1 && !/\d/u.test(first + second) && isVariantWord(first, second, isLoose);
}

function isVariantWord(one: string, other: string, isLoose: boolean): boolean {
  const shortest = Math.min(one.length, other.length);
  if (one.slice(0, 1) !== other.slice(0, 1) || (synonyms(one).length > 0 && synonyms(other).length > 0)) {
    return false;
  }
  if (shortest >= leastDoubled && undoubled(one) === undoubled(other)) {
    return true;
  }
  if (shortest >= leastBritish && american(one) === american(other)) {
    return true;
  }
  return isLoose && shortest >= leastSlipped && isOneSlip(one, other) && !isOtherEnding(one, other);
}

/** `employer` and `employee`, `complete` and `completed`: another last letter makes another word; but for a plural. */
function isOtherEnding(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return long.startsWith(short.slice(0, -1)) && long !== `${short}s` && short.at(-1) !== long.at(-1);
}

function undoubled(word: string): string {
  return word.replaceAll(/(.)\1+/gu, '$1');
}

function american(word: string): string {
  return undoubled(british.reduce((text, [pattern, ending]) => text.replace(pattern, ending), word));
}
