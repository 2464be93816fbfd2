import type { Analysis } from '../analysis/analysis.ts';
import { lemmaOf } from '../language/lemma.ts';
import type { SelectQuery } from '../query/tree.ts';

/** `average number of orders` is no average of what they cost. */
export function amountForNumber({ question, schemaIndex }: Analysis, { select }: SelectQuery): string | null {
  const [said, noun = ''] = /\b(?:average|mean|avg) (?:number|count) of (\p{L}+)/iu.exec(question) ?? [];
  const counted = [lemmaOf(noun.toLowerCase()), noun.toLowerCase(), 'number', 'count', 'num', 'no'];
  const other = select
    .filter(({ aggregate }) => aggregate === 'avg')
    .flatMap(({ column }) => schemaIndex.columns[column ?? -1] ?? [])
    .find(({ words }) => !words.some((word) => counted.includes(word)));
  return said === undefined || other === undefined
    ? null
    : `"${said}" asks for a mean of counts, of each of something: say "${said} per" and what it is for each of.`;
}

const pieces = /^(?:quantity|qty|pieces?|units?)$/u;

/** `bought more than 2 lamps`: pieces, and no lines of an order that may be of several. */
export function linesForPieces({ schemaIndex, tables, tokens }: Analysis, query: SelectQuery): string | null {
  const { having } = query;
  const counts =
    having?.kind === 'compare' && having.left.aggregate === 'count' && having.left.column === null;
  const lines = [query.from, ...query.joins.map(({ table }) => table)].find(
    (id) =>
      schemaIndex.columns.some(
        ({ table, words }) => table === id && words.some((word) => pieces.test(word)),
      ) && !tables.some((mention) => mention.id === id && mention.weakest >= 0.85),
  );
  const bought = tokens.some(({ lower }) => /^(?:bought|buys?|ordered|sold|purchased)$/u.test(lower));
  // `ordered more than twice` counts orders.
  const often = tokens.some(({ lower }) => /^(?:once|twice|thrice|times)$/u.test(lower));
  return counts && lines !== undefined && bought && !often
    ? `A row of ${schemaIndex.tables[lines]?.name ?? ''} may be of several pieces, and the number may be of either: ask for the total quantity.`
    : null;
}
