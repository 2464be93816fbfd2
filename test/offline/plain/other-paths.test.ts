import { afterAll, expect, it } from 'vitest';
import { worldOf } from './world.ts';

const studio = await worldOf(`
  CREATE TABLE freelancers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL);
  INSERT INTO freelancers VALUES (1, 'Ada', 'York'), (2, 'Ben', 'Leeds'), (3, 'Cleo', 'York');
  CREATE TABLE clients (id INTEGER PRIMARY KEY, company TEXT NOT NULL, city TEXT NOT NULL);
  INSERT INTO clients VALUES (1, 'Kestrel', 'York'), (2, 'Lumen', 'Leeds');
  CREATE TABLE projects (id INTEGER PRIMARY KEY, title TEXT NOT NULL, client_id INTEGER NOT NULL REFERENCES clients (id), lead_id INTEGER NOT NULL REFERENCES freelancers (id));
  INSERT INTO projects VALUES (1, 'Website', 1, 1), (2, 'Logo', 1, 1), (3, 'Film', 2, 2);
  CREATE TABLE timesheets (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL REFERENCES projects (id), freelancer_id INTEGER NOT NULL REFERENCES freelancers (id), hours REAL NOT NULL);
  INSERT INTO timesheets VALUES (1, 1, 3, 5), (2, 2, 3, 4), (3, 3, 3, 1), (4, 3, 2, 2);
  CREATE TABLE invoices (id INTEGER PRIMARY KEY, client_id INTEGER NOT NULL REFERENCES clients (id), project_id INTEGER NOT NULL REFERENCES projects (id), issued_on DATE NOT NULL);
  INSERT INTO invoices VALUES (1, 1, 1, '2026-01-01'), (2, 1, 2, '2026-02-01'), (3, 2, 3, '2026-03-01');
`);
const ward = await worldOf(`
  CREATE TABLE wards (code TEXT PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO wards VALUES ('A', 'North'), ('B', 'South');
  CREATE TABLE nurses (id INTEGER PRIMARY KEY, name TEXT NOT NULL, ward_code TEXT NOT NULL REFERENCES wards (code));
  INSERT INTO nurses VALUES (1, 'Ida', 'A'), (2, 'Joe', 'B');
  CREATE TABLE admissions (id INTEGER PRIMARY KEY, ward_code TEXT NOT NULL REFERENCES wards (code), admitted_on DATE NOT NULL);
  INSERT INTO admissions VALUES (1, 'A', '2026-01-01'), (2, 'B', '2026-01-02'), (3, 'B', '2026-01-03');
  CREATE TABLE prescriptions (id INTEGER PRIMARY KEY, admission_id INTEGER NOT NULL REFERENCES admissions (id), drug TEXT NOT NULL);
  INSERT INTO prescriptions VALUES (1, 1, 'ibuprofen'), (2, 2, 'aspirin'), (3, 3, 'aspirin');
  CREATE TABLE doses (id INTEGER PRIMARY KEY, prescription_id INTEGER NOT NULL REFERENCES prescriptions (id), given_by INTEGER NOT NULL REFERENCES nurses (id), amount_mg INTEGER NOT NULL);
  INSERT INTO doses VALUES (1, 2, 1, 10), (2, 2, 1, 20), (3, 3, 1, 30), (4, 1, 2, 40);
`);
const charity = await worldOf(`
  CREATE TABLE donors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, town TEXT NOT NULL);
  INSERT INTO donors VALUES (1, 'Kim', 'Bath'), (2, 'Lou', 'Hull'), (3, 'Max', 'Hull');
  CREATE TABLE campaigns (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
  INSERT INTO campaigns VALUES (1, 'Wells'), (2, 'Trees');
  CREATE TABLE pledges (id INTEGER PRIMARY KEY, donor_id INTEGER NOT NULL REFERENCES donors (id), campaign_id INTEGER NOT NULL REFERENCES campaigns (id), amount REAL NOT NULL);
  INSERT INTO pledges VALUES (1, 1, 1, 10), (2, 2, 1, 20), (3, 3, 2, 5);
  CREATE TABLE gifts (id INTEGER PRIMARY KEY, donor_id INTEGER NOT NULL REFERENCES donors (id), campaign_id INTEGER NOT NULL REFERENCES campaigns (id), amount REAL NOT NULL);
  INSERT INTO gifts VALUES (1, 3, 2, 10), (2, 2, 2, 20), (3, 3, 1, 5);
`);
afterAll(() => {
  studio.close();
  ward.close();
  charity.close();
});

const worlds = { studio, ward, charity };

it.each([
  // A word says who leads.
  ['studio', 'projects led by Ada', [['Website'], ['Logo']]],
  ['studio', 'which freelancer led the most projects', [['Ada']]],
  // What says no more than where a row belongs is the way, whatever else leads there.
  [
    'studio',
    'hours per freelancer',
    [
      ['Ben', 2],
      ['Cleo', 10],
    ],
  ],
  [
    'studio',
    'invoices per client',
    [
      ['Kestrel', 2],
      ['Lumen', 1],
    ],
  ],
  ['studio', 'projects of Kestrel', [['Website'], ['Logo']]],
  [
    'ward',
    'how many nurses per ward',
    [
      ['North', 1],
      ['South', 1],
    ],
  ],
  ['ward', 'which nurse gave the most doses', [['Ida']]],
  [
    'charity',
    'pledges per campaign',
    [
      ['Trees', 1],
      ['Wells', 2],
    ],
  ],
  [
    'charity',
    'pledges per donor',
    [
      ['Kim', 1],
      ['Lou', 1],
      ['Max', 1],
    ],
  ],
  // The rows between are said.
  ['charity', 'number of gifts to Trees', [[2]]],
] as const)('of the %s: %s', async (world, question, expected) => {
  const rows = await worlds[world].ask(question);
  expect(Array.isArray(rows) ? rows.toSorted() : rows).toEqual(expected.toSorted());
});

it.each([
  ['studio', 'projects of Ada', /lead_id or timesheets/u],
  ['studio', 'number of projects per freelancer', /lead_id or timesheets/u],
  ['studio', 'which freelancer has the most projects', /lead_id or timesheets/u],
  ['studio', 'freelancers who never had a project', /lead_id or timesheets/u],
  ['studio', 'which clients did Ada work for', /lead_id or timesheets/u],
  ['ward', 'which ward has the most doses', /nurses \(given_by\) or prescriptions and admissions/u],
  ['charity', 'which campaign has the most donors', /gifts or pledges|pledges or gifts/u],
] as const)('asks the %s which way is meant: %s', async (world, question, ways) => {
  expect(await worlds[world].ask(question)).toMatchObject({
    kind: 'refuses',
    text: expect.stringMatching(ways),
  });
});
