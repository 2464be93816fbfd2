import { bin } from 'd3-array';
import type { Histogram, Mark } from './plot.ts';

/** How many values fall in each range, the ranges as wide as each other, and how many have no place in any. */
export interface Bins {
  readonly labels: readonly string[];
  readonly counts: readonly Mark[];
}

/** Ranges with round borders, about as many as Sturges' formula says, as d3-array makes them. */
export function binsOf({ marks }: Histogram): Bins {
  const values = marks.flatMap(({ value }) => (value === null ? [] : [value]));
  const bins = bin()(values);
  const last = bins.length - 1;
  const labels = bins.map(({ x0 = 0, x1 = 0 }, index) =>
    x0 === x1 ? tick(x0) : `${tick(x0)} to ${index === last ? '' : '<'}${tick(x1)}`,
  );
  const counts = bins.map(({ length }): Mark => ({ value: length, text: String(length) }));
  const missing = marks.length - values.length;
  if (missing === 0) {
    return { labels, counts };
  }
  return {
    labels: [
      ...labels,
      marks.every(({ value, text }) => value !== null || text === 'NULL') ? 'NULL' : 'none',
    ],
    counts: [...counts, { value: missing, text: String(missing) }],
  };
}

/** A border as it is meant: 0.3 is not 0.30000000000000004. */
function tick(value: number): string {
  return String(Number(value.toPrecision(12)));
}
