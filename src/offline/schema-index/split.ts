import spelledOut from '../data/abbreviations.json' with { type: 'json' };
import { isIrregular, lemmaOf } from '../language/lemma.ts';

/** Abbreviations that schemas use, spelled out; general, from no schema of ours. */
const abbreviations: Readonly<Record<string, string>> = spelledOut;

/**
 * The lower-case words of an identifier: cut at underscores, blanks, digits and camel humps, compounds cut where a
 * vocabulary is given and knows both halves, abbreviations spelled out, each as a lemma.
 */
export function splitIdentifier(identifier: string, vocabulary?: (word: string) => boolean): string[] {
  return withUnit(identifier)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .flatMap((part) => {
      // `LName` and `StuID` are known as they are; other humps part words.
      const whole = part.toLowerCase();
      const full = Object.hasOwn(abbreviations, whole) ? abbreviations[whole] : undefined;
      return full === undefined || part.length < 4
        ? splitHumps(part, vocabulary)
        : full
            .split(' ')
            .filter((word) => word !== '')
            .map(lemmaOf);
    });
}

const units: readonly (readonly [RegExp, string])[] = [
  [/(?<=\p{L})_secs?$|(?<=\p{Ll})Secs?$/iu, '_second'],
  [/(?<=\p{L})_ms$/iu, '_millisecond'],
  // A `price_min` is the lowest price.
  [
    /(?<=(?:duration|time|length|wait|waiting|talk|delay|break|runtime|playtime|travel|drive|walk)s?)_?mins?$/iu,
    '_minute',
  ],
];

/** A name with the unit of time that it ends with spelled out. */
const withUnit = (identifier: string): string =>
  units.reduce((name, [ending, unit]) => name.replace(ending, unit), identifier);

function splitHumps(part: string, vocabulary: ((word: string) => boolean) | undefined): string[] {
  const pieces = part
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/(\d)(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== '');
  return pieces.flatMap((piece) => expand(piece, vocabulary)).map(lemmaOf);
}

function expand(piece: string, vocabulary: ((word: string) => boolean) | undefined): string[] {
  const full = Object.hasOwn(abbreviations, piece) ? abbreviations[piece] : undefined;
  if (full !== undefined) {
    return full.split(' ').filter((word) => word !== '');
  }
  if (piece.length >= 4 && piece.endsWith('id') && vocabulary?.(piece) !== true && !isIrregular(piece)) {
    return [...expand(piece.slice(0, -2), vocabulary), 'id'];
  }
  if (
    vocabulary === undefined ||
    piece.length < 6 ||
    [piece, lemmaOf(piece), lemmaOf(lemmaOf(piece))].some(vocabulary)
  ) {
    return [piece];
  }
  if (piece.startsWith('is') && vocabulary(piece.slice(2))) {
    return ['is', piece.slice(2)];
  }
  // One letter for the table before a word: `dname`, `dlocation`.
  if (piece.length >= 5 && vocabulary(piece.slice(1))) {
    return [piece.slice(0, 1), piece.slice(1)];
  }
  const parts = compound(piece, vocabulary);
  return parts.length === 1 ? parts : parts.flatMap((part) => expand(part, vocabulary));
}

/** Short words that stand inside compounds such as `headofstate`, and abbreviations that end them, as in `flightno`. */
const within = new Set(['of', 'in', 'to', 'by', 'on', 'per', 'no', 'nr', 'id', 'yr']);

/** Words so common at the end of a column's name that what stands before them may be unknown: `indepyear`. */
const endings = new Set(
  'year date time name code number type count price amount status rate score age'.split(' '),
);

/**
 * Cuts a compound into the fewest known words, the longest first; the whole, where no cut is better. The words of
 * names that an engine has folded to lower case can be told in no other way.
 */
function compound(piece: string, vocabulary: (word: string) => boolean): string[] {
  const unknown = 4;
  const price = (word: string, first: boolean): number => {
    if (within.has(word)) {
      return first ? 1.8 : 1.2;
    }
    if (word.length <= 2) {
      return Number.POSITIVE_INFINITY;
    }
    if (vocabulary(word) || vocabulary(lemmaOf(word))) {
      return word.length === 3 ? 1.5 : 1;
    }
    // Who does something: the `schooler` of `highschooler`.
    if (!first && word.length >= 6 && word.endsWith('er') && vocabulary(word.slice(0, -2))) {
      return 1.3;
    }
    return Object.hasOwn(abbreviations, word) ? 1.5 : Number.POSITIVE_INFINITY;
  };
  const best: { readonly cost: number; readonly words: readonly string[] }[] = [{ cost: 0, words: [] }];
  for (let end = 1; end <= piece.length; end++) {
    let found = { cost: Number.POSITIVE_INFINITY, words: [] as readonly string[] };
    // From the longest last word to the shortest: of cuts that cost the same, the later one has the longer first word.
    for (let start = 0; start < end; start++) {
      const before = best[start];
      const word = piece.slice(start, end);
      if (before === undefined || (start === 0 && end === piece.length)) {
        continue;
      }
      const cost = before.cost + price(word, start === 0);
      if (cost <= found.cost && cost < Number.POSITIVE_INFINITY) {
        found = { cost, words: [...before.words, word] };
      }
    }
    best.push(found);
  }
  const whole = best[piece.length];
  if (whole !== undefined && whole.cost < unknown && whole.words.length > 1) {
    return [...whole.words];
  }
  for (const ending of endings) {
    if (piece.endsWith(ending) && piece.length - ending.length >= 3) {
      return [piece.slice(0, -ending.length), ending];
    }
  }
  return [piece];
}
