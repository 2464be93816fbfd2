import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const rows = rowsOf(`
  CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT, hired_on DATE, salary DECIMAL);
  CREATE TABLE lines (id INTEGER PRIMARY KEY, sku TEXT, quantity INTEGER, unit_price DECIMAL);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, amount DECIMAL, placed_at DATE);
  CREATE TABLE sensors (id INTEGER PRIMARY KEY, sensor TEXT, temp DECIMAL);
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, signup TEXT, churned_at DATE);
  CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT, year TEXT);
  CREATE TABLE players (player TEXT, team TEXT, season INTEGER, goals INTEGER);
  CREATE TABLE deliveries (id INTEGER PRIMARY KEY, supplier TEXT, arrived_on TEXT);
  INSERT INTO deliveries VALUES (1, 'a', '28/01/2025'), (2, 'b', '03/02/2026'), (3, 'a', '15/03/2026'), (4, 'c', '02/12/2026');
  INSERT INTO employees VALUES (1, 'Ann', '2022-02-01', 4000), (2, 'Bo', '2021-02-01', 5000);
  INSERT INTO lines VALUES (1, 'a', 2, 10), (2, 'b', 3, 1);
  INSERT INTO orders VALUES (1, 10, '2024-12-02'), (2, 20, '2025-03-30'), (3, 40, '2025-04-02'), (4, 80, '2025-06-01'), (5, 160, '2026-03-02');
  INSERT INTO sensors VALUES (1, 'a', 6), (2, 'a', 6), (3, 'b', 9);
  INSERT INTO customers VALUES (1, 'Cy', '25/12/2023', '2024-01-01'), (2, 'Di', '13/02/2024', NULL);
  INSERT INTO films VALUES (1, 'Fen', '2021'), (2, 'Moor', '2022'), (3, 'Heath', '2023');
  INSERT INTO players VALUES ('Eve', 'red', 2022, 10), ('Eve', 'red', 2023, 10), ('Flo', 'blue', 2022, 15), ('Gus', 'blue', 2023, 3);
`);
const keyed = schemaOf(
  'sqlite',
  `
  employees: id integer, name text, hired_on date, salary decimal
  lines: id integer, sku text, quantity integer, unit_price decimal
  orders: id integer, amount decimal, placed_at date
  sensors: id integer, sensor text, temp decimal
  customers: id integer, name text, signup text, churned_at date
  films: id integer, title text, year text
  players: player text, team text, season integer, goals integer
  deliveries: id integer, supplier text, arrived_on text
  `,
);
const schema = {
  ...keyed,
  tables: keyed.tables.map((table) => (table.name === 'players' ? { ...table, primaryKey: [] } : table)),
};
const model = createOfflineModel();
const signal = new AbortController().signal;
const now = new Date('2026-11-28T12:00:00Z');

/** The rows that an answer gives, or that it is none. */
async function answered(question: string): Promise<unknown> {
  const { answer } = await model.answer({ ...requestOf(question, schema, rows.values), now }, signal);
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('what a question could be mistaken for', () => {
  it.each([
    ['total amount of orders', [[310]]],
    ['how many orders were placed between march and april 2025?', [[2]]],
    ['how many orders were placed in march and april 2025?', [[2]]],
    ['how many orders were placed from december to march 2025?', [[2]]],
    ['how many orders were placed from q1 to q2 2025?', [[3]]],
    ['films since 2022', [['Moor'], ['Heath']]],
    // 28/01 is no month of that number, so that 03/02 is one of February.
    ['how many deliveries in february 2026?', [[1]]],
  ])('%s', async (question, expected) => {
    expect(await answered(question)).toEqual(expected);
  });

  it.each([
    ['total revenue', [[4000 + 5000]]],
    ['turnover', [[4000 + 5000]]],
    ['how much did we earn in 2022?', [[4000]]],
    ['average temp per sensor', [[7]]],
    ['average temp by sensor', [[7]]],
    ['how many orders were placed in march and june 2025?', [[0]]],
    ['customers with signup after 2023', [['Cy']]],
    ['customers signed up after 2023', [['Cy']]],
    ['which player has the highest goals?', [['Flo']]],
    ['which sensor has the highest temp?', [['a']]],
    ['player with the most goals', [['Flo']]],
    ['top 3 players by goals', [['Flo'], ['Eve'], ['Eve']]],
    ['how many players?', [[4]]],
  ])('%s', async (question, wrong) => {
    expect(await answered(question)).not.toEqual(wrong);
  });
});
