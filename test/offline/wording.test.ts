import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { indexOf, valuesOf } from '../../src/offline/analysis/feature.ts';
import { makeLinker } from '../../src/offline/link/link.ts';
import { makeValueLookup } from '../../src/offline/link/values.ts';
import { formFrom } from '../../src/offline/rank/form.ts';
import { expectedFeatures, expectedForm, readWording } from '../../src/offline/rank/wording.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(schemaOf('sqlite', 'pets: id integer, name text'));
const lookup = makeValueLookup(schemaIndex, { valuesOf: () => [] });
const linker = makeLinker(schemaIndex, () => 0);
const other = {
  columns: 'other',
  aggregates: 'none|count|other',
  grouped: 'other',
  order: 'other',
  having: 'other',
  conditions: 'other',
  shape: 'other',
  distinct: 'other',
  tables: 'other',
  operators: 'other',
};
// Twelve classes in all: one of every head, three of `aggregates`.
const row = (count: number): string => [0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0].join(' ');
const wording = readWording({ classes: other, bias: row(0), phrases: `how many\t${row(300)}` });
const form = (aggregates: readonly string[]) =>
  formFrom({
    columns: 1,
    star: false,
    aggregates,
    grouped: false,
    order: null,
    having: null,
    conditions: 0,
    operators: [],
    shape: 'plain',
    distinct: false,
    tables: 1,
  });

describe('what the wording tells of a form', () => {
  it('makes a count likelier where the question says how many', () => {
    const at = indexOf(expectedFeatures, 'aggregates~');
    const chance = (question: string, aggregates: readonly string[]): number =>
      valuesOf(expectedFeatures, {
        expected: expectedForm(wording, analyse(question, schemaIndex, linker, lookup)),
        form: form(aggregates),
      })[at] ?? 0;
    expect(chance('How many pets are there?', ['count'])).toBeGreaterThan(
      chance('How many pets are there?', []),
    );
    expect(chance('List the pets', ['count'])).toBeCloseTo(chance('List the pets', []));
  });
  it('gives a feature for each name', () => {
    const expected = expectedForm(wording, analyse('List the pets', schemaIndex, linker, lookup));
    expect(valuesOf(expectedFeatures, { expected, form: form([]) })).toHaveLength(expectedFeatures.length);
  });
});
