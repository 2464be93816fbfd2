/** A text in quotes: an apostrophe within a word is none, nor the sign for inches after a number. */
const quoted =
  /(?<![\p{L}\p{N}])(?:'(?<single>[^'\n]{1,80}(?:'\p{L}[^'\n]{0,40})?)'|"(?<double>[^"\n]{1,80})"|[“„](?<curly>[^“”\n]{1,80})[“”]|‘(?<high>[^‘\n]{1,80}?)’|«\s?(?<angle>[^»\n]{1,80}?)\s?»)(?!\p{L})/gu;

/** The texts that a question puts in quotes. */
export function quotesIn(question: string): readonly string[] {
  return [...question.matchAll(quoted)].flatMap(({ groups }) => {
    const text = Object.values(groups ?? {}).find((value) => value !== undefined);
    // "the '90s hits of all the bands'" has two apostrophes and no quote.
    return text === undefined || text !== text.trim() || /^\d\ds\b/u.test(text) ? [] : [text];
  });
}

/** A question without what it quotes. */
export function withoutQuotes(question: string): string {
  return question.replaceAll(quoted, ' … ');
}
