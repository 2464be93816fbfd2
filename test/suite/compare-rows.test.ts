import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row } from '../../src/database/database.ts';
import {
  expectedRow,
  literalRows,
  rowsDifference,
  rowsDifferenceInAnyColumnOrder,
} from '../../src/suite/compare-rows.ts';
import { Numeral } from '../../src/suite/literal.ts';

const columns: readonly ResultColumn[] = [
  { name: 'name', kind: 'text', type: 'text' },
  { name: 'n', kind: 'number', type: 'numeric' },
];
const rows = (...list: readonly Row[]) => literalRows(list, columns);
const strict = { ordered: true, tolerance: null };
const loose = { ordered: false, tolerance: null };

describe('rows', () => {
  it('are the same whatever way a number is written, and never by rounding', () => {
    expect(rowsDifference(rows(['a', '12.50']), rows(['a', 12.5]), strict)).toBeNull();
    expect(rowsDifference(rows(['a', 2n ** 60n]), rows(['a', String(2n ** 60n)]), strict)).toBeNull();
    expect(rowsDifference(rows(['a', 2n ** 60n]), rows(['a', 2n ** 60n + 1n]), strict)).not.toBeNull();
    expect(rowsDifference(rows(['a', null]), rows(['a', 0]), strict)).not.toBeNull();
    expect(rowsDifference(rows(['1', 1]), [[new Numeral('1'), new Numeral('1')]], strict)).not.toBeNull();
  });

  it('count their order, unless they are a multiset', () => {
    const [one, other] = [rows(['a', 1], ['b', 2]), rows(['b', 2], ['a', 1])];
    expect(rowsDifference(one, other, strict)).not.toBeNull();
    expect(rowsDifference(one, other, loose)).toBeNull();
    expect(rowsDifference(rows(['a', 1], ['a', 1]), rows(['a', 1], ['b', 1]), loose)).not.toBeNull();
    expect(rowsDifference(rows(['a', 1], ['a', 1]), rows(['a', 1]), loose)).not.toBeNull();
  });

  it('may be off by a tolerance, each matched once', () => {
    const tolerance = new Numeral('0.01');
    const near = rows(['a', 1.004], ['a', 0.999]);
    expect(rowsDifference(rows(['a', 1], ['a', 1]), near, { ordered: true, tolerance })).toBeNull();
    expect(rowsDifference(rows(['a', 1], ['a', 1.005]), near, { ordered: false, tolerance })).toBeNull();
    expect(rowsDifference(rows(['a', 1], ['a', 5]), near, { ordered: false, tolerance })).not.toBeNull();
  });

  it('show what was expected and what came, and no difference in writing', () => {
    const difference = rowsDifference(rows(['a', '1.50'], ['b', 2]), rows(['a', 1.5], ['b', 3]), strict);
    expect(difference).toEqual([
      { kind: 'same', text: 'a | 1.5' },
      { kind: 'removed', text: 'b | 2' },
      { kind: 'added', text: 'b | 3' },
    ]);
  });

  it('tell a text from what it looks like', () => {
    const difference = rowsDifference([['null', 'x']], [[null, 'x']], strict);
    expect(difference?.map(({ text }) => text)).toEqual(['"null" | x', 'null | x']);
  });

  it('may have their columns in any order, where that is asked', () => {
    const swapped = [
      [new Numeral('1'), 'a'],
      [new Numeral('2'), 'b'],
    ];
    expect(rowsDifferenceInAnyColumnOrder(rows(['a', 1], ['b', 2]), swapped, strict)).toBeNull();
    expect(rowsDifferenceInAnyColumnOrder(rows(['a', 2], ['b', 1]), swapped, loose)).not.toBeNull();
    expect(rowsDifferenceInAnyColumnOrder(rows(['a', 1]), [['a']], loose)).not.toBeNull();
  });
});

describe('a row of a suite', () => {
  it('is a list, a value, or names its columns', () => {
    expect(expectedRow(['a', null], columns)).toEqual(['a', null]);
    expect(expectedRow('a', columns)).toEqual(['a']);
    expect(expectedRow({ n: new Numeral('1'), name: 'a' }, columns)).toEqual(['a', new Numeral('1')]);
    expect(expectedRow({ name: 'a', m: null }, columns)).toContain('no column m');
    expect(expectedRow({ name: 'a' }, columns)).toContain('n is');
  });
});
