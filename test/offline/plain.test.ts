import { expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const workshop = rowsOf(`
  CREATE TABLE bikes (id INTEGER PRIMARY KEY, brand TEXT, kind TEXT);
  INSERT INTO bikes VALUES (1, 'Cube', 'e-bike'), (2, 'Trek', 'mountain'), (3, 'TREK', 'road'), (4, 'Gitane', 'city');
  CREATE TABLE repairs (id INTEGER PRIMARY KEY, bike_id INTEGER REFERENCES bikes (id), hours REAL);
  INSERT INTO repairs VALUES (1, 1, 1), (2, 1, 2), (3, 1, 1), (4, 2, 3), (5, 2, 1), (6, 3, 1), (7, 3, 2), (8, 4, 1);
  CREATE TABLE parts (id INTEGER PRIMARY KEY, part_name TEXT, in_stock INTEGER);
  INSERT INTO parts VALUES (1, 'chain', 12), (2, 'saddle', 3), (3, 'bell', 0);
`);
const schema = schemaOf(
  'sqlite',
  `
  bikes: id integer, brand text, kind text
  repairs: id integer, bike_id integer >bikes.id, hours real
  parts: id integer, part_name text, in_stock integer
  `,
);

it.each([
  ['which brand of bikes is repaired most often?', [['trek']]],
  ['which kind of bike is repaired most often?', [['e-bike']]],
  ['how many chains are in stock?', [[12]]],
  ['how many parts are in stock?', [[2]]],
])('%s', async (question, rows) => {
  const { answer } = await createOfflineModel().answer(
    requestOf(question, schema, workshop.values),
    new AbortController().signal,
  );
  expect(answer.kind === 'sql' ? workshop.run(answer.sql) : answer).toEqual(rows);
});
