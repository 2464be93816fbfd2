import { describe, expect, it } from 'vitest';
import { withoutData } from '../../src/ask/privacy.ts';
import { column, schema, table } from '../support/schema.ts';

const shop = schema([table('customers', [column('id'), column('full name')])]);

describe('withoutData', () => {
  it('keeps what the SQL has and what the schema names', () => {
    const sql = `SELECT nmae FROM customers WHERE age > 4711 AND city = 'Oslo'`;
    expect(withoutData('column "nmae" does not exist', sql, shop)).toBe('column "nmae" does not exist');
    expect(withoutData('Perhaps you meant "customers.full name".', sql, shop)).toBe(
      'Perhaps you meant "customers.full name".',
    );
    expect(withoutData(`bad value 'Oslo' near 4711`, sql, shop)).toBe(`bad value 'Oslo' near 4711`);
  });

  it('drops what a row holds, in any quotes, and long numbers', () => {
    for (const text of [
      'invalid input syntax for type integer: "hunter2"',
      "Truncated incorrect DOUBLE value: 'hunter2'",
      'Duplicate entry `hunter2` for key',
    ]) {
      expect(withoutData(text, 'SELECT 1', shop)).not.toContain('hunter2');
    }
    expect(withoutData('value 4111111111111111 is out of range', 'SELECT 1', shop)).toBe(
      'value … is out of range',
    );
    expect(withoutData('Key (id)=(4711) in line 3', 'SELECT 1', shop)).toBe('Key (id)=(…) in line 3');
  });
});
