import { fold } from './values/nearest-value.ts';

/** The question that a statement answers, as far as looks for doubts read it. */
export interface Asked {
  /** Whether it has these words in a row; case, accents and punctuation aside. */
  says(text: string): boolean;
  /** Whether a word of it is a word of a table's or a column's name. */
  names(identifier: string): boolean;
  /** The words in a row that are like a text by a test, which both are given to folded; null where none are. */
  wordLike(text: string, test: (wanted: string, words: string) => boolean): string | null;
  /** Which of several names it first asks the number of: `how many reviews …`; null where none. */
  counts(identifiers: readonly string[]): string | null;
  /** It asks for each thing once: "the different cities". */
  readonly wantsDifferent: boolean;
}

/** So many words after "how many" say what is counted. */
const countedWords = 5;
const different =
  /^(?:distinct\w*|different\w*|unique\w*|distinta?s|diferentes|différente?s|verschiedene[nrs]?)$/u;
/** Words of names that stand in any question, or in none. */
const generic = new Set(['id', 'ids', 'the', 'ref', 'code', 'no', 'of', 'and', 'in', 'has', 'is', 'to']);

/** Reads a question; of none, nothing is known. */
export function readQuestion(question: string | null): Asked {
  const text = fold(question ?? '');
  const words = text === '' ? [] : text.split(' ');
  return {
    says: (part) => fold(part) !== '' && ` ${text} `.includes(` ${fold(part)} `),
    names: (identifier) => wordsOfName(identifier).some((part) => words.some((word) => isForm(part, word))),
    wordLike(wanted, test) {
      const long = fold(wanted).split(' ').length;
      const runs = words.map((_word, index) => words.slice(index, index + long).join(' '));
      return runs.find((run) => test(fold(wanted), run)) ?? null;
    },
    counts(identifiers) {
      const start = /(?:^| )(?:how many|number of|count of|count|wie viele|combien d[e']?|cuant[oa]s) /u.exec(
        text,
      );
      if (start === null) {
        return null;
      }
      const after = text
        .slice(start.index + start[0].length)
        .split(' ')
        .slice(0, countedWords);
      for (const word of after) {
        const named = identifiers.find((one) => wordsOfName(one).some((part) => isForm(part, word)));
        if (named !== undefined) {
          return named;
        }
      }
      return null;
    },
    wantsDifferent: words.some((word) => different.test(word)),
  };
}

/** `orderItems` and `order_items` as `order` and `items`. */
function wordsOfName(identifier: string): readonly string[] {
  return fold(identifier.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(' ')
    .filter((word) => word.length > 2 && !generic.has(word));
}

/** Whether two words are forms of one: `countries` and `country`, `enroll` and `enrolled`. */
function isForm(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const stem = short.length > 4 ? short.replace(/(?:ies|es|[yes])$/u, '') : short;
  return stem.length > 2 && long.startsWith(stem) && long.length - stem.length <= 5;
}
