import type { Query } from '../query/tree.ts';
import type { FilterItem } from './filter/item.ts';
import type { HavingItem } from './having.ts';
import type { OrderItem } from './order.ts';
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

export interface Parts {
  readonly select: readonly Scored<SelectItem>[];
  readonly filter: readonly Scored<FilterItem>[];
  readonly order: readonly Scored<OrderItem>[];
  readonly having: readonly Scored<HavingItem>[];
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
  readonly shape: 'and' | 'or' | 'intersect' | 'union' | 'except' | 'inside' | 'none' | 'countGroups' | 'top';
  readonly score: number;
}

/** Parts chosen for one query, not yet put together. */
export type Seed = {
  select: Choice<SelectItem>;
  filter: Choice<FilterItem>;
  order: Scored<OrderItem>;
  having: Scored<HavingItem>;
  score: number;
};
