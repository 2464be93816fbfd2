import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const desk = rowsOf(`
  CREATE TABLE tickets (id INTEGER PRIMARY KEY, assignee TEXT, opened TEXT, closed TEXT, flag_urgent TEXT);
  INSERT INTO tickets VALUES
    (1, 'ana', '2025-02-02 01:15:00', '2025-02-03 10:00:00', 'TRUE'), (2, 'ben', '2025-01-03 01:15:00', NULL, 'FALSE'),
    (3, 'ana', '2025-01-01 01:15:00', '2025-01-05 10:00:00', NULL), (4, 'ana', '2025-03-03 01:15:00', NULL, 'TRUE'),
    (5, 'ben', '2025-04-03 01:15:00', '2025-04-05 01:15:00', 'FALSE');
  CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, newsletter TEXT);
  INSERT INTO clients VALUES (1, 'a', 'Y'), (2, 'b', 'y'), (3, 'c', 'N'), (4, 'd', ''), (5, 'e', NULL);
  CREATE TABLE labels (code TEXT PRIMARY KEY, meaning TEXT);
  INSERT INTO labels VALUES ('O', 'offen'), ('Z', 'zu');
  CREATE TABLE stock_levels (id INTEGER PRIMARY KEY, day TEXT, sku TEXT, qty INTEGER);
  INSERT INTO stock_levels VALUES (1, '20251101', 'a', 1), (2, '20251130', 'a', 2), (3, '20251130', 'b', 4), (4, '20251201', 'b', 8);
  CREATE TABLE parcels (id INTEGER PRIMARY KEY, city TEXT, state TEXT, amount TEXT);
  INSERT INTO parcels VALUES (1, 'Oslo', 'shipped', '12.50'), (2, 'Oslo', 'waiting', '9,75'), (3, 'Bergen', 'shipped', 'n/a'),
    (4, 'Bergen', 'lost', '7.00'), (5, 'Bergen', 'lost', '8.00');
`);
const schema = schemaOf(
  'sqlite',
  `
  tickets: id integer, assignee text, opened text, closed text, flag_urgent text
  clients: id integer, name text, newsletter text
  labels: code text, meaning text
  stock_levels: id integer, day text, sku text, qty integer
  parcels: id integer, city text, state text, amount text
  `,
);
const model = createOfflineModel();
const ask = async (question: string) =>
  (
    await model.answer(
      { ...requestOf(question, schema, desk.values), now: new Date(2026, 2, 18) },
      new AbortController().signal,
    )
  ).answer;

describe('what is still open', () => {
  it.each([
    ['how many tickets are still open?', [[2]]],
    ['how many open tickets of ana?', [[1]]],
    [
      'open tickets per assignee',
      [
        ['ana', 1],
        ['ben', 1],
      ],
    ],
    ['¿Cuántos tickets abiertos hay?', [[2]]],
    ['Wie viele Tickets sind offen?', [[2]]],
    ['how many tickets are closed?', [[3]]],
    ['how many tickets were opened in 2025?', [[5]]],
    ['id of the oldest open ticket', [[2]]],
  ])('%s', async (question, rows) => {
    const answer = await ask(question);
    expect(answer.kind === 'sql' ? desk.run(answer.sql) : answer).toEqual(rows);
  });
});

describe('what is not so', () => {
  it.each([
    ['how many clients without newsletter?', [[3]]],
    ['how many clients have a newsletter?', [[2]]],
    ['how many non-urgent tickets?', [[3]]],
  ])('%s', async (question, rows) => {
    const answer = await ask(question);
    expect(answer.kind === 'sql' ? desk.run(answer.sql) : answer).toEqual(rows);
  });

  it.each([
    'how many parcels are to be shipped?',
    'parcels to ship',
    'how many parcels are still to be shipped?',
  ])('%s is not about those that are', async (question) => {
    expect(JSON.stringify(await ask(question))).not.toContain("= 'shipped'");
  });

  it.each(['how many tickets are not (urgent no)?', 'how many non-purple tickets?'])(
    '%s is refused, and its opposite not offered',
    async (question) => {
      const answer = await ask(question);
      expect(answer.kind).toBe('unanswerable');
    },
  );
});

it.each([
  ['how many stock levels in November 2025?', [[3]]],
  ['how many stock levels since December 2025?', [[1]]],
  ['how many stock levels on 2025-11-30?', [[2]]],
])('dates in digits are dates: %s', async (question, rows) => {
  const answer = await ask(question);
  expect(answer.kind === 'sql' ? desk.run(answer.sql) : answer).toEqual(rows);
});

it.each([
  ['average amount of parcels', "The column amount holds texts, such as 'n/a', '9,75'"],
  ['sum of amount', "The column amount holds texts, such as 'n/a', '9,75'"],
  ['Summe der Beträge', "Die Spalte amount enthält Texte, zum Beispiel 'n/a', '9,75'"],
])('amounts in texts are refused with the reason: %s', async (question, reason) => {
  expect(await ask(question)).toMatchObject({
    kind: 'unanswerable',
    reason: expect.stringContaining(reason),
  });
});
