import type { Row } from '../../result.ts';

/** Rows kept of a result, evenly taken from all of it. */
export interface Sample {
  add(batch: readonly Row[]): void;
  readonly rows: readonly Row[];
  readonly total: number;
  /** One row of so many is kept. */
  readonly stride: number;
}

/**
 * Keeps every row up to `most`, and of a longer result every second, fourth, eighth …: when the space is full, half of
 * it goes, so that what is kept stays evenly spread, in order, and is the same at each run.
 */
export function createSample(most: number): Sample {
  let rows: Row[] = [];
  let total = 0;
  let stride = 1;
  return {
    add(batch) {
      for (const row of batch) {
        if (total % stride === 0) {
          rows.push(row);
        }
        total += 1;
        if (rows.length > most) {
          rows = rows.filter((_, index) => index % 2 === 0);
          stride *= 2;
        }
      }
    },
    get rows() {
      return rows;
    },
    get total() {
      return total;
    },
    get stride() {
      return stride;
    },
  };
}
