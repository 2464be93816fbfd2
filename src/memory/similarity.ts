/** Words that tell nothing of what a question is about. */
const common: ReadonlySet<string> = new Set(
  'a an and are as at be by can did do does for from give has have how i in is it its list many me much of on or our show tell that the their there these they this to us was we were what when where which who whose will with'.split(
    ' ',
  ),
);

/** The words of a text by which it is compared: case, accents and the plural's s aside. */
export function wordsOf(text: string): readonly string[] {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (/^[a-z]{4,}s$/u.test(word) && !word.endsWith('ss') ? word.slice(0, -1) : word));
}

/** A text's words in one line: two questions of one wording are the same question. */
export function wordingOf(text: string): string {
  return wordsOf(text).join(' ') || text.trim();
}

/**
 * Ranks texts by what they share with a question, 0 to 1: the weighted Jaccard index of their words, each word weighed by
 * its inverse document frequency over all of the texts, common words last.
 */
export function rankBySimilarity<Item>(
  question: string,
  items: readonly Item[],
  textOf: (item: Item) => string,
): { readonly item: Item; readonly score: number }[] {
  const sets = items.map((item) => new Set(wordsOf(textOf(item))));
  const frequency = new Map<string, number>();
  for (const set of sets) {
    for (const word of set) {
      frequency.set(word, (frequency.get(word) ?? 0) + 1);
    }
  }
  const weight = (word: string): number =>
    Math.log(1 + (items.length + 1) / ((frequency.get(word) ?? 0) + 0.5)) * (common.has(word) ? 0.1 : 1);
  const wanted = new Set(wordsOf(question));
  const total = (words: Iterable<string>): number => [...words].reduce((sum, word) => sum + weight(word), 0);
  return items
    .map((item, index) => {
      const words = sets[index] ?? new Set<string>();
      const all = total(new Set([...wanted, ...words]));
      return { item, score: all === 0 ? 0 : total([...wanted].filter((word) => words.has(word))) / all };
    })
    .sort((a, b) => b.score - a.score);
}
