import { type Analysis, hasCue } from '../analysis/analysis.ts';
import type { JoinGraph } from '../query/joins.ts';
import type { Condition, Query, SelectQuery } from '../query/tree.ts';
import type { Arrangement } from './arrangement.ts';
import { columnOf, conjunction, isNegative, positive } from './condition.ts';
import type { FilterItem } from './filter/item.ts';
import { excluded, insideAggregate, insideWithout } from './nested.ts';

/** Ways to put conditions together: all hold, some of the same column holds, both sides hold on other rows… */
export function arrangements(
  analysis: Analysis,
  outer: readonly FilterItem[],
  without: FilterItem | null,
  graph: JoinGraph,
): Arrangement[] {
  const all = outer.map((item) => item.condition);
  if (without !== null) {
    return [
      {
        shape: 'none',
        joined: outer,
        make: (query) => ({ ...query, where: conjunction([...all, without.condition]) }),
      },
      ...insideWithout(outer, without, graph),
    ];
  }
  const same = outer.filter((item) =>
    outer.some((other) => other !== item && columnOf(other) !== null && columnOf(other) === columnOf(item)),
  );
  const rest = outer.filter((item) => !same.includes(item)).map((item) => item.condition);
  const result: Arrangement[] = [];
  const add = (shape: Arrangement['shape'], make: Arrangement['make']): void => {
    result.push({ shape, joined: outer, make });
  };
  const equalities = same.filter(
    (item) => item.condition.kind === 'compare' && item.condition.operator === '=',
  );
  if (equalities.length < 2) {
    add('and', (query) => ({ ...query, where: conjunction(all) }));
  }
  if (outer.length >= 2 && hasCue(analysis, 'or') && same.length < 2) {
    add('or', (query) => ({ ...query, where: { kind: 'or', conditions: all } }));
  }
  const sides = twoSides(same);
  if (same.length >= 2) {
    const either: Condition[] =
      sides === null || same.length === 2
        ? same.map((item) => item.condition)
        : sides.flatMap((side) => conjunction(side.map((item) => item.condition)) ?? []);
    add('or', (query) => ({
      ...query,
      where: conjunction([...rest, { kind: 'or', conditions: either }]),
    }));
  }
  const both = sides ?? (outer.length === 2 && hasCue(analysis, 'both') ? outer.map((item) => [item]) : null);
  if (both !== null && (hasCue(analysis, 'and') || hasCue(analysis, 'both'))) {
    const [left = [], right = []] = both;
    const shared = sides === null ? [] : rest;
    add('intersect', (query) =>
      combined('intersect', query, [...shared, ...conditionsOf(left)], [...shared, ...conditionsOf(right)]),
    );
  }
  if (sides !== null && same.length > 2 && (hasCue(analysis, 'except') || hasCue(analysis, 'not'))) {
    const [left, right] = sides;
    add('except', (query) =>
      combined('except', query, [...rest, ...conditionsOf(left)], [...rest, ...conditionsOf(right)]),
    );
  }
  const negative = outer.filter((item) => isNegative(item.condition));
  if (negative.length > 0 && negative.length < 3) {
    const kept = outer.filter((item) => !negative.includes(item)).map((item) => item.condition);
    const taken = negative.map((item) => positive(item.condition));
    add('except', (query) => combined('except', query, kept, taken));
    result.push(...excluded(analysis, outer, negative, graph));
  }
  result.push(...insideAggregate(outer, graph));
  return result;
}

const conditionsOf = (items: readonly FilterItem[]): Condition[] => items.map((item) => item.condition);

/** Conditions of which each column has two, as the first of each and the second of each. */
function twoSides(same: readonly FilterItem[]): [FilterItem[], FilterItem[]] | null {
  const byColumn = new Map<number, FilterItem[]>();
  for (const item of [...same].sort((a, b) => a.start - b.start)) {
    const column = columnOf(item);
    if (column === null) {
      return null;
    }
    byColumn.set(column, [...(byColumn.get(column) ?? []), item]);
  }
  const pairs = [...byColumn.values()];
  if (pairs.length === 0 || pairs.some((pair) => pair.length !== 2)) {
    return null;
  }
  return [pairs.flatMap((pair) => pair.slice(0, 1)), pairs.flatMap((pair) => pair.slice(1))];
}

/** The same query on other rows each side; null where rows are counted, grouped or ordered. */
function combined(
  operator: 'intersect' | 'except',
  query: SelectQuery,
  left: readonly Condition[],
  right: readonly Condition[],
): Query | null {
  if (
    query.order.length > 0 ||
    query.limit !== null ||
    query.group.length > 0 ||
    query.select.some((item) => item.aggregate !== null)
  ) {
    return null;
  }
  return {
    kind: 'set',
    operator,
    left: { ...query, distinct: false, where: conjunction(left) },
    right: { ...query, distinct: false, where: conjunction(right) },
  };
}
