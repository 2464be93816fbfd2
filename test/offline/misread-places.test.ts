import { expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const shelter = {
  ...rowsOf(`
    CREATE TABLE donors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, town TEXT);
    CREATE TABLE donations (id INTEGER PRIMARY KEY, donor_id INTEGER NOT NULL REFERENCES donors (id), given_on DATE NOT NULL, amount REAL NOT NULL);
    CREATE TABLE animals (id INTEGER PRIMARY KEY, name TEXT NOT NULL, taken_in_on DATE NOT NULL, vermittelt_am DATE, price REAL NOT NULL);
    INSERT INTO donors VALUES (1, 'Ann', 'York'), (2, 'Bo', 'Hull'), (3, 'Cy', 'York');
    INSERT INTO donations VALUES (1, 1, '2026-01-02', 5), (2, 1, '2026-02-02', 5), (3, 2, '2026-03-02', 100);
    INSERT INTO animals VALUES (1, 'Rex', '2024-12-01', '2025-02-01', 10), (2, 'Pip', '2025-01-01', '2026-01-04', 30), (3, 'Moo', '2025-03-01', NULL, 20);
  `),
  schema: schemaOf(
    'sqlite',
    `
    donors: id integer, name text, town text
    donations: id integer, donor_id integer >donors.id, given_on date, amount decimal
    animals: id integer, name text, taken_in_on date, vermittelt_am date, price decimal
    `,
  ),
};
const model = createOfflineModel();

async function rowsFor(question: string): Promise<unknown> {
  const request = { ...requestOf(question, shelter.schema, shelter.values), now: new Date(2026, 10, 28) };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? shelter.run(answer.sql) : answer.kind;
}

it.each(['who donated the most?', 'which donor donated the most?', 'who donated most'])(
  '%s asks for money, not for how often it was given',
  async (question) => {
    expect(await rowsFor(question)).not.toEqual([['Ann']]);
  },
);

it('the second most expensive one is the second', async () => {
  expect(await rowsFor('second most expensive animal')).toEqual([['Moo']]);
});

it('the second one is never the first two', async () => {
  expect(await rowsFor('second animal most expensive')).not.toHaveLength(2);
});

it.each(['how many animals were 2025 vermittelt?', 'how many animals were vermittelt in 2025?'])(
  '%s is about the date of what was done',
  async (question) => {
    expect([[[1]], 'unanswerable', 'clarification']).toContainEqual(await rowsFor(question));
  },
);

it('what was done stands at the end of a German question', async () => {
  expect(await rowsFor('wie viele Tiere wurden 2025 vermittelt?')).toEqual([[1]]);
  expect(await rowsFor('wie viele Tiere wurden letztes Jahr vermittelt?')).toEqual([[1]]);
});
