import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScroll } from '../../src/page/rows/scroll.ts';

const million = 1_000_000 * 32;

describe('the scrolling of rows', () => {
  it('is the browser’s own where the rows are not too tall', () => {
    const scroll = createScroll(32_000, 400);
    expect(scroll.height).toBe(32_000);
    scroll.moved(1_234);
    expect(scroll.offset()).toBe(1_234);
    expect(scroll.settle()).toBe(1_234);
  });

  it('goes pixel for pixel in small steps, and to its share in a jump', () => {
    const scroll = createScroll(million, 400);
    expect(scroll.height).toBeLessThan(10_000_000);
    scroll.moved(100);
    scroll.moved(220);
    expect(scroll.offset()).toBe(220);
    scroll.moved(scroll.height / 2);
    expect(Math.abs(scroll.offset() - million / 2)).toBeLessThan(1_000);
  });

  it('reaches the first and the last row', () => {
    const scroll = createScroll(million, 400);
    scroll.moved(scroll.height - 400);
    expect(scroll.offset()).toBe(million - 400);
    scroll.moved(0);
    expect(scroll.offset()).toBe(0);
    scroll.go(million);
    expect(scroll.offset()).toBe(million - 400);
  });

  it('stays where it is when the browser is put where the rows are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: million }),
        fc.array(fc.integer({ min: -300, max: 300 })),
        (to, steps) => {
          const scroll = createScroll(million, 400);
          let top = scroll.go(to);
          for (const step of steps) {
            top = Math.max(0, Math.min(top + step, scroll.height - 400));
            scroll.moved(top);
          }
          const before = scroll.offset();
          scroll.moved(scroll.settle());
          expect(Math.abs(scroll.offset() - before)).toBeLessThan(1);
          expect(scroll.offset()).toBeGreaterThanOrEqual(0);
          expect(scroll.offset()).toBeLessThanOrEqual(million - 400);
        },
      ),
    );
  });

  it('keeps the place when more rows come', () => {
    const before = createScroll(500_000 * 32, 400);
    before.go(64_000);
    const after = createScroll(million, 400, before.offset());
    expect(after.offset()).toBe(64_000);
    after.moved(after.settle() + 32);
    expect(after.offset()).toBeCloseTo(64_032, 3);
  });
});
