import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWhole, readLine, startsAsSql } from '../../src/repl/input.ts';

describe('a line', () => {
  it.each([
    ['', { kind: 'nothing' }],
    ['  \n ', { kind: 'nothing' }],
    ['.tables', { kind: 'command', name: 'tables', argument: '' }],
    ['  .Format  json ', { kind: 'command', name: 'format', argument: 'json' }],
    ['.last SELECT *\nFROM last', { kind: 'command', name: 'last', argument: 'SELECT *\nFROM last' }],
    ['exit', { kind: 'command', name: 'exit', argument: '' }],
    ['Quit;', { kind: 'command', name: 'exit', argument: '' }],
    ['\\q', { kind: 'command', name: 'exit', argument: '' }],
    ['help', { kind: 'command', name: 'help', argument: '' }],
    ['help me', { kind: 'question', question: 'help me' }],
    ['2', { kind: 'number', number: 2 }],
    ['2024', { kind: 'question', question: '2024' }],
    ['SELECT 1', { kind: 'sql', sql: 'SELECT 1' }],
    ['how many?', { kind: 'question', question: 'how many?' }],
    ['.5 of them', { kind: 'question', question: '.5 of them' }],
  ])('%j is %j', (text, input) => expect(readLine(text)).toEqual(input));

  it.each([
    'select 1',
    '-- all of them\nSELECT * FROM t',
    '/* a */ (SELECT 1)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'with recursive n(i) as (select 1) select * from n',
    'INSERT INTO t VALUES (1)',
    'update customers set name = 1',
    'DELETE FROM orders',
    'explain select 1',
    'EXPLAIN QUERY PLAN SELECT 1',
    'PRAGMA table_info(orders)',
    'show tables',
    'VALUES (1)',
    'TABLE orders;',
    'drop table orders',
    'CREATE TEMP VIEW v AS SELECT 1',
  ])('%j begins as SQL', (text) => expect(startsAsSql(text)).toBe(true));

  it.each([
    'show me all customers',
    'with which products do we earn most?',
    'update?',
    'explain why there are so few',
    'delete everything',
    'table of orders per month',
    'create a list of customers',
    'selected products by price',
    'values above ten',
    'insert coins',
    'show the tables in Berlin restaurants',
  ])('%j is a question', (text) => expect(startsAsSql(text)).toBe(false));
});

describe('a text', () => {
  it.each(['SELECT (1', "SELECT 'a", 'SELECT "a', 'SELECT 1 /* a', 'SELECT (\n(1)'])(
    'is not whole while SQL leaves something open: %j',
    (text) => expect(isWhole(text)).toBe(false),
  );
  it.each(["how many aren't?", 'who (if any', "SELECT ')'", "SELECT 'it''s'", 'SELECT 1 -- (', 'SELECT (1)'])(
    'is whole: %j',
    (text) => expect(isWhole(text)).toBe(true),
  );

  it('is read, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readLine(text).kind).toBeTypeOf('string');
        expect(isWhole(text)).toBeTypeOf('boolean');
      }),
    );
  });
});
