import { median as medianOf } from 'd3-array';

/** The middle of some numbers; 0 of none. */
export const median = (values: readonly number[]): number => medianOf(values) ?? 0;
