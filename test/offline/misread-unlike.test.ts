import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const rows = rowsOf(`
  CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT, floor INTEGER);
  CREATE TABLE exhibits (inv_no TEXT PRIMARY KEY, title TEXT, room_id INTEGER);
  CREATE TABLE tours (id INTEGER PRIMARY KEY, held_on TEXT, visitors INTEGER, price_each REAL);
  INSERT INTO rooms VALUES (1, 'Lamp Hall', 0), (2, 'Map Room', 1), (3, 'Cellar', 0);
  INSERT INTO exhibits VALUES ('A1', 'Lamp', 1), ('A2', 'Bell', 2), ('A3', 'Lens', NULL);
  INSERT INTO tours VALUES (1, '2025-03-01', 12, 6.5), (2, '2025-04-02', 12, 9), (3, '2026-05-03', 7, 9);
`);
const schema = schemaOf(
  'sqlite',
  `
  rooms: id integer, name text, floor integer
  exhibits: inv_no text, title text, room_id integer >rooms.id
  tours: id integer, held_on text, visitors integer, price_each real
  `,
);
const model = createOfflineModel();

async function answered(question: string): Promise<unknown> {
  const request = { ...requestOf(question, schema, rows.values), now: new Date('2026-11-28T12:00:00Z') };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('what only looks like an answer', () => {
  it.each([
    // All titles are left when names of rooms are taken away.
    ['exhibits not in any room', [['Bell'], ['Lamp'], ['Lens']]],
    ['exhibits in no room', [['Bell'], ['Lamp'], ['Lens']]],
    // Two tours had twelve visitors each.
    ['how many visitors did we have', [[2]]],
    // What one visitor pays, added up, is no income.
    [
      'revenue from tours per year',
      [
        ['2025', 15.5],
        ['2026', 9],
      ],
    ],
    ['revenue from tours', [[24.5]]],
  ])('%s is not %j', async (question, wrong) => {
    expect(await answered(question)).not.toEqual(wrong);
  });

  it.each([
    ['rooms without exhibits', [['Cellar']]],
    ['total visitors', [[31]]],
    ['how many different floors are there', [[2]]],
  ])('%s is %j', async (question, right) => {
    expect(await answered(question)).toEqual(right);
  });
});
