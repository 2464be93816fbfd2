import type { Analysis } from '../analysis/analysis.ts';
import ends from '../data/ends.json' with { type: 'json' };
import type { Candidate } from '../grammar/candidate.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';

/** What a column is called that holds the end of a way that a verb speaks of. */
const called: Readonly<Record<string, readonly string[]>> = {
  depart: ends.sides.from.keys,
  arrive: ends.sides.to.keys,
};

/**
 * Whether a verb says at which end of a way something is, `flights that arrive in Oslo`, and the query asks that end: it
 * joins by, compares or groups a column that is called so.
 */
export function isEnd({ schemaIndex, tokens }: Analysis, { query }: Candidate, index: number): boolean {
  const lemma = tokens[index]?.lemma ?? '';
  const names = Object.hasOwn(called, lemma) ? (called[lemma] ?? []) : [];
  const main = query.kind === 'set' ? query.left : query;
  return (
    names.length > 0 &&
    columnsOf(main).some((id) => schemaIndex.columns[id]?.words.some((word) => names.includes(word)) === true)
  );
}

/** The columns by which a query joins, groups and chooses its rows. */
function columnsOf({ joins, group, where }: SelectQuery): readonly number[] {
  return [...joins.flatMap(({ on }) => on.flat()), ...group, ...(where === null ? [] : compared(where))];
}

function compared(condition: Condition): readonly number[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(compared);
    case 'in':
      return [condition.column, ...condition.query.select.flatMap(({ column }) => column ?? [])];
    case 'null':
    case 'weekday':
      return [condition.column];
    case 'columns':
      return [condition.left, condition.right];
    case 'compare':
    case 'between':
    case 'scalar':
      return condition.left.column === null ? [] : [condition.left.column];
  }
}
