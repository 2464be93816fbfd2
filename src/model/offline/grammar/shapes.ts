import { type JoinGraph, joinTables } from '../query/joins.ts';
import type { Condition, Query, SelectQuery } from '../query/tree.ts';
import { type Analysis, hasCue } from './analysis.ts';
import type { Candidate } from './candidate.ts';
import type { FilterItem } from './filter-item.ts';

type Shape = { readonly shape: Candidate['shape']; readonly make: (query: SelectQuery) => Query | null };

/** Ways to put conditions together: all hold, some of the same column holds, both sides hold on other rows… */
export function shapes(
  analysis: Analysis,
  outer: readonly FilterItem[],
  without: FilterItem | null,
  graph: JoinGraph,
): Shape[] {
  const all = outer.map((item) => item.condition);
  if (without !== null) {
    const result: Shape[] = [
      { shape: 'none', make: (query) => ({ ...query, where: conjunction([...all, without.condition]) }) },
    ];
    const inner = without.condition;
    const movable = outer.filter((item) => item.table !== without.table || item.start > without.start);
    if (inner.kind === 'in' && movable.length > 0) {
      const tables = [...new Set([without.inner ?? without.table, ...movable.map((item) => item.table)])];
      const tree = joinTables(graph, tables);
      if (tree !== null) {
        const rest = outer.filter((item) => !movable.includes(item)).map((item) => item.condition);
        const condition: Condition = {
          ...inner,
          query: {
            ...inner.query,
            joins: tree.joins,
            where: conjunction(movable.map((item) => positive(item.condition))),
          },
        };
        result.push({
          shape: 'inside',
          make: (query) => ({ ...query, where: conjunction([...rest, condition]) }),
        });
      }
    }
    return result;
  }
  const same = outer.filter((item) =>
    outer.some((other) => other !== item && columnOf(other) !== null && columnOf(other) === columnOf(item)),
  );
  const rest = outer.filter((item) => !same.includes(item)).map((item) => item.condition);
  const result: Shape[] = [];
  const equalities = same.filter(
    (item) => item.condition.kind === 'compare' && item.condition.operator === '=',
  );
  if (equalities.length < 2)
    result.push({ shape: 'and', make: (query) => ({ ...query, where: conjunction(all) }) });
  if (outer.length >= 2 && hasCue(analysis, 'or') && same.length < 2)
    result.push({ shape: 'or', make: (query) => ({ ...query, where: { kind: 'or', conditions: all } }) });
  if (same.length >= 2) {
    result.push({
      shape: 'or',
      make: (query) => ({
        ...query,
        where: conjunction([...rest, { kind: 'or', conditions: same.map((item) => item.condition) }]),
      }),
    });
    const [first, second] = same;
    if (
      same.length === 2 &&
      first !== undefined &&
      second !== undefined &&
      (hasCue(analysis, 'and') || hasCue(analysis, 'both'))
    )
      result.push({
        shape: 'intersect',
        make: (query) =>
          query.order.length > 0 ||
          query.limit !== null ||
          query.group.length > 0 ||
          query.select.some((item) => item.aggregate !== null)
            ? null
            : {
                kind: 'set',
                operator: 'intersect',
                left: { ...query, distinct: false, where: conjunction([...rest, first.condition]) },
                right: { ...query, distinct: false, where: conjunction([...rest, second.condition]) },
              },
      });
  }
  const negative = outer.filter(
    (item) => item.condition.kind === 'compare' && item.condition.operator === '<>',
  );
  if (negative.length > 0 && negative.length < 3)
    result.push({
      shape: 'except',
      make: (query) =>
        query.order.length > 0 ||
        query.limit !== null ||
        query.group.length > 0 ||
        query.select.some((item) => item.aggregate !== null)
          ? null
          : {
              kind: 'set',
              operator: 'except',
              left: {
                ...query,
                distinct: false,
                where: conjunction(
                  outer.filter((item) => !negative.includes(item)).map((item) => item.condition),
                ),
              },
              right: {
                ...query,
                distinct: false,
                where: conjunction(negative.map((item) => positive(item.condition))),
              },
            },
    });
  return result;
}

function conjunction(conditions: readonly Condition[]): Condition | null {
  const [first] = conditions;
  return first === undefined ? null : conditions.length === 1 ? first : { kind: 'and', conditions };
}

const columnOf = (item: FilterItem): number | null =>
  item.condition.kind === 'compare' || item.condition.kind === 'between' || item.condition.kind === 'scalar'
    ? item.condition.left.column
    : null;

function positive(condition: Condition): Condition {
  return condition.kind === 'compare' && condition.operator === '<>'
    ? { ...condition, operator: '=' }
    : condition;
}
