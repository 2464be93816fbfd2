import { describe, expect, it } from 'vitest';
import { holdsRows } from '../../src/doubts/holds-rows.ts';

const inAnyOrder = { ordered: false };

describe('an answer', () => {
  it.each([
    ['the same rows', [[1, 'a']], [[1, 'a']]],
    [
      'another order of rows and columns',
      [
        ['b', 2],
        ['a', 1],
      ],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'more columns',
      [
        ['a', 1, 'x'],
        ['b', 2, 'y'],
      ],
      [['a'], ['b']],
    ],
    ['the same rows more often', [['a'], ['a'], ['b']], [['a'], ['b']]],
    ['a number of another type', [['5'], [2n]], [[5], [2]]],
    ['nothing, as the other does', [], []],
  ] as const)('holds what another does by %s', (_what, own, other) => {
    expect(holdsRows(own, other, inAnyOrder)).toBe(true);
  });

  it.each([
    ['another number', [[5]], [[7]]],
    ['fewer rows', [['a']], [['a'], ['b']]],
    [
      'fewer columns',
      [['a'], ['b']],
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      'values beside other values',
      [
        ['a', 1],
        ['b', 2],
      ],
      [
        ['a', 2],
        ['b', 1],
      ],
    ],
    ['no rows', [], [['a']]],
    ['rows where there are none', [['a']], []],
  ] as const)('does not hold it by %s', (_what, own, other) => {
    expect(holdsRows(own, other, inAnyOrder)).toBe(false);
  });

  it('is held to an order where there is one', () => {
    const [own, other] = [
      [['b'], ['a']],
      [['a'], ['b']],
    ];
    expect(holdsRows(own, other, inAnyOrder)).toBe(true);
    expect(holdsRows(own, other, { ordered: true })).toBe(false);
  });

  it('with many columns alike comes to an end', () => {
    const row = Array.from({ length: 30 }, (_, index) => index % 2);
    const other = row.toReversed().map((value, index) => (index === 29 ? 1 - value : value));
    expect(holdsRows([row], [other], inAnyOrder)).toBe(false);
  });
});
