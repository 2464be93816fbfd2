import type { Condition } from '../../query/tree.ts';

/** A state that words speak of, as a condition on the rows of a table. */
export interface State {
  readonly condition: Condition;
  /** What holds of the other rows; null where that can't be said. */
  readonly opposite: Condition | null;
  readonly end: number;
  readonly cost: number;
}
