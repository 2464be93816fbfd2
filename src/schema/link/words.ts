import groups from '../../words/synonyms.json' with { type: 'json' };

/** Lower-case words of a text or identifier, split at case and punctuation, without a plural's ending. */
export function words(text: string): readonly string[] {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(singular);
}

function singular(word: string): string {
  return word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word;
}

/** Words that a question is built with and that name no table. */
const plain: ReadonlySet<string> = new Set(
  'a an and any are as at be been between both but by can did do does each ever every find for from get give had has have how i in into is it its list many me more most much no not of on or other our out per please show so than that the their them there these they this those to under was we were what when where which whose will with without you your'
    .split(' ')
    .map(singular),
);

const mates = new Map<string, Set<string>>();
for (const group of groups) {
  const whole = group.map(singular);
  for (const word of whole) {
    const known = mates.get(word) ?? new Set();
    for (const mate of whole) {
      known.add(mate);
    }
    mates.set(word, known);
  }
}

/** The words that mean the same as a word, as far as the list of synonyms knows. */
export function synonymsOf(word: string): readonly string[] {
  return [...(mates.get(word) ?? [])].filter((mate) => mate !== word);
}

/** The words of a text that may name something. */
export function tellingWords(text: string): readonly string[] {
  return [...new Set(words(text))].filter((word) => !plain.has(word));
}

/** The rest of a longer word than this may differ: `enrolled` and `enrolment`. */
const leastStem = 4;

/** How surely a word of a name means a word of a question, 0 to 1. */
export function likeness(asked: string, named: string): number {
  if (asked === named) {
    return 1;
  }
  if (mates.get(asked)?.has(named)) {
    return 0.6;
  }
  const shorter = Math.min(asked.length, named.length);
  if (shorter < leastStem) {
    return 0;
  }
  let same = 0;
  while (same < shorter && asked[same] === named[same]) {
    same += 1;
  }
  if (same >= leastStem && same >= shorter - 2 && same >= Math.max(asked.length, named.length) - 5) {
    return 0.7;
  }
  // Names that are written as one word: `singerinconcert`, `coursearrange`.
  return asked.length >= leastStem && named.length > asked.length && named.includes(asked) ? 0.5 : 0;
}
