import { describe, expect, it } from 'vitest';
import { spellingsOf } from '../../src/offline/link/spellings.ts';
import { editDistance, fold, makeValueLookup } from '../../src/offline/link/values.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(schemaOf('sqlite', 'city: id int, name text, country text'));
const stored: Record<string, readonly string[]> = {
  name: ['São Paulo', 'New York', 'Saint-Étienne'],
  country: ['USA', 'Brazil', 'France'],
};
const lookup = makeValueLookup(schemaIndex, {
  valuesOf: (_schema, _table, column) => stored[column] ?? null,
});
const texts = (found: readonly { text: string }[]): string[] => found.map((value) => value.text);

describe('stored values', () => {
  it('are found whatever the case and the accents, and come back as stored', () => {
    expect(texts(lookup.exact(fold('usa')))).toEqual(['USA']);
    expect(texts(lookup.exact(fold('sao paulo')))).toEqual(['São Paulo']);
    expect(texts(lookup.exact(fold('SAINT ETIENNE')))).toEqual(['Saint-Étienne']);
  });

  it('are offered for close spellings, and for one of their words', () => {
    expect(texts(lookup.near(fold('Brasil')))).toEqual(['Brazil']);
    expect(texts(lookup.near(fold('Zanzibar')))).toEqual([]);
    expect(texts(lookup.containing(fold('york')))).toEqual(['New York']);
  });

  it('count edits, a swap of neighbours as one, up to a limit', () => {
    expect(editDistance('brazil', 'brasil', 2)).toBe(1);
    expect(editDistance('form', 'from', 2)).toBe(1);
    expect(editDistance('abc', 'xyz', 2)).toBe(3);
  });
});

describe('the spellings of one label', () => {
  const written = makeValueLookup(indexSchema(schemaOf('sqlite', 'visit: id int, status text, town text')), {
    valuesOf: (_schema, _table, column) =>
      ({
        status: ['cancelled', 'canceled', 'done', 'no-show', 'noshow', 'donee'],
        town: ['München', 'Muenchen', 'münchen', 'Munch'],
      })[column] ?? null,
  });

  it('are all meant by any of them', () => {
    expect(spellingsOf(written, 1, 'canceled')).toEqual(['canceled', 'cancelled']);
    expect(spellingsOf(written, 1, 'no-show')).toEqual(['no-show', 'noshow']);
    expect(spellingsOf(written, 2, 'Muenchen')).toEqual(['Muenchen', 'München', 'münchen']);
  });

  it('are found by a spelling that is not stored', () => {
    expect(texts(written.exact(fold('munchen')))).toEqual(['München', 'münchen']);
    expect(texts(written.exact(fold('no show')))).toEqual(['no-show']);
  });

  it('leave labels that are merely alike apart', () => {
    expect(spellingsOf(written, 1, 'done')).toEqual(['done']);
    expect(spellingsOf(written, 2, 'Munch')).toEqual(['Munch']);
  });
});
