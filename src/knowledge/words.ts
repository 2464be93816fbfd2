import { synonymsOf, tellingWords, words } from '../schema/link/words.ts';

/** A character of a script without blanks between words; two beside each other are taken for a word. */
const unspaced = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])/gu;

function isUnspaced(word: string): boolean {
  return word.search(unspaced) !== -1;
}

/** A text as it is indexed: names such as `orderItems` in their parts besides, characters of scripts without blanks apart. */
export function searchable(text: string): string {
  const parts = (text.match(/\p{L}*\p{Ll}\p{Lu}[\p{L}\p{N}]*/gu) ?? []).map((name) =>
    name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'),
  );
  return [text, ...new Set(parts)].join('\n').replace(unspaced, ' $1 ');
}

/** What documents are searched by. */
export interface SoughtWords {
  /** The words of a question that may name something. */
  readonly own: readonly string[];
  /** Names of tables that it needs. */
  readonly tables: readonly string[];
}

/** What a question seeks in documents. */
export function soughtIn(text: string, tables: readonly string[]): SoughtWords {
  const own = tellingWords(text).flatMap((word) => (isUnspaced(word) ? pairsIn(word) : [word]));
  return { own: [...new Set(own)].slice(0, mostWords), tables };
}

function pairsIn(word: string): readonly string[] {
  const signs = [...word];
  return signs.length < 2 ? signs : signs.slice(1).map((sign, index) => `${signs[index] ?? ''}${sign}`);
}

/** A longer text is none of one question's words. */
const mostWords = 40;

/** Words that are at least so long may begin longer ones: `Kunde`, `Kundennummer`. */
const leastPrefix = 4;

/** One word as FTS5 reads it, its synonyms besides. */
export function matchOf(word: string): string {
  if (isUnspaced(word)) {
    return quoted(word.replace(unspaced, ' $1 ').trim());
  }
  const forms = new Set([word, stemOf(word)]);
  const own = [...forms].map((form) => `${quoted(form)}${form.length >= leastPrefix ? ' *' : ''}`);
  return [...own, ...synonymsOf(word).map(quoted)].join(' OR ');
}

/** The name of a table as FTS5 reads it: its words beside each other. */
export function phraseOf(table: string): string {
  return quoted(words(table).join(' '));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const ofStem = 0.7;
const ofSynonym = 0.6;

/** How surely a text has a word, 0 to 1: as it is, another form of it, a longer word that begins with it, or a synonym. */
export function hasWord(word: string, known: readonly string[]): number {
  if (isUnspaced(word)) {
    return known.some((other) => other.includes(word)) ? 1 : 0;
  }
  if (known.includes(word)) {
    return 1;
  }
  const stem = stemOf(word);
  if (
    known.some((other) => stemOf(other) === stem || (word.length >= leastPrefix && other.startsWith(word)))
  ) {
    return ofStem;
  }
  return synonymsOf(word).some((mate) => known.includes(mate)) ? ofSynonym : 0;
}

/** A word without the usual endings of English, and of German and Spanish plurals, where enough is left of it. */
function stemOf(word: string): string {
  const stem = word.replace(/(?:ings?|ed|ers?|ions?|ments?|ly|es|en|s|e|n)$/u, '');
  return stem.length < leastPrefix ? word : stem.replace(/([^aeiou])\1$/u, '$1');
}

/** Whether a text names a table, by the words of its name beside each other. */
export function namesTable(table: string, known: readonly string[]): boolean {
  const name = words(table);
  return (
    name.length > 0 &&
    known.some((_word, start) => name.every((word, index) => known[start + index] === word))
  );
}
