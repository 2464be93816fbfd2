import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const hotline = rowsOf(`
  CREATE TABLE agents (id INTEGER PRIMARY KEY, name TEXT, hired TEXT, left_on TEXT, boss_id INTEGER);
  INSERT INTO agents VALUES (1, 'Ada', '03/25/2020', NULL, NULL), (2, 'Ben', '12/01/2021', '05/31/2024', 1), (3, 'Cy', '01/15/2024', NULL, 1);
  CREATE TABLE calls (id INTEGER PRIMARY KEY, agent_id INTEGER, began TEXT, wait_sec INTEGER, state TEXT, urgent TEXT);
  INSERT INTO calls VALUES (1, 1, '2025-03-01', 30, 'lost', 'Y'), (2, 1, '2025-04-01', 400, 'answered', 'N'),
    (3, 1, '2026-01-01', 45, 'answered', 'Y'), (4, 3, '2026-02-01', 700, 'lost', 'N');
  CREATE TABLE cars (id INTEGER PRIMARY KEY, agent_id INTEGER, model TEXT, built_year INTEGER);
  INSERT INTO cars VALUES (1, 1, 'Mini', 2019), (2, 3, 'Polo', 2001), (3, 1, 'Kombi', NULL);
  CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO guests VALUES (1, 'Di'), (2, 'Eve');
  CREATE TABLE drafts (id INTEGER PRIMARY KEY, title TEXT, is_deleted INTEGER);
  INSERT INTO drafts VALUES (1, 'One', 0), (2, 'Two', 1);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, stars INTEGER, deleted_at TEXT);
  INSERT INTO notes VALUES (1, 'Rota', 4, NULL), (2, 'Keys', 2, '2025-05-05'), (3, 'Lamp', 3, NULL);
  CREATE TABLE stays (id INTEGER PRIMARY KEY, guest_id INTEGER, arrival TEXT, departure TEXT);
  INSERT INTO stays VALUES (1, 1, '2026-03-01', '2026-03-30'), (2, 2, '2025-01-01', '2025-01-02');
`);
const schema = schemaOf(
  'sqlite',
  `
  agents: id integer, name text, hired text, left_on text, boss_id integer >agents.id
  calls: id integer, agent_id integer >agents.id, began text, wait_sec integer, state text, urgent text
  cars: id integer, agent_id integer >agents.id, model text, built_year integer
  guests: id integer, name text
  drafts: id integer, title text, is_deleted integer
  notes: id integer, title text, stars integer, deleted_at text
  stays: id integer, guest_id integer >guests.id, arrival text, departure text
  `,
);
const model = createOfflineModel();
const ask = async (question: string) => {
  const request = { ...requestOf(question, schema, hotline.values), now: new Date(2026, 2, 18) };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? hotline.run(answer.sql) : answer.kind;
};

describe('a share of rows', () => {
  it.each([
    ['what percentage of calls were lost?', [[50]]],
    ['what % of calls are urgent', [[50]]],
    // What comes before the verb is what it is a share of, and so is the time.
    ['what percentage of urgent calls were lost?', [[50]]],
    ['percentage of lost calls in 2025', [[50]]],
    ['share of calls that were lost in 2026', [[50]]],
    [
      'percentage of lost calls per agent',
      [
        ['Ada', 100 / 3],
        ['Cy', 100],
      ],
    ],
    // Of what it is a share is not said.
    ['share of calls', 'unanswerable'],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });
});

describe('still, currently, who work here', () => {
  it.each([
    ['how many agents still work here?', [[2]]],
    ['how many agents do we currently have?', [[2]]],
    ['agents who work for us', [['Ada'], ['Cy']]],
    ['how many agents are there?', [[3]]],
    ['how many agents have we ever had?', [[3]]],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });

  it('are no word to pass over where other rows say who is there', async () => {
    expect(await ask('guests currently here')).not.toEqual([['Di'], ['Eve']]);
    expect(await ask('how many guests do we currently have?')).not.toEqual([[2]]);
  });
});

describe('rows that are marked as deleted', () => {
  it.each([
    ['how many notes are there?', [[2]]],
    ['notes with more than 1 star', [['Rota'], ['Lamp']]],
    ['average stars of notes', [[3.5]]],
    ['deleted notes', [['Keys']]],
    ['how many drafts are there?', [[1]]],
    // Of drafts nothing says how much there is.
    ['how much drafts did we waste?', 'unanswerable'],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });
});

describe('what people measure, rank and date', () => {
  it.each([
    ['average wait time', [[293.75]]],
    ['ids of calls that waited more than 5 minutes', [[2], [4]]],
    ['how many calls with more than 5 minutes wait time?', [[2]]],
    ['which agent took the most calls?', [['Ada']]],
    ['which agent dropped the most calls?', 'clarification'],
    [
      'top 2 agents by calls',
      [
        ['Ada', 3],
        ['Cy', 1],
      ],
    ],
    ['who owns the oldest car?', [['Cy']]],
    ['who owns the newest car?', [['Ada']]],
    ['agents hired since 2021', [['Ben'], ['Cy']]],
    ['agents hired in March 2020', [['Ada']]],
    ['owners w/o cars', 'unanswerable'],
    ['agents w/o cars', [['Ben']]],
    ['how many calls did Ada take?', [[3]]],
    ['agents who never took a call', [['Ben']]],
    ['agents who lost a call', [['Ada'], ['Cy']]],
    ['who reports to Ada?', [['Ben'], ['Cy']]],
    ['how many agents report to Ada?', [[2]]],
    [
      'top 2 agents by wait',
      [
        ['Cy', 700],
        ['Ada', 475],
      ],
    ],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });
});
