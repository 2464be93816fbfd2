import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapOrdered } from '../../src/ask/map-ordered.ts';

describe('in order', () => {
  it('hands on every result once, in the order of the items, with no more at once than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (waits, jobs) => {
          const busy = new Set<number>();
          const handed: number[] = [];
          await mapOrdered(
            waits.map((wait, index) => ({ wait, index })),
            jobs,
            async ({ wait, index }, worker) => {
              expect(busy.has(worker)).toBe(false);
              expect(worker).toBeLessThan(jobs);
              busy.add(worker);
              for (let turn = 0; turn < wait; turn++) {
                await Promise.resolve();
              }
              busy.delete(worker);
              return index;
            },
            (result) => void handed.push(result),
          );
          expect(handed).toEqual(waits.map((_, index) => index));
        },
      ),
    );
  });

  it('begins nothing more after an error, and waits for what was begun', async () => {
    const ended: number[] = [];
    const work = async (item: number): Promise<number> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (item === 1) {
        throw new Error('one');
      }
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(item);
      return item;
    };
    await expect(mapOrdered([0, 1, 2, 3, 4, 5], 2, work, () => {})).rejects.toThrow('one');
    expect(ended).toEqual([0]);
  });
});
