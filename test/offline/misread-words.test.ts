import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const rows = rowsOf(`
  CREATE TABLE branches (id INTEGER PRIMARY KEY, name TEXT, chief_id INTEGER);
  CREATE TABLE workers (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE boat_types (code TEXT PRIMARY KEY, label TEXT, day_rate INTEGER, deposit INTEGER);
  CREATE TABLE boats (id INTEGER PRIMARY KEY, type TEXT, model TEXT, maker TEXT, branch_id INTEGER, insured TEXT);
  CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, smoker TEXT);
  CREATE TABLE hires (id INTEGER PRIMARY KEY, client_id INTEGER, boat_id INTEGER, fee INTEGER);
  CREATE TABLE services (id INTEGER PRIMARY KEY, boat_id INTEGER, fitter_id INTEGER, note TEXT);
  CREATE TABLE spares (id INTEGER PRIMARY KEY, name TEXT, price INTEGER, stock INTEGER);
  CREATE TABLE service_spares (service_id INTEGER, spare_id INTEGER, quantity INTEGER, unit_price INTEGER);
  INSERT INTO branches VALUES (1, 'Quay', 1), (2, 'Lock', 2);
  INSERT INTO workers VALUES (1, 'Dilys Varga'), (2, 'Owen Pratt');
  INSERT INTO boat_types VALUES ('KYK', 'kayak', 20, 50), ('CNO', 'canoe', 30, 80), ('PED', 'pedalo', 25, 40);
  INSERT INTO boats VALUES (1, 'KYK', 'Swift', 'Dagger', 1, 'Y'), (2, 'CNO', 'Prospector', 'Nova', 1, 'N'), (3, 'CNO', 'Prospector', 'Nova', 2, 'Y');
  INSERT INTO clients VALUES (1, 'Ann Lee', 'Y'), (2, 'Bo Ray', 'N'), (3, 'Cy Dunn', 'Y'), (4, 'Di Fox', 'Y');
  INSERT INTO hires VALUES (1, 1, 1, 20), (2, 1, 2, 30), (3, 2, 2, 30), (4, 3, 3, 30);
  INSERT INTO services VALUES (1, 1, 1, 'hull'), (2, 2, 2, 'seat'), (3, 3, 2, 'hull');
  INSERT INTO spares VALUES (1, 'rope', 5, 10), (2, 'seat pad', 12, 0);
  INSERT INTO service_spares VALUES (1, 1, 2, 5), (2, 2, 1, 12), (3, 1, 4, 6);
`);
const schema = schemaOf(
  'sqlite',
  `
  branches: id integer, name text, chief_id integer >workers.id
  workers: id integer, name text
  boat_types: code text, label text, day_rate integer, deposit integer
  boats: id integer, type text >boat_types.code, model text, maker text, branch_id integer >branches.id, insured text
  clients: id integer, name text, smoker text
  hires: id integer, client_id integer >clients.id, boat_id integer >boats.id, fee integer
  services: id integer, boat_id integer >boats.id, fitter_id integer, note text
  spares: id integer, name text, price integer, stock integer
  service_spares: service_id integer >services.id, spare_id integer >spares.id, quantity integer, unit_price integer
  `,
);
const model = createOfflineModel();

/** The rows that an answer gives, or that it is none. */
async function answered(question: string): Promise<unknown> {
  const request = { ...requestOf(question, schema, rows.values), now: new Date('2026-11-28T12:00:00Z') };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('words that a query only seems to answer', () => {
  it.each([
    // A number that refers to a client is no age of his.
    ['how many clients are under 3', [[2]]],
    ['clients over 2', [['Cy Dunn'], ['Di Fox']]],
    // What one spare costs was not spent.
    ['how much did we spend on spares', [[17]]],
    // A boat's model is nobody.
    ['who hired the most boats', [['Prospector']]],
    ['who brought the most boats', [['Nova']]],
    // The table of types says no more than the word of the question.
    ['do we have any pedalos', [['pedalo']]],
    ['boats of type pedalo', [['pedalo']]],
    // A list of yes and no tells nothing, nor do numbers without what has them.
    ['boats only insured', [['Y'], ['N'], ['Y']]],
    ['top 2 by price', [[12], [5]]],
    // She leads the branch of the boats, which makes no service hers.
    ['how many services did dilys do', [[2]]],
  ])('%s', async (question, wrong) => {
    expect(await answered(question)).not.toEqual(wrong);
  });

  it.each([
    ['how many smokers are there', [[3]]],
    [
      'do we have any canoes',
      [
        [2, 'Prospector'],
        [3, 'Prospector'],
      ],
    ],
    ['how much did we spend on rope', [[2 * 5 + 4 * 6]]],
    ['how many different values of smoker are there', [[2]]],
    ['boat types with a deposit over 45', [['kayak'], ['canoe']]],
  ])('%s', async (question, expected) => {
    expect(await answered(question)).toEqual(expected);
  });
});
