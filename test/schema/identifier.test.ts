import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { quoteIdentifier, writeIdentifier, writeTable } from '../../src/schema/identifier.ts';
import { schema } from '../support/schema.ts';

describe('identifiers', () => {
  it('are quoted by each engine in its own way', () => {
    expect(quoteIdentifier(dialectOf('sqlite'), 'a"b')).toBe('"a""b"');
    expect(quoteIdentifier(dialectOf('postgres'), 'a"b')).toBe('"a""b"');
    expect(quoteIdentifier(dialectOf('mysql'), 'a`b"c')).toBe('`a``b"c`');
  });

  it('stand bare only where that is the same name', () => {
    expect(writeIdentifier(dialectOf('postgres'), 'orders')).toBe('orders');
    expect(writeIdentifier(dialectOf('postgres'), 'Orders')).toBe('"Orders"');
    expect(writeIdentifier(dialectOf('sqlite'), 'Orders')).toBe('Orders');
    expect(writeIdentifier(dialectOf('mysql'), 'rank')).toBe('`rank`');
    expect(writeIdentifier(dialectOf('sqlite'), '2nd')).toBe('"2nd"');
    expect(writeTable(dialectOf('postgres'), schema([]), { schema: 'public', name: 'user' })).toBe('"user"');
    expect(writeTable(dialectOf('postgres'), schema([]), { schema: 'sales', name: 'orders' })).toBe(
      'sales.orders',
    );
  });

  it('round-trip through a real database, whatever characters they have', () => {
    const database = new Database(':memory:');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), (name) => {
        fc.pre(!name.includes('\0') && name.isWellFormed());
        const [column] = database
          .prepare(`SELECT 1 AS ${writeIdentifier(dialectOf('sqlite'), name)}`)
          .columns();
        expect(column?.name).toBe(name);
      }),
      { examples: [['select'], ['a"b'], ['über'], ['table name'], ["o'clock"]] },
    );
  });
});
