import type { Query, SelectQuery } from '../query/tree.ts';
import type { Candidate } from './candidate.ts';
import type { FilterItem } from './filter/item.ts';

/** A way to put conditions together. */
export interface Arrangement {
  readonly shape: Candidate['shape'];
  /** The conditions whose tables the query itself must join; the others are inside a nested query. */
  readonly joined: readonly FilterItem[];
  readonly make: (query: SelectQuery) => Query | null;
}
