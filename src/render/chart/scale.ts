import { nice, tickStep, ticks } from 'd3-array';
import type { Extent } from './extent.ts';

/** A scale with round marks: where it begins and ends, and the marks on the way. */
export interface Scale {
  readonly bottom: number;
  readonly top: number;
  readonly marks: readonly number[];
}

/** About so many marks stand on a scale. */
const usualMarks = 5;

/**
 * The scale of values that lie between two numbers. It begins at zero where that is near, because what is compared by
 * its height should; a single value stands in the middle.
 */
export function scaleOf({ lowest, highest }: Extent, count = usualMarks): Scale {
  const [low, high] = withZero(lowest, highest);
  const margin = Math.max(1, Math.abs(low) * 1e-3);
  const [bottom, top] = low === high ? [low - margin, high + margin] : nice(low, high, count);
  const marks = ticks(bottom, top, count);
  return { bottom, top, marks: marks.length < 2 ? [bottom, top] : marks };
}

function withZero(lowest: number, highest: number): readonly [number, number] {
  if (lowest > 0 && lowest < highest / 2) {
    return [0, highest];
  }
  if (highest < 0 && highest > lowest / 2) {
    return [lowest, 0];
  }
  return [lowest, highest];
}

/** The texts of a scale's marks, with as many decimals as tell them apart. */
export function markTexts(marks: readonly number[]): readonly string[] {
  const step = tickStep(marks[0] ?? 0, marks.at(-1) ?? 0, Math.max(1, marks.length - 1));
  const decimals = Number.isFinite(step) && step > 0 ? Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 0;
  return marks.map((value) =>
    Math.abs(value) >= 1e15 || decimals > 9 ? String(Number(value.toPrecision(6))) : value.toFixed(decimals),
  );
}
