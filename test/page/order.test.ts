import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortPaced } from '../../src/page/rows/merge-sort.ts';
import { type Filter, orderRows, type Sorting } from '../../src/page/rows/order.ts';
import { createPace } from '../../src/page/rows/pace.ts';
import type { Cell, ReadableRows } from '../../src/page/rows/readable-rows.ts';

const all: Filter = { column: null, text: '' };

/** Rows of two columns that are all there. */
function storeOf(length: number, cell: (row: number, column: number) => Cell): ReadableRows {
  return {
    columns: [
      { name: 'n', type: 'integer' },
      { name: 'name', type: 'text' },
    ],
    length,
    cell,
    isNumeric: (column) => column === 0,
  };
}

/** A number for each row that seems to have no order. */
const shuffled = (row: number): number => (row * 7_919) % 300_007;

const order = (store: ReadableRows, sorting: Sorting | null, filter = all, stop = new AbortController()) =>
  orderRows(store, sorting, filter, { language: 'en', signal: stop.signal });

describe('the order of rows', () => {
  const many = storeOf(300_007, (row, column) => (column === 0 ? shuffled(row) : `name ${shuffled(row)}`));

  it.each([
    [{ column: 0, direction: 'ascending' }, all],
    [{ column: 1, direction: 'descending' }, all],
    [null, { column: null, text: '77' }],
  ] as const)('lets the page go on while many are put in order', async (sorting, filter) => {
    let turns = 0;
    let isDone = false;
    const others = (async () => {
      while (!isDone) {
        await setTimeout(0);
        turns += 1;
      }
    })();
    const found = await order(many, sorting, filter);
    const meanwhile = turns;
    isDone = true;
    await others;
    expect(meanwhile).toBeGreaterThan(3);
    const shown = Array.from(found ?? [], shuffled);
    if (sorting?.column === 0) {
      expect(shown.every((value, index) => value === index)).toBe(true);
    } else if (sorting === null) {
      expect(shown.length).toBeGreaterThan(1_000);
      expect(shown.every((value) => String(value).includes('77'))).toBe(true);
    } else {
      const names = shown.map((value) => `name ${value}`);
      expect(names.every((name, index) => index === 0 || (names[index - 1] ?? '') >= name)).toBe(true);
    }
  });

  it('is given up once another is wanted', async () => {
    const stop = new AbortController();
    const putting = order(many, { column: 0, direction: 'ascending' }, all, stop);
    stop.abort();
    await expect(putting).rejects.toThrow(/abort/u);
  });

  it('is that of a stable sort, whatever the numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { maxLength: 20_000, size: 'max' }), async (values) => {
        const rows = Uint32Array.from(values, (_, index) => index);
        const compare = (a: number, b: number): number => (values[a] ?? 0) - (values[b] ?? 0);
        const wanted = Array.from(rows).toSorted(compare);
        const sorted = await sortPaced(rows, compare, createPace(new AbortController().signal));
        expect(Array.from(sorted)).toEqual(wanted);
      }),
      { numRuns: 20 },
    );
  });
});
