import { describe, expect, it } from 'vitest';
import { complete, vocabularyOf } from '../../src/repl/complete.ts';
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
    ["SELECT * FROM customers WHERE country='ger", ['Germany'], 'ger'],
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
