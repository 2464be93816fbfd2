import { type Token, tokenize } from '../language/tokenize.ts';

/** Words without which a question asks the same. No word of place or direction is among them, and none that negates. */
const fillers: ReadonlySet<string> = new Set(
  'a an the please kindly show me us give tell list find get display print what which is are was were there do does did have has i we you can could would like want know of our'.split(
    ' ',
  ),
);

/** The tokens of a question that say what it asks. */
export function contentOf(question: string): readonly Token[] {
  return tokenize(question).filter(
    (token) => token.kind !== 'mark' && !(token.kind === 'word' && fillers.has(token.lower)),
  );
}

/** What tokens are compared by: numbers by what they count, words by their dictionary form. */
export function keysOf(tokens: readonly Token[]): readonly string[] {
  return tokens.map(({ number, lemma }) => (number === null ? lemma : String(number)));
}
