import type { Doubt } from '../doubt.ts';
import { lostAggregate, lostBound, lostGroups } from '../left-out/aggregates.ts';
import { lostColumns } from '../left-out/asked-columns.ts';
import { readMentions } from '../left-out/mentions.ts';
import { lostNegation } from '../left-out/negation.ts';
import { lostNumbers } from '../left-out/numbers.ts';
import { lostOrder, otherOrder } from '../left-out/orders.ts';
import { lostProperNames } from '../left-out/proper-names.ts';
import { lostQuotes } from '../left-out/quotes.ts';
import { lostSuperlative } from '../left-out/superlatives.ts';
import { turnedBounds } from '../left-out/turned-bounds.ts';
import type { Look, LookContext } from '../look.ts';

/** Finds what a question says in so many words, and a model's SQL does nothing about. */
export const lookForLeftOut: Look = async (context) => {
  const { wording, tree, asked, scopes, schema } = context;
  if (wording === null) {
    return [];
  }
  const { root } = tree;
  const mentions = readMentions(root);
  const identifiers = schema.tables.flatMap(({ name, columns }) => [name, ...columns.map((one) => one.name)]);
  const numbers = lostNumbers(wording, mentions);
  // A bound whose number is not there has been said.
  const bound = numbers.length > 0 ? null : lostBound(wording, root);
  const order = lostOrder(wording, scopes);
  return [
    ...numbers.map(notUsed),
    ...lostQuotes(wording, mentions, asked).map((text) => notUsed(`'${text}'`)),
    ...lostProperNames(wording, mentions, asked, identifiers).map((name) => notUsed(name)),
    ...lostColumns(wording, mentions, readTables(context)).map((column) =>
      leftOut(column, `The question asks for ${column}, and the SQL does not read it.`),
    ),
    ...turnedBounds(wording, root).flatMap((bound) =>
      said(bound, 'the SQL compares with that number the other way round'),
    ),
    ...said(lostNegation(wording, root, mentions, asked), 'nothing in the SQL is negated'),
    ...said(lostSuperlative(wording, root, mentions), 'the SQL looks for no extreme'),
    ...said(lostAggregate(wording, root, mentions), 'the SQL reckons nothing of the kind'),
    ...said(lostGroups(wording, root), 'the SQL makes one number of all rows'),
    ...said(bound, 'the SQL compares nothing by more or less'),
    ...(order === null
      ? []
      : said(order.said, order.isTurned ? 'the SQL orders the other way round' : 'the SQL orders nothing')),
    ...asList(otherOrder(wording, scopes)).map((column) =>
      leftOut(column, `The question orders by ${column}, and the SQL by something else.`),
    ),
  ];
};

function readTables({ scopes }: LookContext) {
  return scopes.flatMap(({ sources }) => sources.flatMap(({ table }) => table ?? []));
}

function asList(text: string | null): readonly string[] {
  return text === null ? [] : [text];
}

function notUsed(words: string): Doubt {
  return leftOut(words, `The question says ${words}, and the SQL does not use it.`);
}

/** Words of the question, if any, and what the SQL does about them. */
function said(words: string | null, lack: string): readonly Doubt[] {
  return asList(words).map((one) => leftOut(one, `The question says "${one}", and ${lack}.`));
}

function leftOut(words: string, sentence: string): Doubt {
  return { kind: 'left-out', sentence, evidence: { said: words }, mendedSql: null };
}
