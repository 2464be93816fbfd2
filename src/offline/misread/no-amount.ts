import type { Analysis } from '../analysis/analysis.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { conditionsOf } from './wording.ts';

const byNumber = /^(?:ids?|numbers?|nos?|codes?|keys?|#)$/u;

/** `customers under 18`: a number that only refers to a row, or tells it from others, is no amount to compare with. */
export function keyForAmount(
  { question, schemaIndex, tokens }: Analysis,
  { where, having }: SelectQuery,
): string | null {
  const compared = [...conditionsOf(where), ...conditionsOf(having)].flatMap(comparedColumn);
  const key = compared
    .map((id) => schemaIndex.columns[id])
    .find((column) => column !== undefined && isKey(schemaIndex, column));
  return key === undefined ||
    tokens.some(({ lower }) => byNumber.test(lower)) ||
    question.toLowerCase().includes(key.name.toLowerCase())
    ? null
    : `${key.name} only tells rows apart: to be more or less than a number says nothing of it.`;
}

/** The columns that a condition holds against a number as more or less than it. */
function comparedColumn(condition: Condition): readonly number[] {
  switch (condition.kind) {
    case 'compare':
      return /^[<>]=?$/u.test(condition.operator) &&
        condition.right.kind === 'number' &&
        condition.left.aggregate === null &&
        condition.left.column !== null
        ? [condition.left.column]
        : [];
    case 'between':
      return condition.left.column === null || condition.low.kind !== 'number' ? [] : [condition.left.column];
    default:
      return [];
  }
}

function isKey(
  { links, tables }: Analysis['schemaIndex'],
  { id, table, words, class: kind }: IndexedColumn,
): boolean {
  const refers = links.some(({ left }) => left.length === 1 && left[0] === id);
  const [sole, ...others] = tables[table]?.primaryKey ?? [];
  return kind === 'number' && words.includes('id') && (refers || (sole === id && others.length === 0));
}

const yesOrNo = /^(?:y|n|yes|no|t|f|true|false|j|ja|nein|s|s[ií]|0|1)$/iu;
const different = /^(?:different|distinct|unique|various|kinds?|types?|values?)$/u;

/** `how many smokers`: how many different answers a flag has is never what is meant. */
export function flagsCounted(
  { lookup, schemaIndex, tokens }: Analysis,
  { select }: SelectQuery,
): string | null {
  const flag = select
    .filter(({ aggregate, distinct }) => aggregate === 'count' && distinct === true)
    .map(({ column }) => schemaIndex.columns[column ?? -1])
    .find((column) => {
      const values = column === undefined ? [] : (lookup.of(column.id) ?? []);
      return (
        column?.class === 'boolean' ||
        (values.length > 0 && values.every((text) => yesOrNo.test(text.trim())))
      );
    });
  return flag === undefined || tokens.some(({ lower }) => different.test(lower))
    ? null
    : `${flag.name} says yes or no: how many different values it has is not what is asked.`;
}

/** `do we have any tandems`: the word itself, out of the table that lists such words, is no answer. */
export function wordForRows({ schemaIndex, tables }: Analysis, query: SelectQuery): string | null {
  const table = schemaIndex.tables[query.from];
  const named = (id: number): boolean =>
    tables.some((mention) => mention.id === id && mention.weakest >= 0.85);
  const users = schemaIndex.links.flatMap(({ from, to }) =>
    to === table?.id && from !== table.id ? [from] : [],
  );
  const isList =
    table !== undefined &&
    query.joins.length === 0 &&
    users.length > 0 &&
    !schemaIndex.links.some(({ from, to }) => from === table.id && to !== table.id) &&
    (!named(table.id) || users.some(named));
  const conditions = query.where?.kind === 'and' ? query.where.conditions : [query.where];
  const fixed = new Set(
    conditions.flatMap((condition) =>
      condition?.kind === 'compare' && condition.operator === '=' ? [condition.left.column] : [],
    ),
  );
  return isList && query.select.every(({ aggregate, column }) => aggregate === null && fixed.has(column))
    ? `The rows of ${table.name} only list such words, and the question asks for more than the word itself.`
    : null;
}

/** Whether the rows of a table, or those that refer to it, say of how many a price is. */
export const isPriceOfOne = ({ schemaIndex }: Analysis, table: number): boolean =>
  [table, ...schemaIndex.links.filter(({ to }) => to === table).map(({ from }) => from)].some((id) =>
    (schemaIndex.tables[id]?.columns ?? []).some((column) =>
      (schemaIndex.columns[column]?.words ?? []).some((word) =>
        /^(?:quantity|qty|stock|units?)$/u.test(word),
      ),
    ),
  );

/** `how much did we spend on parts`: what one of each costs, added up, was spent by nobody. */
export function pricesForSpent(analysis: Analysis, { select }: SelectQuery): string | null {
  const { schemaIndex, tokens } = analysis;
  const said = tokens.find(({ lower }) => /^(?:spend|spends|spent|paid|pay|pays|cost)$/u.test(lower));
  const price = select
    .filter(({ aggregate, times }) => aggregate === 'sum' && times === undefined)
    .map(({ column }) => schemaIndex.columns[column ?? -1])
    .find((column) => column?.words.includes('price') === true && isPriceOfOne(analysis, column.table));
  return said === undefined || price === undefined
    ? null
    : `${price.name} is what one costs: added up, it is not what was paid.`;
}

/** `cost of the rider`: the price of one of each thing that is taken several times is not what they cost. */
export function priceForCost({ question, schemaIndex }: Analysis, { select }: SelectQuery): string | null {
  const asked = /\b(?:costs?|value|worth) (?:of|for)\b/iu.exec(question)?.[0];
  const one = select.flatMap(({ aggregate, column, times }) =>
    aggregate === null && times === undefined ? (schemaIndex.columns[column ?? -1] ?? []) : [],
  );
  const price = one.find(
    ({ table, words }) =>
      words.includes('unit') &&
      (schemaIndex.tables[table]?.columns ?? []).some((id) =>
        /\b(?:quantity|qty|pieces?|count)\b/u.test(schemaIndex.columns[id]?.words.join(' ') ?? ''),
      ),
  );
  return asked === undefined || price === undefined || /\bunits?\b/iu.test(question)
    ? null
    : `${price.name} is the cost of one: say "${price.name}" for that, or ask for the total.`;
}
