import type { CatalogColumn } from '../catalog/catalog.ts';
import { type JoinGraph, type JoinTree, joinTables, otherKeys } from '../query/joins.ts';
import type { Condition, Expression, Query, SelectQuery } from '../query/tree.ts';
import { type Analysis, hasCue } from './analysis.ts';
import type { FilterItem } from './filter.ts';
import type { HavingItem, OrderItem } from './order.ts';
import type { SelectItem } from './select.ts';

/** An item and its probability to be part of the query. */
export interface Scored<Item> {
  readonly item: Item;
  readonly probability: number;
}

/** A set of items chosen together, with the logarithm of its probability. */
export interface Choice<Item> {
  readonly items: readonly Item[];
  readonly score: number;
}

/** A whole query with the parts that it was made of. */
export interface Candidate {
  readonly query: Query;
  readonly select: Choice<SelectItem>;
  readonly filter: Choice<FilterItem>;
  readonly order: Scored<OrderItem>;
  readonly having: Scored<HavingItem>;
  readonly tables: readonly number[];
  readonly extraTables: readonly number[];
  readonly joinCost: number;
  /** How the conditions were put together. */
  readonly shape: 'and' | 'or' | 'intersect' | 'union' | 'except' | 'inside' | 'none' | 'countGroups';
  readonly score: number;
}

const tiny = 1e-4;

/**
 * The most probable subsets of independent items, best first; of items on the same words at most one is taken.
 * A beam over the items, the surest first.
 */
export function bestSubsets<Item extends { readonly start: number; readonly end: number }>(
  scored: readonly Scored<Item>[],
  width: number,
  conflict: (a: Item, b: Item) => boolean,
): Choice<Item>[] {
  const list = scored
    .filter((entry) => entry.probability > 0.02)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 16);
  let beam: Choice<Item>[] = [{ items: [], score: 0 }];
  for (const { item, probability } of list) {
    const next: Choice<Item>[] = [];
    for (const state of beam) {
      const clash = state.items.some((other) => conflict(other, item));
      next.push({
        items: state.items,
        score: state.score + (clash ? 0 : Math.log(Math.max(tiny, 1 - probability))),
      });
      if (!clash)
        next.push({
          items: [...state.items, item],
          score: state.score + Math.log(Math.max(tiny, probability)),
        });
    }
    next.sort((a, b) => b.score - a.score);
    beam = next.slice(0, width * 2);
  }
  return beam.slice(0, width);
}

const overlap = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end;

/** Of the same words one thing is selected, or several aggregates of one column. */
function clash(a: SelectItem, b: SelectItem): boolean {
  if (a.expression.column === null || b.expression.column === null)
    return a.expression.column === b.expression.column;
  const bothAggregates = a.expression.aggregate !== null && b.expression.aggregate !== null;
  if (a.expression.column === b.expression.column)
    return !bothAggregates || a.expression.aggregate === b.expression.aggregate;
  return overlap(a, b);
}

export interface Parts {
  readonly select: readonly Scored<SelectItem>[];
  readonly filter: readonly Scored<FilterItem>[];
  readonly order: readonly Scored<OrderItem>[];
  readonly having: readonly Scored<HavingItem>[];
}

/** Builds whole queries of the most probable parts, the most probable first, at most `limit`. */
export function assemble(analysis: Analysis, graph: JoinGraph, parts: Parts, limit: number): Candidate[] {
  const selects = bestSubsets(parts.select, 14, clash).filter((choice) => choice.items.length > 0);
  const filters = bestSubsets(parts.filter, 10, (a, b) => overlap(a, b));
  const orders = normalised(parts.order, 6);
  const havings = normalised(parts.having, 4);
  const seeds: {
    select: Choice<SelectItem>;
    filter: Choice<FilterItem>;
    order: Scored<OrderItem>;
    having: Scored<HavingItem>;
    score: number;
  }[] = [];
  for (const select of selects)
    for (const filter of filters)
      for (const order of orders)
        for (const having of havings) {
          const score =
            select.score + filter.score + Math.log(order.probability) + Math.log(having.probability);
          seeds.push({ select, filter, order, having, score });
        }
  seeds.sort((a, b) => b.score - a.score);
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  for (const seed of seeds) {
    if (candidates.length >= limit) break;
    for (const variant of [seed, ...coherent(analysis, parts, seed)]) {
      const key = keyOf(variant);
      if (seen.has(key)) continue;
      seen.add(key);
      candidates.push(...build(analysis, graph, variant));
    }
  }
  return candidates;
}

/** Alternatives of which one holds, scaled to sum to one. */
function normalised<Item>(scored: readonly Scored<Item>[], width: number): Scored<Item>[] {
  const total = scored.reduce((sum, entry) => sum + entry.probability, 0) + tiny;
  return scored
    .map(({ item, probability }) => ({ item, probability: Math.max(tiny, probability / total) }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, width)
    .filter((entry) => entry.probability > 0.01);
}

/**
 * Seeds in which items were exchanged for others on the same words, so that all are of one table: `name` and `city` of
 * the same thing rather than of two.
 */
function coherent(analysis: Analysis, parts: Parts, seed: Seed): Seed[] {
  const tableOf = (item: SelectItem | FilterItem): number | null => {
    if ('condition' in item) return item.inner === null ? item.table : null;
    return item.expression.column === null
      ? null
      : (analysis.catalog.columns[item.expression.column]?.table ?? null);
  };
  const tables = new Set([...seed.select.items, ...seed.filter.items].flatMap((item) => tableOf(item) ?? []));
  const orderTable =
    seed.order.item.by?.column == null
      ? null
      : (analysis.catalog.columns[seed.order.item.by.column]?.table ?? null);
  if (orderTable !== null) tables.add(orderTable);
  if (tables.size < 2) return [];
  return [...tables].flatMap((table) => {
    const swap = <Item extends SelectItem | FilterItem>(
      choice: Choice<Item>,
      scored: readonly Scored<Item>[],
    ): Choice<Item> => {
      let score = choice.score;
      const items = choice.items.map((item) => {
        const own = tableOf(item);
        if (own === null || own === table) return item;
        let best: Scored<Item> | null = null;
        for (const other of scored)
          if (
            tableOf(other.item) === table &&
            overlap(other.item, item) &&
            sameUse(other.item, item) &&
            other.probability > (best?.probability ?? 0.004)
          )
            best = other;
        if (best === null) return item;
        const before = scored.find((other) => other.item === item)?.probability ?? 1;
        score += Math.log(Math.max(tiny, best.probability)) - Math.log(Math.max(tiny, before));
        return best.item;
      });
      return { items, score };
    };
    const select = swap(seed.select, parts.select);
    const filter = swap(seed.filter, parts.filter);
    return [
      {
        ...seed,
        select,
        filter,
        score: seed.score + select.score - seed.select.score + filter.score - seed.filter.score,
      },
    ];
  });
}

/** Whether two items do the same with different columns. */
function sameUse(a: SelectItem | FilterItem, b: SelectItem | FilterItem): boolean {
  if ('condition' in a || 'condition' in b) {
    if (!('condition' in a && 'condition' in b) || a.kind !== b.kind) return false;
    return (
      a.condition.kind !== 'compare' ||
      b.condition.kind !== 'compare' ||
      a.condition.operator === b.condition.operator
    );
  }
  return a.expression.aggregate === b.expression.aggregate && a.expression.distinct === b.expression.distinct;
}

const identities = new WeakMap<object, number>();
let identity = 0;

/** A text that is the same for seeds of the same items. */
function keyOf(seed: Seed): string {
  const idOf = (item: object): number => {
    const known = identities.get(item);
    if (known !== undefined) return known;
    identities.set(item, ++identity);
    return identity;
  };
  const list = (items: readonly object[]): string =>
    items
      .map(idOf)
      .sort((a, b) => a - b)
      .join(',');
  return `${list(seed.select.items)}|${list(seed.filter.items)}|${idOf(seed.order.item)}|${idOf(seed.having.item)}`;
}

type Seed = {
  select: Choice<SelectItem>;
  filter: Choice<FilterItem>;
  order: Scored<OrderItem>;
  having: Scored<HavingItem>;
  score: number;
};

function build(analysis: Analysis, graph: JoinGraph, seed: Seed): Candidate[] {
  const { catalog } = analysis;
  const column = (id: number): CatalogColumn | undefined => catalog.columns[id];
  const select = [...seed.select.items].sort((a, b) => a.start - b.start).map((item) => item.expression);
  const order = seed.order.item;
  const having = seed.having.item;
  const outer = seed.filter.items.filter((item) => item.inner === null);
  const without = seed.filter.items.find((item) => item.inner !== null);
  if (seed.filter.items.filter((item) => item.inner !== null).length > 1) return [];
  const plainColumns = select.flatMap((item) =>
    item.aggregate === null && item.column !== null ? [item.column] : [],
  );
  const aggregated = select.some((item) => item.aggregate !== null);
  const grouped =
    (aggregated && plainColumns.length > 0) || having.left !== null || (order.by?.aggregate ?? null) !== null;
  const star = select.some((item) => item.aggregate === null && item.column === null);
  if (star && (select.length > 1 || grouped)) return [];
  if (grouped && plainColumns.length === 0) return [];
  if (
    grouped &&
    order.by !== null &&
    order.by.aggregate === null &&
    order.by.column !== null &&
    !plainColumns.includes(order.by.column)
  )
    return [];
  if (!grouped && aggregated && order.by !== null) return [];
  if (order.limit !== null && order.by === null) return [];
  if (having.left !== null && having.start >= 0 && outer.some((item) => overlap(item, having))) return [];
  if (
    order.limit !== null &&
    order.limit > 1 &&
    having.left !== null &&
    having.right?.kind === 'number' &&
    having.right.number === order.limit
  )
    return [];

  const needed = new Set<number>();
  const need = (expression: Expression | null): void => {
    const table = expression?.column == null ? undefined : column(expression.column)?.table;
    if (table !== undefined) needed.add(table);
  };
  for (const item of select) need(item);
  need(order.by);
  need(having.left);
  for (const item of outer) needed.add(item.table);
  if (without !== undefined) needed.add(without.table);

  const named = [
    ...new Set(
      analysis.tables
        .filter((mention) => mention.score >= 0.6 && mention.id !== without?.inner)
        .sort((a, b) => b.score - a.score || a.start - b.start)
        .map((mention) => mention.id),
    ),
  ].filter((table) => !needed.has(table));
  const counts =
    select.some((item) => item.column === null) || order.by?.column === null || having.left?.column === null;
  const sets: number[][] = [];
  if (needed.size > 0) sets.push([]);
  for (const table of named.slice(0, 5)) sets.push([table]);
  if (counts && named.length > 1) sets.push(...pairs(named.slice(0, 4)));
  if (counts && grouped) {
    const near = new Set<number>();
    for (const table of needed)
      for (const edge of graph.edges.get(table) ?? [])
        if (!needed.has(edge.to) && edge.link.to === table) near.add(edge.to);
    for (const table of [...near].slice(0, 4))
      if (!sets.some((set) => set.length === 1 && set[0] === table)) sets.push([table]);
  }
  const candidates: Candidate[] = [];
  for (const extra of sets) {
    const shortest = joinTables(graph, [...needed, ...extra], (link) => keyPreference(analysis, link.left));
    if (shortest === null || shortest.tables.length > 6) continue;
    for (const tree of [shortest, ...otherKeys(graph, shortest)]) {
      if (grouped && countsOfOne(analysis, plainColumns, tree)) continue;
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
      for (const { shape, make } of shapes(analysis, outer, without ?? null, graph)) {
        for (const distinct of distinctChoices(analysis, base)) {
          const query = make({ ...base, distinct, where: null });
          if (query === null) continue;
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

/** Whether every group would have one row: grouped by the key of a table that no joined table refers to. */
function countsOfOne(analysis: Analysis, group: readonly number[], tree: JoinTree): boolean {
  return group.some((id) => {
    const column = analysis.catalog.columns[id];
    const table = column === undefined ? undefined : analysis.catalog.tables[column.table];
    if (
      column === undefined ||
      table === undefined ||
      !(column.unique || (column.primary && table.primaryKey.length === 1))
    )
      return false;
    const pairs = tree.joins.flatMap((join) => join.on);
    // A join from this table's key to another table's key that is not unique makes more rows of one.
    return !pairs.some(([left, right]) => {
      const other = analysis.catalog.columns[left]?.table === column.table ? right : left;
      const own = other === right ? left : right;
      return analysis.catalog.columns[own]?.table === column.table && !isKey(analysis, other);
    });
  });
}

function isKey(analysis: Analysis, id: number): boolean {
  const column = analysis.catalog.columns[id];
  if (column === undefined) return false;
  return column.unique || (column.primary && analysis.catalog.tables[column.table]?.primaryKey.length === 1);
}

function pairs(list: readonly number[]): number[][] {
  return list.flatMap((a, index) => list.slice(index + 1).map((b) => [a, b]));
}

function keyPreference(analysis: Analysis, columns: readonly number[]): number {
  return columns.some((id) => analysis.columns.some((mention) => mention.id === id && mention.score > 0.8))
    ? 0.3
    : 0;
}

function havingCondition(having: HavingItem): Condition | null {
  if (having.left === null || having.right === null) return null;
  if (having.high !== null)
    return { kind: 'between', left: having.left, low: having.right, high: having.high };
  return { kind: 'compare', left: having.left, operator: having.operator, right: having.right };
}

/** Rows are made distinct only where the question says so: that is how people write gold queries, joins or not. */
function distinctChoices(analysis: Analysis, query: Omit<SelectQuery, 'where' | 'distinct'>): boolean[] {
  if (query.group.length > 0 || query.select.some((item) => item.aggregate !== null)) return [false];
  return hasCue(analysis, 'distinct') ? [true, false] : [false];
}

function conjunction(conditions: readonly Condition[]): Condition | null {
  const [first] = conditions;
  return first === undefined ? null : conditions.length === 1 ? first : { kind: 'and', conditions };
}

const columnOf = (item: FilterItem): number | null =>
  item.condition.kind === 'compare' || item.condition.kind === 'between' || item.condition.kind === 'scalar'
    ? item.condition.left.column
    : null;

type Shape = { readonly shape: Candidate['shape']; readonly make: (query: SelectQuery) => Query | null };

/** Ways to put conditions together: all hold, some of the same column holds, both sides hold on other rows… */
function shapes(
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

function positive(condition: Condition): Condition {
  return condition.kind === 'compare' && condition.operator === '<>'
    ? { ...condition, operator: '=' }
    : condition;
}
