import { describe, expect, it } from 'vitest';
import { withContained } from '../../src/offline/schema-index/contained.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(
  schemaOf('sqlite', 'teachers: badge int, name text\npupils: number int, name text, mentor int, shelf int'),
);

/** The links of a schema index whose columns hold these values. */
function linksOf(stored: Readonly<Record<string, readonly number[]>>): string[] {
  const found = withContained(
    schemaIndex,
    (id) => stored[schemaIndex.columns[id]?.name ?? '']?.map(String) ?? null,
  );
  const name = (id: number | undefined): string => schemaIndex.columns[id ?? -1]?.name ?? '';
  return found.links.map(({ left, right }) => `${name(left[0])} → ${name(right[0])}`);
}

describe('keys that the data alone tells', () => {
  const badge = [1042, 1187, 2210, 3321, 4498];

  it('are columns whose every value is a key of another table', () => {
    expect(linksOf({ badge, number: [1, 2, 3], mentor: [1042, 2210, 4498], shelf: [5, 6] })).toEqual([
      'mentor → badge',
    ]);
  });
  it('are none where one value is no key', () => {
    expect(linksOf({ badge, number: [1, 2, 3], mentor: [1042, 2210, 5000] })).toEqual([]);
  });
  it('are none where it may be an accident: the keys are all numbers from 1 on', () => {
    expect(
      linksOf({ badge: [1, 2, 3, 4, 5, 6], number: [1, 2, 3], mentor: [1, 2, 3], shelf: [2, 4] }),
    ).toEqual([]);
  });
  it('are not looked for where a column has too many values to know', () => {
    expect(linksOf({ badge, number: [1, 2, 3] })).toEqual([]);
  });
});
