import { describe, expect, it } from 'vitest';
import { likeShare, satisfiedShare } from '../../src/offline/grammar/filter/satisfied.ts';
import { makeValueLookup } from '../../src/offline/link/values.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(schemaOf('sqlite', 'people: height decimal, name text, notes text'));
const stored = [['1.9', '1.5', '1.5', '1.7'], ['Ann', 'Anton', 'Bo', 'Jan'], null];
const lookup = makeValueLookup(schemaIndex, {
  valuesOf: (_schema, _table, column) => stored[['height', 'name', 'notes'].indexOf(column)] ?? null,
});

describe('the share of stored values that fulfil a condition', () => {
  it.each([
    ['>', 1.5, 0.5],
    ['>=', 1.5, 1],
    ['<', 1.5, 0],
    ['<=', 1.7, 0.75],
    ['=', 1.5, 0.5],
    ['<>', 1.5, 0.5],
    ['=', 85, 0],
    ['<', 85, 1],
  ] as const)('%s %d', (operator, number, share) => {
    expect(satisfiedShare(lookup, 0, operator, number)).toBe(share);
  });
  it('of a range counts both ends', () => {
    expect(satisfiedShare(lookup, 0, 'between', 1.5, 1.7)).toBe(0.75);
  });
  it('is not known of texts, nor of values too many to know', () => {
    expect(satisfiedShare(lookup, 1, '=', 1)).toBe(-1);
    expect(satisfiedShare(lookup, 2, '=', 1)).toBe(-1);
    expect(likeShare(lookup, 2, '%a%')).toBe(-1);
  });
  it.each([
    ['an%', 0.5],
    ['%an', 0.25],
    ['%AN%', 0.75],
    ['%x%', 0],
  ])('like %s', (pattern, share) => {
    expect(likeShare(lookup, 1, pattern)).toBe(share);
  });
});
