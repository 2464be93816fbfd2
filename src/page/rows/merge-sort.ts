import type { Pace } from './pace.ts';

/** Numbers that are sorted in one go. */
const runLength = 4_096;
/** Steps between two looks at the clock. */
const steps = 1_024;

/** Sorts as `numbers.sort(compare)` would, and makes way in between; returns the sorted ones. Rejects with an `AbortError`. */
export async function sortPaced(
  numbers: Uint32Array<ArrayBuffer>,
  compare: (a: number, b: number) => number,
  pace: Pace,
): Promise<Uint32Array<ArrayBuffer>> {
  for (let start = 0; start < numbers.length; start += runLength) {
    numbers.subarray(start, start + runLength).sort(compare);
    if (pace.isDue()) {
      await pace.rest();
    }
  }
  let [from, to] = [numbers, new Uint32Array(numbers.length)];
  for (let width = runLength; width < numbers.length; width *= 2) {
    for (let start = 0; start < numbers.length; start += 2 * width) {
      await merge(from, to, { start, middle: start + width, end: start + 2 * width }, compare, pace);
    }
    [from, to] = [to, from];
  }
  return from;
}

async function merge(
  from: Uint32Array,
  to: Uint32Array,
  { start, middle, end }: { readonly start: number; readonly middle: number; readonly end: number },
  compare: (a: number, b: number) => number,
  pace: Pace,
): Promise<void> {
  const last = Math.min(end, from.length);
  const half = Math.min(middle, last);
  let left = start;
  let right = half;
  for (let place = start; place < last; place += 1) {
    if (place % steps === 0 && pace.isDue()) {
      await pace.rest();
    }
    const isLeft = right >= last || (left < half && compare(from[left] ?? 0, from[right] ?? 0) <= 0);
    to[place] = from[isLeft ? left++ : right++] ?? 0;
  }
}
