import { stemOf } from './lemma.ts';

/** How near in meaning two lemmas are, 0 to 1; null where a source knows nothing of one of them. */
export type Relatedness = (left: string, right: string) => number;

/**
 * How well a word of a question (its lemma) names a word of an identifier: 1 the same, less for a shared stem, an
 * abbreviation, a synonym; 0 for unrelated words.
 */
export function similarity(asked: string, named: string, related: Relatedness): number {
  if (asked === named) {
    return 1;
  }
  if (/\d/.test(asked) || /\d/.test(named)) {
    return 0;
  }
  const stem = stemOf(asked);
  if (stem.length >= 4 && stem === stemOf(named)) {
    return 0.85;
  }
  if (named.length >= 3 && asked.length >= named.length + 2 && asked.startsWith(named)) {
    return named.length >= 4 ? 0.65 : 0.5;
  }
  if (asked.length >= 4 && named.length >= asked.length + 2 && named.startsWith(asked)) {
    return 0.65;
  }
  return related(asked, named);
}
