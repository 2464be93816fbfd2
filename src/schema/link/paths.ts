import type { Table } from '../schema.ts';

/** For each table the tables that its foreign keys lead to or come from, by their places in the list. */
export function neighboursOf(tables: readonly Table[]): readonly ReadonlySet<number>[] {
  const place = new Map(tables.map((table, index) => [`${table.schema}.${table.name}`, index]));
  const neighbours = tables.map(() => new Set<number>());
  tables.forEach((table, from) => {
    for (const key of table.foreignKeys) {
      const to = place.get(`${key.references.schema}.${key.references.table}`);
      if (to === undefined || to === from) {
        continue;
      }
      neighbours[from]?.add(to);
      neighbours[to]?.add(from);
    }
  });
  return neighbours;
}

/** A path with more tables between its ends joins what a question hardly means. */
const longestPath = 4;

/** Breadth first from one table to the nearest of `goals`; the table alone where none is in reach. */
export function shortestPath(
  neighbours: readonly ReadonlySet<number>[],
  start: number,
  goals: ReadonlySet<number>,
): readonly number[] {
  const cameFrom = new Map<number, { readonly from: number | null; readonly length: number }>([
    [start, { from: null, length: 1 }],
  ]);
  const queue = [start];
  for (const current of queue) {
    if (goals.has(current)) {
      const path: number[] = [];
      for (let step: number | null = current; step !== null; step = cameFrom.get(step)?.from ?? null) {
        path.push(step);
      }
      return path;
    }
    const length = (cameFrom.get(current)?.length ?? 1) + 1;
    for (const next of neighbours[current] ?? []) {
      if (!cameFrom.has(next) && length <= longestPath) {
        cameFrom.set(next, { from: current, length });
        queue.push(next);
      }
    }
  }
  return [start];
}
