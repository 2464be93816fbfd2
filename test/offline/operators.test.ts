import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { operatorsAt } from '../../src/offline/grammar/filter/operator.ts';
import { makeLinker } from '../../src/offline/link/link.ts';
import { makeValueLookup } from '../../src/offline/link/values.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(schemaOf('sqlite', 'bands: id integer, name text, founded integer'));
const lookup = makeValueLookup(schemaIndex, { valuesOf: () => [] });
const linker = makeLinker(schemaIndex, () => 0);

describe('the comparison that the words around a number suggest first', () => {
  it.each([
    ['bands founded in 2008', '='],
    ['bands from 2008', '='],
    ['bands from 2008 on', '>='],
    ['bands founded after 2008', '>'],
    ['bands founded in or after 2008', '>='],
    ['bands founded in or before 2008', '<='],
    ['bands founded 2008 or later', '>='],
    ['bands with at least 3 members', '>='],
    ['bands with fewer than 3 members', '<'],
    ['bands with less than or equal to 3 members', '<='],
  ])('%s', (question, operator) => {
    const analysis = analyse(question, schemaIndex, linker, lookup);
    const at = analysis.tokens.findIndex((token) => token.number !== null);
    expect(operatorsAt(analysis, at, at + 1)[0]).toBe(operator);
  });
});
