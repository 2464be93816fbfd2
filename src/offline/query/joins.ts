import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import type { Join } from './tree.ts';

/** A connected set of joins over tables. */
export interface JoinTree {
  readonly from: number;
  readonly joins: readonly Join[];
  /** All tables in it, in order. */
  readonly tables: readonly number[];
  readonly cost: number;
}

interface Edge {
  readonly to: number;
  readonly link: Link;
  readonly on: readonly (readonly [number, number])[];
  readonly cost: number;
}

/** The graph of a schema's foreign keys. */
export interface JoinGraph {
  readonly edges: ReadonlyMap<number, readonly Edge[]>;
}

/** Builds the graph once for a schema index. An inferred key costs a little more than a declared one. */
export function joinGraph(schemaIndex: SchemaIndex): JoinGraph {
  const edges = new Map<number, Edge[]>();
  const add = (from: number, edge: Edge): void => {
    const list = edges.get(from);
    if (list === undefined) {
      edges.set(from, [edge]);
    } else {
      list.push(edge);
    }
  };
  for (const link of schemaIndex.links) {
    if (link.from === link.to) {
      continue;
    }
    const cost = link.declared ? 1 : 1.3;
    const pairs = link.left.map((left, index) => [left, link.right[index] ?? left] as const);
    add(link.from, { to: link.to, link, on: pairs.map(([left, right]) => [left, right] as const), cost });
    add(link.to, { to: link.from, link, on: pairs.map(([left, right]) => [right, left] as const), cost });
  }
  return { edges };
}

/**
 * Joins `tables`, the first one first, along cheap paths of foreign keys: each further table is reached by the
 * shortest path from what is joined already (the shortest-path heuristic for Steiner trees). `preference` lowers the
 * cost of a key whose columns the question speaks of. Null where the keys don't connect them.
 */
export function joinTables(
  graph: JoinGraph,
  tables: readonly number[],
  preference: (link: Link) => number = () => 0,
): JoinTree | null {
  const first = tables[0];
  if (first === undefined) {
    return null;
  }
  const joined = [first];
  const joins: Join[] = [];
  let cost = 0;
  const open = new Set(tables.slice(1));
  open.delete(first);
  while (open.size > 0) {
    const path = shortestPath(graph, joined, open, preference);
    if (path === null) {
      return null;
    }
    for (const step of path.steps) {
      if (joined.includes(step.to)) {
        continue;
      }
      joined.push(step.to);
      joins.push({ table: step.to, on: step.on });
      open.delete(step.to);
    }
    cost += path.cost;
  }
  return { from: first, joins, tables: joined, cost };
}

/** The tree with one join on another key between the same two tables, for each such key: home team, away team. */
export function otherKeys(graph: JoinGraph, tree: JoinTree): JoinTree[] {
  const trees: JoinTree[] = [];
  tree.joins.forEach((join, index) => {
    const [left, right] = join.on[0] ?? [];
    if (left === undefined || right === undefined) {
      return;
    }
    for (const [from, edges] of graph.edges) {
      if (from === join.table || !tree.tables.includes(from)) {
        continue;
      }
      if (!edges.some((edge) => edge.on[0]?.[0] === left && edge.on[0]?.[1] === right)) {
        continue;
      }
      for (const edge of edges) {
        if (edge.to !== join.table || (edge.on[0]?.[0] === left && edge.on[0]?.[1] === right)) {
          continue;
        }
        trees.push({
          ...tree,
          joins: tree.joins.map((other, at) => (at === index ? { table: join.table, on: edge.on } : other)),
          cost: tree.cost + 0.3,
        });
      }
    }
  });
  return trees.slice(0, 4);
}

/**
 * Trees over the same tables that go round one of the joins: the way over the table between, where the shortest way
 * takes a key that says something else (who heads a department, not who works in it).
 */
export function detours(graph: JoinGraph, tables: readonly number[], tree: JoinTree): readonly JoinTree[] {
  const known = detoursOf.get(graph) ?? new Map<string, readonly JoinTree[]>();
  detoursOf.set(graph, known);
  const own = keyOf(tree);
  const key = `${tables.join()} ${own}`;
  const made = known.get(key);
  if (made !== undefined) {
    return made;
  }
  const found = new Map<string, JoinTree>();
  for (const { on } of tree.joins) {
    const [avoided] = on;
    const other = joinTables(graph, tables, (link) =>
      avoided !== undefined &&
      link.left.some((left) => avoided.includes(left)) &&
      link.right.some((right) => avoided.includes(right))
        ? -3
        : 0,
    );
    if (other === null || other.tables.length > Math.min(6, tree.tables.length + 2)) {
      continue;
    }
    if (keyOf(other) !== own) {
      found.set(keyOf(other), other);
    }
  }
  const list = [...found.values()].sort((a, b) => a.tables.length - b.tables.length).slice(0, 2);
  if (known.size > mostDetours) {
    known.clear();
  }
  known.set(key, list);
  return list;
}

/** Trees are looked for again and again while candidates are built; those of so many sets of tables are kept. */
const mostDetours = 5000;
const detoursOf = new WeakMap<JoinGraph, Map<string, readonly JoinTree[]>>();

/** The same text for joins on the same pairs of columns, whichever side each stands on. */
export function joinKey(on: Join['on']): string {
  return on.map((pair) => [...pair].sort((a, b) => a - b).join('=')).join('&');
}

/** The same text for trees that join by the same keys. */
function keyOf({ joins }: JoinTree): string {
  return joins
    .map(({ on }) => joinKey(on))
    .sort()
    .join(' ');
}

function shortestPath(
  graph: JoinGraph,
  sources: readonly number[],
  targets: ReadonlySet<number>,
  preference: (link: Link) => number,
): { readonly steps: readonly Edge[]; readonly cost: number } | null {
  const best = new Map<number, { cost: number; via: Edge | null; before: number | null; done: boolean }>();
  for (const source of sources) {
    best.set(source, { cost: 0, via: null, before: null, done: false });
  }
  for (;;) {
    let at: number | null = null;
    let low = Number.POSITIVE_INFINITY;
    for (const [table, entry] of best) {
      if (!entry.done && entry.cost < low) {
        at = table;
        low = entry.cost;
      }
    }
    if (at === null) {
      return null;
    }
    const entry = best.get(at);
    if (entry === undefined) {
      return null;
    }
    entry.done = true;
    if (targets.has(at)) {
      const steps: Edge[] = [];
      for (
        let step = best.get(at);
        step?.via != null;
        step = step.before === null ? undefined : best.get(step.before)
      ) {
        steps.unshift(step.via);
      }
      return { steps, cost: low };
    }
    if (low > 6) {
      return null;
    }
    for (const edge of graph.edges.get(at) ?? []) {
      // Two tables that merely share a parent are seldom what a question relates.
      const trap = entry.via !== null && entry.via.link.to === at && edge.link.to === at ? 1 : 0;
      const cost = low + trap + Math.max(0.1, edge.cost - preference(edge.link));
      const known = best.get(edge.to);
      if (known === undefined || (!known.done && cost < known.cost)) {
        best.set(edge.to, { cost, via: edge, before: at, done: false });
      }
    }
  }
}
