import type { Analysis } from '../analysis/analysis.ts';
import type { SelectQuery } from '../query/tree.ts';

/** `top 3 beers by litres`, where each beer has several rows with litres: the first rows show some beers twice and others not. */
export function repeatedParents({ schemaIndex }: Analysis, query: SelectQuery): string | null {
  const [order] = query.order;
  const tableOf = (column: number | null | undefined): number =>
    schemaIndex.columns[column ?? -1]?.table ?? -1;
  if (
    order === undefined ||
    order.by.aggregate !== null ||
    query.limit === null ||
    query.limit === 1 ||
    query.distinct ||
    query.group.length > 0
  ) {
    return null;
  }
  const ranked = tableOf(order.by.column);
  const shown = new Set(query.select.map(({ column }) => tableOf(column)));
  const [parent = -1, ...others] = shown;
  const belongs = schemaIndex.links.some(({ from, to }) => from === ranked && to === parent);
  const back = schemaIndex.links.some(({ from, to }) => from === parent && to === ranked);
  return others.length > 0 || parent === ranked || !belongs || back
    ? null
    : `Each row of ${schemaIndex.tables[parent]?.name ?? ''} may have several in ${schemaIndex.tables[ranked]?.name ?? ''}: say "total" or "highest" ${schemaIndex.columns[order.by.column ?? -1]?.name ?? ''}.`;
}

/** `how much acrylic did we waste` asks for no number of rows. */
export const countForMuch = ({ question }: Analysis, { select }: SelectQuery): string | null =>
  /\bhow much\b/iu.test(question) &&
  select.some(({ aggregate, column }) => aggregate === 'count' && column === null)
    ? '"How much" asks for an amount, and no column of what is asked for is known to hold it: say "how many" for a number of rows.'
    : null;

/** `report to Tom` asks for those whom Tom is the boss of, and not for Tom. */
export function lostBoss({ question, schemaIndex }: Analysis, query: SelectQuery): string | null {
  const asked = /\breport(?:s|ed|ing)? to\b/iu.exec(question)?.[0];
  const ownKeys = schemaIndex.links.filter(({ from, to }) => from === to).flatMap(({ left }) => left);
  const text = JSON.stringify([query.where, query.joins, query.select, query.group]);
  const isRead = ownKeys.some((id) => new RegExp(`\\b${id}\\b`, 'u').test(text));
  return asked === undefined || ownKeys.length === 0 || isRead
    ? null
    : `The question asks who "${asked}" whom.`;
}
