import type { Doubt } from '../doubt.ts';
import { readMentions } from '../left-out/mentions.ts';
import { lostNegation } from '../left-out/negation.ts';
import { lostNumbers } from '../left-out/numbers.ts';
import { lostQuotes } from '../left-out/quotes.ts';
import { lostSuperlative } from '../left-out/superlatives.ts';
import type { Look } from '../look.ts';

/** Finds what a question says in so many words, and a model's SQL does nothing about. */
export const lookForLeftOut: Look = async ({ wording, tree, asked }) => {
  if (wording === null) {
    return [];
  }
  const mentions = readMentions(tree.root);
  const negation = lostNegation(wording, tree.root, mentions, asked);
  const superlative = lostSuperlative(wording, tree.root, mentions);
  return [
    ...lostNumbers(wording, mentions).map((number) => notUsed(number)),
    ...lostQuotes(wording, mentions, asked).map((text) => notUsed(`'${text}'`)),
    ...(negation === null
      ? []
      : [leftOut(negation, `The question says "${negation}", and nothing in the SQL is negated.`)]),
    ...(superlative === null
      ? []
      : [leftOut(superlative, `The question says "${superlative}", and the SQL looks for no extreme.`)]),
  ];
};

function notUsed(said: string): Doubt {
  return leftOut(said, `The question says ${said}, and the SQL does not use it.`);
}

function leftOut(said: string, sentence: string): Doubt {
  return { kind: 'left-out', sentence, evidence: { said }, mendedSql: null };
}
