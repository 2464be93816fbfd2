import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import { isInCents } from '../schema-index/cents.ts';
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

/** Whether a column says yes or no of each row. */
function isFlag({ lookup }: Analysis, column: IndexedColumn | undefined): boolean {
  const values = column === undefined ? [] : (lookup.of(column.id) ?? []);
  return (
    column?.class === 'boolean' || (values.length > 0 && values.every((text) => yesOrNo.test(text.trim())))
  );
}

/** The columns whose different values a query counts, though the question does not ask for different ones. */
export const valuesCounted = (
  { schemaIndex, tokens }: Analysis,
  { select }: SelectQuery,
): readonly IndexedColumn[] =>
  tokens.some(({ lower }) => different.test(lower))
    ? []
    : select
        .filter(({ aggregate, distinct }) => aggregate === 'count' && distinct === true)
        .flatMap(({ column }) => schemaIndex.columns[column ?? -1] ?? []);

/** `how many smokers`: how many different answers a flag has is never what is meant. */
export function flagsCounted(analysis: Analysis, query: SelectQuery): string | null {
  const flag = valuesCounted(analysis, query).find((column) => isFlag(analysis, column));
  return flag === undefined
    ? null
    : `${flag.name} says yes or no: how many different values it has is not what is asked.`;
}

/** `tournaments only for youth`: a list of yes and no, of all rows and without what they are of, tells nothing. */
export function flagsListed(analysis: Analysis, { select, where, group }: SelectQuery): string | null {
  const [only, ...others] = select;
  const column = analysis.schemaIndex.columns[only?.column ?? -1];
  return only?.aggregate === null &&
    others.length === 0 &&
    where === null &&
    group.length === 0 &&
    isFlag(analysis, column)
    ? `${column?.name ?? ''} by itself is a list of yes and no.`
    : null;
}

/** `top 5 by rating`: the numbers by themselves, without what has them. */
export function numbersForRanked(
  { columns, tokens }: Analysis,
  { select, order, limit }: SelectQuery,
): string | null {
  const [only, ...others] = select;
  const [first] = order;
  const id = only?.column ?? null;
  const said = columns.some(
    (mention) => mention.id === id && /^(?:by|per)$/u.test(tokens[mention.start - 1]?.lower ?? ''),
  );
  return id !== null &&
    others.length === 0 &&
    only?.aggregate === null &&
    first?.by.column === id &&
    limit !== null &&
    said
    ? 'The question does not say what is ranked.'
    : null;
}

/** `how many donors were referred by someone` counts those who were, and not who referred them. */
export function doersForDone({ schemaIndex, tokens }: Analysis, { select }: SelectQuery): string | null {
  const counted = select.find(
    ({ aggregate, distinct }) => aggregate === 'count' && distinct === true,
  )?.column;
  const key = schemaIndex.links.find(({ from, to, left: [left] }) => from === to && left === counted);
  const column = key === undefined ? undefined : schemaIndex.columns[counted ?? -1];
  const said = tokens.find(
    ({ lower }, at) =>
      tokens[at + 1]?.lower === 'by' &&
      column?.words.some((word) => word !== 'by' && isForm(lower, word)) === true,
  );
  return said === undefined || column === undefined
    ? null
    : `${column.name} says by whom they were ${said.lower}, and the question asks how many were.`;
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

const wholeMoney = /^(?:euros?|eur|dollars?|usd|pounds?|gbp|quid|bucks?|francs?|crowns?|€|\$|£)$/iu;

/** `over 500 pounds`, against a column of pence: a hundredth of what is meant. */
export function poundsForPence(
  { schemaIndex, tokens }: Analysis,
  { where, having }: SelectQuery,
): string | null {
  const amounts = tokens.flatMap(({ number }, at) =>
    number !== null &&
    (wholeMoney.test(tokens[at + 1]?.lower ?? '') || wholeMoney.test(tokens[at - 1]?.lower ?? ''))
      ? [number]
      : [],
  );
  const found = [...conditionsOf(where), ...conditionsOf(having)].flatMap((condition) => {
    const numbers =
      condition.kind === 'compare'
        ? [condition.right]
        : condition.kind === 'between'
          ? [condition.low, condition.high]
          : [];
    const column =
      condition.kind === 'compare' || condition.kind === 'between'
        ? schemaIndex.columns[condition.left.column ?? -1]
        : undefined;
    const said = numbers.some((each) => each.kind === 'number' && amounts.includes(each.number));
    return column !== undefined && isInCents(column) && said ? [column] : [];
  });
  const [column] = found;
  return column === undefined
    ? null
    : `${column.name} is in hundredths, and the question says an amount in whole ones.`;
}

const soonest = /^(?:next|nearest|soonest|closest|upcoming)$/u;

/** `the nearest deadline` lies ahead: the first of all dates is the one that is longest past. */
export function pastForNext({ schemaIndex, tokens }: Analysis, { order, where }: SelectQuery): string | null {
  const word = tokens.find(({ lower }) => soonest.test(lower))?.lower;
  const [first] = order;
  const column = schemaIndex.columns[first?.by.column ?? -1];
  const ahead = conditionsOf(where).some(
    (condition) =>
      condition.kind === 'compare' &&
      condition.left.column === column?.id &&
      condition.operator.startsWith('>'),
  );
  return word === undefined || first?.descending !== false || column?.class !== 'date' || ahead
    ? null
    : `"${word}" asks for what lies ahead, and the first of all ${column.name} is past.`;
}

/** `first aiders`, where a column is called so: no order, and no other column. */
export function orderForName({ schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const at = tokens.findIndex(
    ({ lower }, index) => /^(?:first|last|top|best)$/u.test(lower) && tokens[index + 1]?.kind === 'word',
  );
  const [word, next] = [tokens[at]?.lower ?? '', tokens[at + 1]?.lemma ?? ''];
  const named = schemaIndex.columns.find(
    ({ ownWords: [one, two, ...others] }) => others.length === 0 && one === word && two === next,
  );
  const used = JSON.stringify([query.select, query.where, query.group, query.order]);
  return at < 0 || named === undefined || new RegExp(`"column":${named.id}\\b`, 'u').test(used)
    ? null
    : `"${word} ${tokens[at + 1]?.lower ?? ''}" is what ${named.name} says.`;
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
