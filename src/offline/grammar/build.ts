import { type Analysis, hasCue } from '../analysis/analysis.ts';
import { detours, type JoinGraph, type JoinTree, joinTables, otherKeys } from '../query/joins.ts';
import { type Expression, expressionKey, type SelectQuery } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import type { Candidate, Seed } from './candidate.ts';
import { havingCondition } from './having.ts';
import { arrangements } from './shapes.ts';
import { overlap } from './subsets.ts';
import { countOfGroups, ofTheTop, pairsOfTables } from './whole.ts';

/** Puts a seed's parts together, in one query or with a part of it nested. */
export function build(analysis: Analysis, graph: JoinGraph, seed: Seed): Candidate[] {
  return [
    ...buildFlat(analysis, graph, seed),
    ...countOfGroups(analysis, graph, seed),
    ...ofTheTop(analysis, graph, seed),
    ...pairsOfTables(analysis, seed),
  ];
}

/** Every way to join what the parts need and to combine their conditions. */
function buildFlat(analysis: Analysis, graph: JoinGraph, seed: Seed): Candidate[] {
  const { schemaIndex } = analysis;
  const column = (id: number): IndexedColumn | undefined => schemaIndex.columns[id];
  const select = [...seed.select.items].sort((a, b) => a.start - b.start).map((item) => item.expression);
  const order = seed.order.item;
  const having = seed.having.item;
  const outer = seed.filter.items.filter((item) => item.inner === null);
  const without = seed.filter.items.find((item) => item.inner !== null);
  if (seed.filter.items.filter((item) => item.inner !== null).length > 1) {
    return [];
  }
  if (new Set(select.map(expressionKey)).size < select.length) {
    return [];
  }
  const plainColumns = select.flatMap((item) =>
    item.aggregate === null && item.column !== null ? [item.column] : [],
  );
  const aggregated = select.some((item) => item.aggregate !== null);
  const grouped =
    (aggregated && plainColumns.length > 0) || having.left !== null || (order.by?.aggregate ?? null) !== null;
  const star = select.some((item) => item.aggregate === null && item.column === null);
  if (star && (select.length > 1 || grouped)) {
    return [];
  }
  if (grouped && plainColumns.length === 0) {
    return [];
  }
  if (
    grouped &&
    order.by !== null &&
    order.by.aggregate === null &&
    order.by.column !== null &&
    !plainColumns.includes(order.by.column)
  ) {
    return [];
  }
  if (!grouped && aggregated && order.by !== null) {
    return [];
  }
  if (order.limit !== null && order.by === null) {
    return [];
  }
  if (having.left !== null && having.start >= 0 && outer.some((item) => overlap(item, having))) {
    return [];
  }
  if (
    order.limit !== null &&
    order.limit > 1 &&
    having.left !== null &&
    having.right?.kind === 'number' &&
    having.right.number === order.limit
  ) {
    return [];
  }

  const counts =
    select.some((item) => item.column === null) || order.by?.column === null || having.left?.column === null;
  const candidates: Candidate[] = [];
  for (const { shape, joined, make } of arrangements(analysis, outer, without ?? null, graph)) {
    const needed = new Set<number>();
    const need = (expression: Expression | null): void => {
      const table = expression?.column == null ? undefined : column(expression.column)?.table;
      if (table !== undefined) {
        needed.add(table);
      }
    };
    for (const item of select) {
      need(item);
    }
    need(order.by);
    need(having.left);
    for (const item of joined) {
      needed.add(item.table);
    }
    if (without !== undefined) {
      needed.add(without.table);
    }
    for (const extra of extraTables(analysis, graph, needed, without?.inner ?? null, counts, grouped)) {
      const joint = [...needed, ...extra];
      const shortest = joinTables(graph, joint, (link) => keyPreference(analysis, link.left));
      if (shortest === null || shortest.tables.length > 6) {
        continue;
      }
      for (const tree of [shortest, ...otherKeys(graph, shortest), ...detours(graph, joint, shortest)]) {
        if (grouped && countsOfOne(analysis, plainColumns, tree)) {
          continue;
        }
        const base: Omit<SelectQuery, 'where' | 'distinct'> = {
          kind: 'select',
          select,
          from: tree.from,
          joins: tree.joins,
          group: grouped ? plainColumns : [],
          having: havingCondition(having),
          order: order.by === null ? [] : [{ by: order.by, descending: order.descending }],
          limit: order.limit,
        };
        for (const distinct of distinctChoices(analysis, base, shape)) {
          const query = make({ ...base, distinct, where: null });
          if (query === null) {
            continue;
          }
          candidates.push({
            query,
            select: seed.select,
            filter: seed.filter,
            order: seed.order,
            having: seed.having,
            tables: tree.tables,
            extraTables: extra,
            joinCost: tree.cost,
            shape,
            score: seed.score,
          });
        }
      }
    }
  }
  return candidates;
}

/** Sets of tables to join though no part needs them: named ones, and where rows are counted, those that may be meant. */
function extraTables(
  analysis: Analysis,
  graph: JoinGraph,
  needed: ReadonlySet<number>,
  inner: number | null,
  counts: boolean,
  grouped: boolean,
): number[][] {
  const named = [
    ...new Set(
      analysis.tables
        .filter((mention) => mention.score >= 0.6 && mention.id !== inner)
        .sort((a, b) => b.score - a.score || a.start - b.start)
        .map((mention) => mention.id),
    ),
  ].filter((table) => !needed.has(table));
  const sets: number[][] = [];
  if (needed.size > 0) {
    sets.push([]);
  }
  for (const table of named.slice(0, 5)) {
    sets.push([table]);
  }
  if (counts && named.length > 1) {
    sets.push(...pairs(named.slice(0, 4)));
  }
  if (counts && grouped) {
    const near = new Set<number>();
    for (const table of needed) {
      for (const edge of graph.edges.get(table) ?? []) {
        if (!needed.has(edge.to) && edge.link.to === table) {
          near.add(edge.to);
        }
      }
    }
    for (const table of [...near].slice(0, 4)) {
      if (!sets.some((set) => set.length === 1 && set[0] === table)) {
        sets.push([table]);
      }
    }
  }
  return sets;
}

/** Whether every group would have one row: grouped by the key of a table that no joined table refers to. */
function countsOfOne(analysis: Analysis, group: readonly number[], tree: JoinTree): boolean {
  return group.some((id) => {
    const column = analysis.schemaIndex.columns[id];
    const table = column === undefined ? undefined : analysis.schemaIndex.tables[column.table];
    if (
      column === undefined ||
      table === undefined ||
      !(column.unique || (column.primary && table.primaryKey.length === 1))
    ) {
      return false;
    }
    const pairs = tree.joins.flatMap((join) => join.on);
    // A join from this table's key to another table's key that is not unique makes more rows of one.
    return !pairs.some(([left, right]) => {
      const other = analysis.schemaIndex.columns[left]?.table === column.table ? right : left;
      const own = other === right ? left : right;
      return analysis.schemaIndex.columns[own]?.table === column.table && !isKey(analysis, other);
    });
  });
}

function isKey(analysis: Analysis, id: number): boolean {
  const column = analysis.schemaIndex.columns[id];
  if (column === undefined) {
    return false;
  }
  return (
    column.unique || (column.primary && analysis.schemaIndex.tables[column.table]?.primaryKey.length === 1)
  );
}

function pairs(list: readonly number[]): number[][] {
  return list.flatMap((a, index) => list.slice(index + 1).map((b) => [a, b]));
}

function keyPreference(analysis: Analysis, columns: readonly number[]): number {
  return columns.some((id) => analysis.columns.some((mention) => mention.id === id && mention.score > 0.8))
    ? 0.3
    : 0;
}

/**
 * Rows are made distinct where the question says so, perhaps where a row may fulfil either of two conditions, and where
 * what is shown of each may repeat: no name of a thing, or that of one joined to many.
 */
function distinctChoices(
  analysis: Analysis,
  query: Omit<SelectQuery, 'where' | 'distinct'>,
  shape: Candidate['shape'],
): boolean[] {
  if (query.group.length > 0 || query.select.some((item) => item.aggregate !== null)) {
    return [false];
  }
  if (hasCue(analysis, 'distinct')) {
    return [true, false];
  }
  if (shape === 'or' && query.joins.length > 0) {
    return [false, true];
  }
  const shown = query.select.flatMap((item) => item.column ?? []);
  if (shown.length < query.select.length || shown.some((id) => isKey(analysis, id))) {
    return [false];
  }
  const { columns, tables } = analysis.schemaIndex;
  const named = shown.some((id) => tables[columns[id]?.table ?? -1]?.label === id);
  const repeated = query.joins.some((join) => join.on.every(([, right]) => !isKey(analysis, right)));
  return repeated || !named ? [false, true] : [false];
}
