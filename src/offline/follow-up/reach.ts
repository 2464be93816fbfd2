import type { JoinGraph } from '../query/joins.ts';
import { type Condition, type Join, plain, type SelectQuery } from '../query/tree.ts';

/** The tables of a query. */
export function tablesOf(query: SelectQuery): readonly number[] {
  return [query.from, ...query.joins.map(({ table }) => table)];
}

/**
 * The joins that reach a table from those of a query along keys that refer to one row each, so that no row is repeated
 * and no count changes. Null where there is no such way; none where the table is there already.
 */
export function joinsTo(graph: JoinGraph, tables: readonly number[], target: number): readonly Join[] | null {
  if (tables.includes(target)) {
    return [];
  }
  const via = new Map<number, { readonly before: number; readonly join: Join }>();
  const queue = [...tables];
  for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
    for (const edge of graph.edges.get(table) ?? []) {
      if (edge.link.from !== table || tables.includes(edge.to) || via.has(edge.to)) {
        continue;
      }
      via.set(edge.to, { before: table, join: { table: edge.to, on: edge.on } });
      queue.push(edge.to);
    }
  }
  const joins: Join[] = [];
  for (let step = via.get(target); step !== undefined; step = via.get(step.before)) {
    joins.unshift(step.join);
  }
  return joins.length === 0 ? null : joins;
}

/**
 * A condition on a table that refers to one of a query's, at most one such step away: that there is such a row at all.
 * Null where no key leads there.
 */
export function existsIn(
  graph: JoinGraph,
  tables: readonly number[],
  target: number,
  condition: Condition,
): Condition | null {
  for (const table of tables) {
    for (const edge of graph.edges.get(table) ?? []) {
      if (edge.link.to !== table || edge.on.length !== 1 || tables.includes(edge.to)) {
        continue;
      }
      const [own, other] = edge.on[0] ?? [];
      const joins = joinsTo(graph, [edge.to], target);
      if (own === undefined || other === undefined || joins === null) {
        continue;
      }
      const query: SelectQuery = {
        kind: 'select',
        distinct: false,
        select: [plain(other)],
        from: edge.to,
        joins,
        where: condition,
        group: [],
        having: null,
        order: [],
        limit: null,
      };
      return { kind: 'in', column: own, negated: false, query };
    }
  }
  return null;
}

/** How many keys lie between a table and those of a query, followed either way. */
export function distanceTo(graph: JoinGraph, tables: readonly number[], target: number): number {
  const distances = new Map(tables.map((table) => [table, 0]));
  const queue = [...tables];
  for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
    const distance = distances.get(table) ?? 0;
    if (table === target) {
      return distance;
    }
    for (const { to } of graph.edges.get(table) ?? []) {
      if (!distances.has(to)) {
        distances.set(to, distance + 1);
        queue.push(to);
      }
    }
  }
  return Number.POSITIVE_INFINITY;
}
