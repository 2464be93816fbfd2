import { describe, expect, it } from 'vitest';
import { requireNumerals } from '../../src/database/placeholders.ts';
import { sqlParameters } from '../../src/serve/question/sql-parameters.ts';

describe('values for the placeholders of SQL', () => {
  it('are the digits of a number, however JSON writes it', () => {
    const numbers = [
      0, -5, 1.5, 1e-7, -2.5e-8, 1e21, 1.25e22, 123456789012345680000, 5e-324, 1.7976931348623157e308,
    ];
    for (const number of numbers) {
      const [parameter] = sqlParameters({ n: number });
      expect(Number(parameter?.value)).toBe(number);
      expect(() => requireNumerals(parameter === undefined ? [] : [parameter])).not.toThrow();
    }
    expect(sqlParameters({ a: 1e-7, b: -1.5e21, c: 12 })).toEqual([
      { name: 'a', value: '0.0000001', type: 'number' },
      { name: 'b', value: '-1500000000000000000000', type: 'number' },
      { name: 'c', value: '12', type: 'integer' },
    ]);
  });

  it('are texts as they are', () => {
    expect(sqlParameters({ t: '1e5' })).toEqual([{ name: 't', value: '1e5', type: 'text' }]);
  });
});
