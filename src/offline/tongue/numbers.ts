import type { Token } from '../language/tokenize.ts';

/** Numbers as German and Spanish write them: `1.500` is as many as English 1,500, and `99,50` as 99.5. */
export function withNumbers(tokens: readonly Token[], question: string, isMixed: boolean): readonly Token[] {
  const written = isMixed
    ? []
    : [
        ...question.matchAll(
          /(?<![\d.,\p{L}])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)(?![\d\p{L}]|[.,]\d)/gu,
        ),
      ];
  return tokens.flatMap((token): Token[] => {
    const match = written.find(
      ({ 0: text, index }) => index <= token.start && token.end <= index + text.length,
    );
    if (match === undefined) {
      return [token];
    }
    const text = match[0].replaceAll('.', '').replace(',', '.');
    const [start, end] = [match.index, match.index + match[0].length];
    return token.start > start
      ? []
      : [{ kind: 'number', text, lower: text, lemma: text, number: Number(text), start, end }];
  });
}
