import type { Mark } from './plot.ts';

export interface Extent {
  readonly lowest: number;
  readonly highest: number;
}

/** The lowest and the highest value; null where there is none. */
export function extentOf(marks: readonly Mark[]): Extent | null {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const { value } of marks) {
    if (value === null) {
      continue;
    }
    lowest = Math.min(value, lowest);
    highest = Math.max(value, highest);
  }
  return lowest > highest ? null : { lowest, highest };
}
