import { expect, it } from 'vitest';
import { clustersOf } from '../../../src/doubts/values/clusters.ts';
import { isSameValue, isVariant } from '../../../src/doubts/values/same-value.ts';

it.each([
  ['canceled', 'CANCELED '],
  ['Paris', ' paris'],
  ['München', 'Munchen'],
  ['München', 'MUENCHEN'],
  ['Straße', 'strasse'],
  ['New York', 'New-York'],
  ['in_progress', 'In Progress'],
  ["O'Brien", 'O’Brien'],
  ['Acme Inc.', 'ACME Inc'],
  ['Paris', 'Paris\u00a0'],
])('%j and %j are one value', (one, other) => {
  expect(isSameValue(one, other)).toBe(true);
});

it.each([
  ['Model A', 'Model B'],
  ['A', 'A-'],
  ['A+', 'A-'],
  ['C', 'C++'],
  ['C', 'C#'],
  ['1.5', '15'],
  ['2024-1', '20241'],
  ['-5', '5'],
  ['', ' '],
  ['-', '--'],
])('%j and %j are two values', (one, other) => {
  expect(isSameValue(one, other)).toBe(false);
  expect(isVariant(one, other, { isLoose: true })).toBe(false);
});

it.each([
  ['canceled', 'Cancelled'],
  ['Grey cat', 'gray cat'],
  ['Shopping centre', 'Shopping center'],
  ['organisation', 'Organization'],
  ['Programme', 'program'],
  ['US', 'United States'],
  ['y', 'Yes'],
])('%j and %j are spelt otherwise', (one, other) => {
  expect(isVariant(one, other, { isLoose: false })).toBe(true);
});

it.each([
  ['delivered', 'deliverd'],
  ['Electronics', 'Electrnoics'],
  ['Service', 'Services'],
])('%j and %j are a word and its misspelling among few', (one, other) => {
  expect(isVariant(one, other, { isLoose: true })).toBe(true);
  expect(isVariant(one, other, { isLoose: false })).toBe(false);
});

it.each([
  ['North', 'South'],
  ['male', 'female'],
  ['Employer', 'Employee'],
  ['typical', 'atypical'],
  ['Ireland', 'Iceland'],
  ['Henry VII', 'Henry VIII'],
  ['Version 10', 'Version 11'],
  ['complete', 'completed'],
  ['inactive', 'active'],
  ['Johnson', 'Jonson'],
])('%j and %j are two things', (one, other) => {
  expect(isSameValue(one, other)).toBe(false);
  expect(isVariant(one, other, { isLoose: false })).toBe(false);
});

it('takes joined words for one among categories, and for two among names', () => {
  const spelt = (rows: number) =>
    ['Newcastle', 'New Castle', 'Rio', 'RIO'].map((text) => ({ text, rows, apart: '' }));
  const texts = (rows: number) =>
    clustersOf(spelt(rows), 'place').map((some) => some.map(({ text }) => text));
  expect(texts(5)).toEqual([
    ['Newcastle', 'New Castle'],
    ['Rio', 'RIO'],
  ]);
  expect(texts(1)).toEqual([['Rio', 'RIO']]);
});
