import { describe, expect, it } from 'vitest';
import { argumentAt, complete, vocabularyOf } from '../../src/repl/complete.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { schemaOf } from '../offline/schema.ts';

const schema = schemaOf('sqlite', 'orders: id int, status text\ncustomers: id int, country text, city text');
const stored: Readonly<Record<string, readonly string[]>> = {
  status: ['open', 'shipped'],
  country: ['United Kingdom', 'United States', 'Germany'],
  city: ['New York', `${'a'.repeat(80)}`, '12345', 'with\nbreak'],
};
const vocabulary = vocabularyOf(schema, { valuesOf: (_schema, _table, column) => stored[column] ?? null });
const of = (line: string) => complete(line, vocabulary);

describe('completion', () => {
  it.each([
    ['.ta', ['.tables'], '.ta'],
    ['.schema cus', ['customers'], 'cus'],
    ['.format js', ['json'], 'js'],
    ['how many ord', ['orders'], 'ord'],
    ['orders by coun', ['country'], 'coun'],
    ['only from united', ['United Kingdom', 'United States'], 'united'],
    ['only from united k', ['United Kingdom'], 'united k'],
    ['only from new yo', ['New York'], 'new yo'],
    ["SELECT * FROM customers WHERE country='ger", ["'Germany"], "'ger"],
    ['SELECT customers.ci', ['city'], 'ci'],
  ])('of %j is %j', (line, found, end) => expect(of(line)).toEqual([found, end]));

  it.each(['', 'how ', '12', 'zzz'])('of %j is nothing', (line) => expect(of(line)[0]).toEqual([]));

  it('leaves out values that nobody types: long ones, numbers, those with line breaks', () => {
    expect(vocabulary.values).toEqual([
      'Germany',
      'New York',
      'open',
      'shipped',
      'United Kingdom',
      'United States',
    ]);
  });
});

describe('completion of what needs quotes', () => {
  /** A name of several words is written with `~` between them. */
  const odd: Schema = JSON.parse(
    JSON.stringify(
      schemaOf('sqlite', 'my~table: id int, Unit~Price real, owner text\norder: id int, say~{hi} text'),
    )
      .replaceAll('~', ' ')
      .replaceAll(/[{](?=hi)|(?<=hi)[}]/gu, '\\"'),
  );
  const owners = {
    valuesOf: (_schema: string, _table: string, column: string) =>
      column === 'owner' ? ["O'Brien", 'Anna B'] : null,
  };
  const within = (line: string, before = '') => complete(line, vocabularyOf(odd, owners), before);

  it.each([
    ['SELECT * FROM my', ['"my table"'], 'my'],
    ['SELECT * FROM my ta', ['"my table"'], 'my ta'],
    ['SELECT * FROM "my', ['"my table'], '"my'],
    ['SELECT * FROM `my', ['`my table'], '`my'],
    ['SELECT "my table".unit', ['"Unit Price"'], 'unit'],
    ['SELECT "my table"."unit', ['"Unit Price'], '"unit'],
    ['SELECT * FROM ord', ['"order"'], 'ord'],
    ['SELECT say', ['"say ""hi"""'], 'say'],
    ['SELECT "say ""h', ['"say ""hi""'], '"say ""h'],
    ["SELECT * FROM t WHERE owner = 'O", ["'O''Brien"], "'O"],
    ["SELECT * FROM t WHERE owner = 'O''b", ["'O''Brien"], "'O''b"],
    ["SELECT 'it''s', owner FROM t WHERE owner = 'an", ["'Anna B"], "'an"],
    ['SELECT * FROM t WHERE owner = ann', ["'Anna B'"], 'ann'],
    ['only of my', ['my table'], 'my'],
    ["only 'O", [`"O'Brien`], "'O"],
    ["what's the own", ['owner'], 'own'],
    ['those of "ann', ['"Anna B'], '"ann'],
  ])('of %j is %j', (line, found, end) => expect(within(line)).toEqual([found, end]));

  it('knows SQL, and what is open in it, by the lines before', () => {
    expect(within('FROM my', 'SELECT *')).toEqual([['"my table"'], 'my']);
    expect(within('FROM my', 'those')).toEqual([['my table'], 'my']);
    expect(within("b' = my", "SELECT 'a")).toEqual([['"my table"'], 'my']);
  });

  it('writes each engine as it is', () => {
    const mysql = { ...odd, dialect: { ...odd.dialect, engine: 'mysql' } };
    expect(complete('SELECT * FROM my', vocabularyOf(mysql, null))[0]).toEqual(['`my table`']);
  });
});

it.each([
  ['.db sa', { completes: 'databases', typed: 'sa' }],
  ['.profile ', { completes: 'profiles', typed: '' }],
  ['.MODEL q', { completes: 'models', typed: 'q' }],
  ['.sql x', { completes: undefined, typed: 'x' }],
])('the argument of %j is %j', (line, found) => expect(argumentAt(line)).toEqual(found));

it.each(['db', '.nope x', 'SELECT .db x'])('%j has no argument of a command', (line) =>
  expect(argumentAt(line)).toBeNull(),
);
