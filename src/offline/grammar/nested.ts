import type { Analysis } from '../analysis/analysis.ts';
import { detours, type JoinGraph, joinTables } from '../query/joins.ts';
import { plain, type SelectQuery, selectFrom } from '../query/tree.ts';
import { soleKey } from '../schema-index/schema-index.ts';
import type { Arrangement } from './arrangement.ts';
import { conjunction, denied } from './condition.ts';
import type { FilterItem } from './filter/item.ts';

/** `without an order of 2020`: conditions that belong to what is missing move inside. */
export function insideWithout(
  outer: readonly FilterItem[],
  without: FilterItem,
  graph: JoinGraph,
): Arrangement[] {
  const inner = without.condition;
  const movable = outer.filter((item) => item.table !== without.table || item.start > without.start);
  if (inner.kind !== 'in' || movable.length === 0) {
    return [];
  }
  const tables = [...new Set([without.inner ?? without.table, ...movable.map((item) => item.table)])];
  const tree = joinTables(graph, tables);
  if (tree === null) {
    return [];
  }
  const joined = outer.filter((item) => !movable.includes(item));
  const where = conjunction([
    ...(inner.query.where === null ? [] : [inner.query.where]),
    ...[denied(movable)].filter((condition) => condition !== null),
  ]);
  return [tree, ...detours(graph, tables, tree)].map(({ joins }) => {
    const condition = { ...inner, query: { ...inner.query, joins, where } };
    return {
      shape: 'inside',
      joined,
      make: (query) => ({
        ...query,
        where: conjunction([...joined.map((item) => item.condition), condition]),
      }),
    };
  });
}

/** `above the average of the sales department`: conditions hold for what is averaged, not for what is asked for. */
export function insideAggregate(outer: readonly FilterItem[], graph: JoinGraph): Arrangement[] {
  const scalar = outer.find((item) => item.condition.kind === 'scalar');
  if (scalar === undefined || scalar.condition.kind !== 'scalar' || outer.length < 2) {
    return [];
  }
  const { condition } = scalar;
  const others = outer.filter((item) => item !== scalar);
  const after = others.filter((item) => item.start > scalar.start);
  return [others, ...(after.length > 0 && after.length < others.length ? [after] : [])].flatMap((movable) => {
    if (movable.some((item) => item.condition.kind === 'scalar')) {
      return [];
    }
    const tree = joinTables(graph, [
      ...new Set([condition.query.from, ...movable.map((item) => item.table)]),
    ]);
    if (tree === null) {
      return [];
    }
    const joined = outer.filter((item) => !movable.includes(item));
    const where = conjunction(movable.map((item) => item.condition));
    const nested = { ...condition, query: { ...condition.query, joins: tree.joins, where } };
    return [
      {
        shape: 'inside' as const,
        joined,
        make: (query: SelectQuery) => ({
          ...query,
          where: conjunction(joined.map((item) => (item === scalar ? nested : item.condition))),
        }),
      },
    ];
  });
}

/**
 * `players who are not on the red team`: rows of which no related row fulfils the condition, rather than those that
 * have a related row which does not.
 */
export function excluded(
  analysis: Analysis,
  outer: readonly FilterItem[],
  negative: readonly FilterItem[],
  graph: JoinGraph,
): Arrangement[] {
  const tables = [...new Set(negative.map((item) => item.table))];
  const joined = outer.filter((item) => !negative.includes(item));
  // The shortest way to what is excluded, and those that go round one of its joins.
  return [0, 1, 2].map((way) => ({
    shape: 'inside',
    joined,
    make: (query) => {
      const owner =
        query.select.flatMap((item) =>
          item.column === null ? [] : (analysis.schemaIndex.columns[item.column]?.table ?? []),
        )[0] ?? query.from;
      const column = soleKey(analysis.schemaIndex.tables[owner]);
      if (tables.includes(owner) || column === undefined) {
        return null;
      }
      const shortest = joinTables(graph, [owner, ...tables]);
      if (shortest === null) {
        return null;
      }
      const tree = [shortest, ...detours(graph, [owner, ...tables], shortest)][way];
      if (tree === undefined) {
        return null;
      }
      const inner: SelectQuery = {
        ...selectFrom(tree.from, [plain(column)]),
        joins: tree.joins,
        where: denied(negative),
      };
      return {
        ...query,
        where: conjunction([
          ...joined.map((item) => item.condition),
          { kind: 'in', column, negated: true, query: inner },
        ]),
      };
    },
  }));
}
