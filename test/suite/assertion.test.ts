import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultColumn, Value } from '../../src/database/database.ts';
import { failuresOf, parseAssertion } from '../../src/suite/assertion.ts';

const number: ResultColumn = { name: 'n', kind: 'number', type: 'numeric' };
const text: ResultColumn = { name: 't', kind: 'text', type: 'text' };

/** Whether a check holds of one value and so many rows. */
function holds(check: string, value: Value = null, column = number, rows = 1, truncated = false): boolean {
  const first = rows === 0 ? null : [value];
  return failuresOf(parseAssertion(check), { columns: [column], rows, truncated, first }).length === 0;
}

describe('a check', () => {
  it.each([
    ['rows > 0', true],
    ['ROWS>=1', true],
    ['rows = 1', true],
    ['rows == 1 and columns = 1', true],
    ['rows != 1', false],
    ['rows <> 2', true],
    ['rows < 1', false],
    ['columns = 2', false],
    ['rows > 0 and columns = 2', false],
  ])('%s is %s of one row with one column', (check, expected) => {
    expect(holds(check)).toBe(expected);
  });

  it.each<[string, Value, ResultColumn, boolean]>([
    ['value >= 100', 100, number, true],
    ['value = 12.50', '12.5', number, true],
    ['value = 0.3', '0.30000000000000000001', number, false],
    ['value = 9007199254740993', 9007199254740993n, number, true],
    ['value = 9007199254740992', 9007199254740993n, number, false],
    ['value > 9007199254740992.5', '9007199254740993', number, true],
    ['value = 1e3', 1000, number, true],
    ['value = -0', 0, number, true],
    ["value = 'Berlin'", 'Berlin', text, true],
    ["value = 'O''Hara'", "O'Hara", text, true],
    ['value = "Berlin"', 'berlin', text, false],
    ["value >= '2024-01-01'", '2024-03-31', text, true],
    ['value = null', null, text, true],
    ['value != null', 'x', text, true],
    ['value != null', null, text, false],
    ['value = true', true, { name: 'b', kind: 'boolean', type: 'bool' }, true],
    ['value = true', 1, number, true],
    // A text that looks like a number is none, and is neither more nor less than one.
    ['value = 7', '7', text, false],
    ['value > 1', '7', text, false],
    ['value > 1', null, number, false],
  ])('%s of %s', (check, value, column, expected) => {
    expect(holds(check, value, column)).toBe(expected);
  });

  it('says what it found', () => {
    const found = { columns: [number], rows: 0, truncated: false, first: null };
    expect(failuresOf(parseAssertion('rows > 0 and value = 1'), found)).toEqual([
      'rows > 0: rows are 0',
      'value = 1: there is no row, and so no value',
    ]);
  });

  it('holds of rows that were cut only where it is certain', () => {
    expect(holds('rows > 10', 1, number, 10, true)).toBe(true);
    expect(holds('rows >= 11', 1, number, 10, true)).toBe(true);
    expect(holds('rows > 11', 1, number, 10, true)).toBe(false);
    expect(holds('rows = 10', 1, number, 10, true)).toBe(false);
    expect(holds('rows < 100', 1, number, 10, true)).toBe(false);
    expect(holds('rows != 10', 1, number, 10, true)).toBe(true);
  });

  it.each([
    '',
    'rows',
    'rows >',
    'rows > x',
    'lines > 0',
    'rows > 0 and',
    'rows > 0 or rows < 9',
    'rows > 0 rows < 3',
    'value = 1.2.3',
    "value = 'x",
  ])('refuses %j with how it is written', (check) => {
    expect(() => parseAssertion(check)).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('rows > 0') }),
    );
  });

  it('orders big integers as they are', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(holds(`value < ${b}`, a)).toBe(a < b);
        expect(holds(`value = ${b}`, String(a))).toBe(a === b);
      }),
    );
  });
});
