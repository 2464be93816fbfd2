import { expect, it } from 'vitest';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import { requestOf, rowsOf } from '../database.ts';
import { schemaOf } from '../schema.ts';

const agency = rowsOf(`
  CREATE TABLE bands (band_id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO bands VALUES (1, 'Foxes'), (2, 'Lumen'), (3, 'Orbit');
  CREATE TABLE tours (tour_id INTEGER PRIMARY KEY, band_id INTEGER, title TEXT);
  INSERT INTO tours VALUES (1, 1, 'Neon'), (2, 2, 'Farewell');
  CREATE TABLE halls (code TEXT PRIMARY KEY, town TEXT, region TEXT);
  INSERT INTO halls VALUES ('D', 'Leipzig', 'East'), ('H', 'Halle', 'East'), ('K', 'Kiel', 'North');
  CREATE TABLE gigs (gig_id INTEGER PRIMARY KEY, tour_id INTEGER, hall_code TEXT, support_band_id INTEGER, held_on TEXT);
  INSERT INTO gigs VALUES (1, 1, 'D', 3, '2025-01-01'), (2, 1, 'D', 2, '2025-02-01'), (3, 1, 'K', 3, '2026-01-01'), (4, 2, 'H', 3, '2026-02-01');
  CREATE TABLE price_levels (level_id INTEGER PRIMARY KEY, gig_id INTEGER, label TEXT, price_cents INTEGER);
  INSERT INTO price_levels VALUES (1, 1, 'VIP', 9000), (2, 1, 'seated', 3000), (3, 2, 'VIP', 7000), (4, 4, 'seated', 5000);
  CREATE TABLE passes (pass_id INTEGER PRIMARY KEY, level_id INTEGER, scanned_at TEXT);
  INSERT INTO passes VALUES (1, 1, '2025-01-01 20:00'), (2, 1, NULL), (3, 3, '2025-02-01 20:05'), (4, 4, NULL);
  CREATE TABLE refunds (refund_id INTEGER PRIMARY KEY, pass_id INTEGER, amount REAL, reason TEXT, state TEXT, requested_on TEXT, shipped_on TEXT);
  INSERT INTO refunds VALUES (1, 1, 90, 'ill', 'shipped', '2025-01-05', '2025-03-01'), (2, 3, 70, 'other', 'open', '2025-03-05', NULL), (3, 4, 50, 'ill', 'shipped', '2026-02-05', '2026-02-09');
  CREATE TABLE rider_items (item_id INTEGER PRIMARY KEY, band_id INTEGER, item TEXT, qty INTEGER, unit_cost REAL);
  INSERT INTO rider_items VALUES (1, 1, 'water', 10, 2), (2, 1, 'towels', 5, 3), (3, 2, 'tea', 1, 4);
  CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, retired_on TEXT);
  INSERT INTO people VALUES (1, 'Ada', NULL), (2, 'Ben', '2024-04-01');
  CREATE TABLE taste_tests (test_no INTEGER PRIMARY KEY, tester_id INTEGER, tested_on TEXT, seeds_count INTEGER);
  INSERT INTO taste_tests VALUES (1, 1, '2024-01-01', 10), (2, 2, '2024-02-01', 20), (3, 1, '2025-01-01', 30);
`);
const schema = schemaOf(
  'sqlite',
  `
  bands: band_id integer, name text
  tours: tour_id integer, band_id integer >bands.band_id, title text
  halls: code text, town text, region text
  gigs: gig_id integer, tour_id integer >tours.tour_id, hall_code text >halls.code, support_band_id integer >bands.band_id, held_on text
  price_levels: level_id integer, gig_id integer >gigs.gig_id, label text, price_cents integer
  passes: pass_id integer, level_id integer >price_levels.level_id, scanned_at text
  refunds: refund_id integer, pass_id integer >passes.pass_id, amount real, reason text, state text, requested_on text, shipped_on text
  rider_items: item_id integer, band_id integer >bands.band_id, item text, qty integer, unit_cost real
  people: id integer, name text, retired_on text
  taste_tests: test_no integer, tester_id integer >people.id, tested_on text, seeds_count integer
  `,
);
const model = createOfflineModel();
const ask = async (question: string) => {
  const request = { ...requestOf(question, schema, agency.values), now: new Date(2026, 2, 18) };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? agency.run(answer.sql) : answer.kind;
};

it.each([
  // A price whose table is called so as well.
  ['avg price', [[6000]]],
  ['average VIP price', [[8000]]],
  ['highest seated price', [[5000]]],
  ['how much did we refund in 2025', [[160]]],
  [
    'top 2 reasons by refunds',
    [
      ['ill', 2],
      ['other', 1],
    ],
  ],
  // The verb says which date is meant, though it is the word for a state as well.
  ['how many refunds were shipped in february 2026', [[1]]],
  ['how many tests in 2024', [[2]]],
  [
    'tests in 2024 vs 2025',
    [
      ['2024', 2],
      ['2025', 1],
    ],
  ],
  ['how many passes were scanned in 2025', [[2]]],
  [
    'seeds per person',
    [
      ['Ada', 40],
      ['Ben', 20],
    ],
  ],
])('%s', async (question, expected) => {
  expect(await ask(question)).toEqual(expected);
});

it.each([
  // Bands play gigs on their tours, and are the support of others: nobody says which.
  'which band sold the most passes',
  'gigs per band',
  // When passes were scanned or people retired is not when they came to be.
  'how many passes in 2025',
  'passes per month in 2025',
  'people in 2024',
  // What one of each costs is not what they cost.
  'cost of the rider of Foxes',
])('refuses %s', async (question) => {
  expect(await ask(question)).toEqual(expect.stringMatching(/^(?:unanswerable|clarification)$/u));
});
