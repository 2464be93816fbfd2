import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const rows = rowsOf(`
  CREATE TABLE piers (id INTEGER PRIMARY KEY, name TEXT, address TEXT, town TEXT);
  CREATE TABLE crew (id INTEGER PRIMARY KEY, name TEXT, chief_id INTEGER, hired_on DATE);
  CREATE TABLE clients (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, born DATE, town TEXT, street TEXT, phone TEXT, smoker TEXT, newsletter TEXT, coach_id INTEGER);
  CREATE TABLE hires (id INTEGER PRIMARY KEY, client_id INTEGER, pickup_pier_id INTEGER, return_pier_id INTEGER, began_at DATE, emergency INTEGER);
  CREATE TABLE spares (id INTEGER PRIMARY KEY, name TEXT, stock INTEGER);
  CREATE TABLE timesheet (id INTEGER PRIMARY KEY, crew_id INTEGER, work_date DATE, minutes INTEGER, status TEXT);
  CREATE TABLE gifts (id INTEGER PRIMARY KEY, client_id INTEGER, amount_pence INTEGER, given_on DATE, refunded INTEGER, priority TEXT);
  CREATE TABLE guides (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, registered INTEGER, first_aider TEXT, deadline DATE);
  INSERT INTO timesheet VALUES (1, 1, '2026-10-01', 60, 'open'), (2, 1, '2026-10-02', 90, 'done'), (3, 2, '2026-10-02', 30, 'done');
  INSERT INTO gifts VALUES (1, 1, 60000, '2026-01-02', 0, 'high'), (2, 2, 2000, '2026-02-02', 1, 'low'), (3, 1, 40000, '2026-03-02', 0, 'high');
  INSERT INTO guides VALUES (1, 'Pia Holt', '05 11', 20240105, 'Y', '2026-10-01'), (2, 'Rex Ode', NULL, 20250706, 'N', '2026-12-24');
  INSERT INTO piers VALUES (1, 'Old Quay', '3 Quay Road', 'Hull'), (2, 'Lock End', 'Lock 4', 'Goole');
  INSERT INTO crew VALUES (1, 'Marta Quill', NULL, '2019-01-01'), (2, 'Owen Pratt', 1, '2020-01-01'), (3, 'Ida Noon', 2, '2021-01-01');
  INSERT INTO clients VALUES
    (1, 'Ann', 'Lee', '1950-03-01', 'Hull', '4 Mill Lane', '01 22', 'Y', 'Y', NULL),
    (2, 'Bo', 'Ray', '2012-05-02', 'Goole', '9 High Street', '01 33', 'N', 'N', 1),
    (3, 'Cy', 'Dunn', '1990-07-03', 'Goole', '1 Low Road', NULL, 'Y', 'N', 1);
  INSERT INTO hires VALUES (1, 1, 1, 2, '2026-10-01', 0), (2, 1, 1, 1, '2026-10-04', 1), (3, 1, 2, 2, '2026-11-01', 1), (4, 2, 2, 1, '2026-11-02', 0);
  INSERT INTO spares VALUES (1, 'rope', 4), (2, 'paddle', 0);
`);
const schema = schemaOf(
  'sqlite',
  `
  piers: id integer, name text, address text, town text
  crew: id integer, name text, chief_id integer >crew.id, hired_on date
  clients: id integer, first_name text, last_name text, born date, town text, street text, phone text, smoker text, newsletter text, coach_id integer >clients.id
  hires: id integer, client_id integer >clients.id, pickup_pier_id integer >piers.id, return_pier_id integer >piers.id, began_at date, emergency integer
  spares: id integer, name text, stock integer
  timesheet: id integer, crew_id integer >crew.id, work_date date, minutes integer, status text
  gifts: id integer, client_id integer >clients.id, amount_pence integer, given_on date, refunded integer, priority text
  guides: id integer, name text, phone text, registered integer, first_aider text, deadline date
  `,
);
const model = createOfflineModel();

/** The rows that an answer gives, or that it is none. */
async function answered(question: string): Promise<unknown> {
  const request = { ...requestOf(question, schema, rows.values), now: new Date('2026-11-28T12:00:00Z') };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('questions of people who chat', () => {
  it.each([
    ['whats ann lees phone', [['01 22']]],
    ['whats the phone number of bo ray pls', [['01 33']]],
    ['whos owen pratts chief', [['Marta Quill']]],
    ['who is the boss of Ida Noon', [['Owen Pratt']]],
    ['who does ida noon report to', [['Owen Pratt']]],
    ['whos bo rays coach', [['Ann', 'Lee']]],
    ['who coaches bo ray', [['Ann', 'Lee']]],
    [
      'who does ann lee coach',
      [
        ['Bo', 'Ray'],
        ['Cy', 'Dunn'],
      ],
    ],
    ['who reports to marta quill', [['Owen Pratt']]],
    ['hey can you tell me who works here', [['Marta Quill'], ['Owen Pratt'], ['Ida Noon']]],
    ['where does cy dunn live', [['Goole', '1 Low Road']]],
    ['where is the old quay', [['3 Quay Road', 'Hull']]],
    ['how many clients are under 18', [[1]]],
    ['clients over the age of 60', [['Ann', 'Lee']]],
    ['how many smokers are there', [[2]]],
    ['non-smokers', [['Bo', 'Ray']]],
    ['how many emergencies in november', [[1]]],
    ['anything out of stock', [['paddle']]],
    ['how many hires were picked up at old quay', [[2]]],
    ['how many hires were returned at the old quay', [[2]]],
    ['clients who hired more than twice', [['Ann', 'Lee']]],
    [
      'clients who hired at least 1 time',
      [
        ['Ann', 'Lee'],
        ['Bo', 'Ray'],
      ],
    ],
  ])('%s', async (question, expected) => {
    expect(await answered(question)).toEqual(expected);
  });

  // Those who never hired did so less than twice.
  it('clients who hired less than twice', async () => {
    expect(await answered('clients who hired less than twice')).toEqual([
      ['Bo', 'Ray'],
      ['Cy', 'Dunn'],
    ]);
  });

  it('where is ann lees boat', async () => {
    expect(await answered('where is ann lees boat')).not.toBeInstanceOf(Array);
  });
});
