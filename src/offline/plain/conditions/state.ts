import type { Condition } from '../../query/tree.ts';

/** A state that words speak of, as a condition on the rows of a table. */
export interface State {
  readonly condition: Condition;
  /** What holds of the other rows; null where that can't be said. */
  readonly opposite: Condition | null;
  readonly end: number;
  readonly cost: number;
}

/** A day as `YYYY-MM-DD`, in local time. */
export const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
