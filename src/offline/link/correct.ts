import { lemmaOf } from '../language/lemma.ts';
import { cueWords } from '../language/lexicon.ts';
import type { Token } from '../language/tokenize.ts';
import { editDistance } from './values.ts';

/** Mends slips of the pen: a word that is no English one and nearly one that a question or its schema may have. */
export type Correction = (token: Token) => Token;

/** `vocabulary` holds the lemmas of a schema's names. */
export function makeCorrection(vocabulary: Iterable<string>, isWord: (word: string) => boolean): Correction {
  const known = new Set([...vocabulary, ...cueWords]);
  const byFirst = new Map<string, string[]>();
  for (const word of known) {
    if (word.length < 5) {
      continue;
    }
    const list = byFirst.get(word.slice(0, 1));
    if (list === undefined) {
      byFirst.set(word.slice(0, 1), [word]);
    } else {
      list.push(word);
    }
  }
  return (token) => {
    const { lower } = token;
    if (token.kind !== 'word' || token.number !== null || lower.length < 5 || !/^[a-z]+$/.test(token.text)) {
      return token;
    }
    if ([lower, token.lemma].some((word) => known.has(word) || isWord(word))) {
      return token;
    }
    const allowed = lower.length < 8 ? 1 : 2;
    let best: string | null = null;
    let least = allowed + 1;
    for (const word of byFirst.get(lower.slice(0, 1)) ?? []) {
      for (const spelling of [lower, token.lemma]) {
        const distance = editDistance(spelling, word, allowed);
        if (distance < least) {
          least = distance;
          best = word;
        }
      }
    }
    return best === null ? token : { ...token, lower: best, lemma: lemmaOf(best) };
  };
}
