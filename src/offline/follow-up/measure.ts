import type { Expression, SelectQuery } from '../query/tree.ts';

/** The one number that the query works out; null where there are several or none. */
export function measureOf({ select, order }: SelectQuery): Expression | null {
  const measures = select.filter(({ aggregate }) => aggregate !== null);
  if (measures.length === 1) {
    return measures[0] ?? null;
  }
  return measures.length === 0 ? (order[0]?.by ?? null) : null;
}

/** Whether a query may be ordered by this: of groups there is only what they are made by and what is worked out of them. */
export function fits(query: SelectQuery, { aggregate, column }: Expression): boolean {
  if (query.select.some((item) => item.aggregate !== null) && query.group.length === 0) {
    return false;
  }
  if (query.group.length === 0) {
    return aggregate === null;
  }
  return aggregate !== null || (column !== null && query.group.includes(column));
}
