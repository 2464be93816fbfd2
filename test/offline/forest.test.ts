import { describe, expect, it } from 'vitest';
import { type FeatureTable, namesOf, valuesOf } from '../../src/offline/analysis/feature.ts';
import weights from '../../src/offline/data/weights.json' with { type: 'json' };
import { filterFeatures } from '../../src/offline/grammar/filter/item.ts';
import { havingFeatures } from '../../src/offline/grammar/having.ts';
import { orderFeatures } from '../../src/offline/grammar/order.ts';
import { selectFeatures } from '../../src/offline/grammar/select.ts';
import { candidateFeatures } from '../../src/offline/rank/candidate.ts';
import { confidenceFeatures } from '../../src/offline/rank/confidence.ts';
import {
  type ForestText,
  probability,
  readForest,
  scoreOf,
  scoresOf,
} from '../../src/offline/rank/forest.ts';

/** One tree: older than 9 and heavier than 2.5 is worth 1, older alone -1, all else 0. */
const text: ForestText = {
  features: 'age weight',
  roots: '0',
  feature: '0 1',
  threshold: '9 2.5',
  left: '-1 -2',
  right: '1 -3',
  leaves: '0 -1 1',
};

type Pet = { readonly age: number; readonly weight: number };
const age: FeatureTable<Pet>[number] = ['age', (pet) => pet.age];
const weight: FeatureTable<Pet>[number] = ['weight', (pet) => pet.weight];

describe('a forest', () => {
  const forest = readForest('pets', text, [age, weight]);
  const score = (pet: Pet): number => scoreOf(forest, valuesOf([age, weight], pet));

  it('adds up the leaves that its features lead to', () => {
    expect(score({ age: 3, weight: 9 })).toBe(0);
    expect(score({ age: 12, weight: 2 })).toBe(-1);
    expect(score({ age: 12, weight: 3 })).toBe(1);
    expect(probability(score({ age: 3, weight: 9 }))).toBe(0.5);
  });

  it('asks for classes, whatever their numbers, and for nothing between them', () => {
    const classes = readForest(
      'pets',
      { ...text, feature: '0 0', threshold: '{3,40,121} {2}', left: '-1 -2', right: '1 -3' },
      [age, weight],
    );
    const scores = scoresOf(
      classes,
      [3, 40, 121, 2, 8, 122, 3.5, -1, 4_294_967_299].map((each) => [each, 0]),
    );
    expect([...scores]).toEqual([0, 0, 0, -1, 1, 1, 1, 1, 1]);
  });

  it('scores each of several rows as it does one', () => {
    const { roots, ...rest } = text;
    const twice = readForest('pets', { ...rest, roots: `${roots} 0` }, [age, weight]);
    const rows = [
      [3, 9],
      [12, 2],
      [12, 3],
    ];
    expect([...scoresOf(twice, rows)]).toEqual(rows.map((row) => scoreOf(twice, row)));
    expect([...scoresOf(twice, rows)]).toEqual([0, -2, 2]);
    expect([...scoresOf(twice, [])]).toEqual([]);
  });

  it('is refused with features that it was not trained on, and says which', () => {
    const colour: FeatureTable<Pet>[number] = ['colour', () => 0];
    const others: readonly (readonly [string, FeatureTable<Pet>, RegExp])[] = [
      ['inserted', [age, colour, weight], /feature 2 of "pets" is "colour" in the code and "weight" in/],
      ['renamed', [age, ['mass', weight[1]]], /feature 2 of "pets" is "mass" in the code and "weight" in/],
      ['reordered', [weight, age], /feature 1 of "pets" is "weight" in the code and "age" in/],
      ['added', [age, weight, colour], /feature 3 of "pets" is "colour" in the code and nothing in/],
      ['left out', [age], /feature 2 of "pets" is nothing in the code and "weight" in/],
    ];
    for (const [, features, message] of others) {
      expect(() => readForest('pets', text, features)).toThrow(message);
    }
  });
});

describe('the weights', () => {
  it.each([
    ['select', weights.select, namesOf(selectFeatures)],
    ['filter', weights.filter, namesOf(filterFeatures)],
    ['order', weights.order, namesOf(orderFeatures)],
    ['having', weights.having, namesOf(havingFeatures)],
    ['listwise', weights.listwise, namesOf(candidateFeatures)],
    ['pointwise', weights.pointwise, namesOf(candidateFeatures)],
    ['confidence', weights.confidence, namesOf(confidenceFeatures)],
  ])('name the features of %s, each once', (_, { features }, names) => {
    expect(features.split(' ')).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });
});
