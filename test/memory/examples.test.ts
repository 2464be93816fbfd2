import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withoutStoredValues } from '../../src/ask/prompt/privacy.ts';
import { examplesOf, keepExample, listExamples, similarExamples } from '../../src/memory/examples.ts';
import { openStore } from '../../src/memory/store.ts';

const place = 'sqlite:/shop';
const now = new Date('2026-03-01T10:00:00Z');

async function storeWith(...questions: readonly string[]) {
  const store = await openStore(join(mkdtempSync(join(tmpdir(), 'sqlq-store-')), 'memory.sqlite'));
  for (const question of questions) {
    keepExample(store, { place, question, sql: 'SELECT 1', source: 'user' }, now);
  }
  return store;
}

it('a few of the most similar are found, of this database alone', async () => {
  const others = Array.from({ length: 30 }, (_, index) => `what is the weight of parcel ${index}?`);
  const store = await storeWith(
    ...others,
    'revenue by country',
    'revenue by month',
    'who is the tallest employee',
  );
  keepExample(
    store,
    { place: 'sqlite:/other', question: 'revenue by country', sql: 'SELECT 2', source: 'user' },
    now,
  );
  const found = similarExamples('what is the revenue per country?', examplesOf(store, place, ['']));
  expect(found[0]).toMatchObject({ question: 'revenue by country', sql: 'SELECT 1' });
  expect(found.length).toBeLessThanOrEqual(4);
  expect(similarExamples('xylophones', examplesOf(store, place, ['']))).toEqual([]);
});

it('the same question in other spelling is the same example', async () => {
  const store = await storeWith(
    'Revenue by country',
    'revenue by month',
    'revenue by months?',
    'REVENUE  BY COUNTRY!',
  );
  expect(listExamples(store, place).map(({ question }) => question)).toEqual([
    'REVENUE  BY COUNTRY!',
    'revenue by months?',
  ]);
});

it('values that the question does not hold are taken out, others stand as it spells them, dates and numbers stay', () => {
  const sql =
    "SELECT 1 FROM t WHERE a = 'Standing Desk' AND b = 'Oslo' AND c LIKE '%lo%' AND d > '2025-01-01'";
  expect(withoutStoredValues(sql, 'desks in oslo')).toBe(
    "SELECT 1 FROM t WHERE a = '…' AND b = 'oslo' AND c LIKE '%lo%' AND d > '2025-01-01'",
  );
});
