import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { filterItems } from '../../src/offline/grammar/filter/filter.ts';
import { makeLinker } from '../../src/offline/link/link.ts';
import { makeValueLookup } from '../../src/offline/link/values.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(
  schemaOf('sqlite', 'orders: id int, ordered_at date\nlogs: id int, day date'),
);
const linker = makeLinker(schemaIndex, () => 0);
const lookup = makeValueLookup(schemaIndex, { valuesOf: () => null });
const now = new Date(2026, 2, 18);

/** The days that a question is read to mean, of the date column of the table that it names. */
function daysOf(question: string): unknown[] {
  const items = filterItems(analyse(question, schemaIndex, linker, lookup, now)).filter(
    (item) => item.sure !== null,
  );
  return items.flatMap(({ condition }) =>
    condition.kind === 'and'
      ? condition.conditions.map((part) =>
          part.kind === 'compare' && part.right.kind === 'text'
            ? `${part.operator} ${part.right.text}`
            : part,
        )
      : [],
  );
}

describe('relative dates', () => {
  it.each([
    ['orders of last year', ['>= 2025-01-01', '< 2026-01-01']],
    ['orders of this month', ['>= 2026-03-01', '< 2026-04-01']],
    ['orders of last week', ['>= 2026-03-09', '< 2026-03-16']],
    ['orders placed yesterday', ['>= 2026-03-17', '< 2026-03-18']],
    ['orders of the past 30 days', ['>= 2026-02-17', '< 2026-03-19']],
    ['all orders', []],
  ])('%s', (question, expected) => {
    expect(daysOf(question)).toEqual(expected);
  });
});
