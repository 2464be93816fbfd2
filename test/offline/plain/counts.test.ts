import { afterAll, expect, it } from 'vitest';
import { worldOf } from './world.ts';

const ferry = await worldOf(`
  CREATE TABLE passengers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO passengers VALUES (1, 'Anna'), (2, 'Ben'), (3, 'Carl'), (4, 'Dora'), (5, 'Eva');
  CREATE TABLE tickets (id INTEGER PRIMARY KEY, passenger_id INTEGER NOT NULL REFERENCES passengers (id), kind TEXT NOT NULL, price REAL NOT NULL, booked_on DATE NOT NULL);
  INSERT INTO tickets VALUES (1, 1, 'car', 80, '2025-02-01'), (2, 1, 'car', 85, '2025-02-01'), (3, 1, 'foot', 30, '2026-04-20'), (4, 2, 'foot', 55, '2025-03-10'),
    (5, 3, 'car', 120, '2025-03-11'), (6, 3, 'car', 125, '2026-03-11'), (7, 4, 'foot', 35, '2026-04-01'), (8, 4, 'foot', 36, '2026-04-02'), (9, 1, 'car', 90, '2026-05-20');
`);
const shop = await worldOf(`
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO customers VALUES (1, 'Anna'), (2, 'Ben'), (3, 'Cara');
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), ordered_on DATE NOT NULL, total REAL NOT NULL);
  INSERT INTO orders VALUES (1, 1, '2024-01-10', 100), (2, 1, '2025-04-01', 50), (3, 2, '2025-03-01', 70);
  CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO products VALUES (1, 'lamp'), (2, 'chair');
  CREATE TABLE order_lines (order_id INTEGER NOT NULL REFERENCES orders (id), product_id INTEGER NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL, PRIMARY KEY (order_id, product_id));
  INSERT INTO order_lines VALUES (1, 1, 4), (1, 2, 1), (2, 1, 1), (3, 1, 1);
`);
afterAll(() => {
  ferry.close();
  shop.close();
});

const firsts = (rows: unknown): unknown => (Array.isArray(rows) ? rows.map(([first]) => first) : rows);

it.each([
  // Each person once, however many tickets.
  ['passengers who booked a car ticket', ['Anna', 'Carl']],
  ['how many passengers booked a car ticket?', [2]],
  ['passengers with a car ticket', ['Anna', 'Carl']],
  ['names of passengers who booked car tickets', ['Anna', 'Carl']],
  ['passengers who bought a foot ticket in 2026', ['Anna', 'Dora']],
  ['passengers who never booked a car ticket', ['Ben', 'Dora', 'Eva']],
  ['how many passengers have more than 2 tickets?', [1]],
  ['how many passengers booked more than twice?', [1]],
  ['passengers who booked exactly 2 tickets', ['Carl', 'Dora']],
  ['passengers who booked only once', ['Ben']],
  // Those with none have fewer than two.
  ['passengers with fewer than 2 tickets', ['Ben', 'Eva']],
  ['passengers with at most 1 ticket', ['Ben', 'Eva']],
  ['how many passengers have at least 2 tickets in 2025?', [1]],
  ['passengers who booked more than one car ticket', ['Anna', 'Carl']],
  ['average number of tickets per passenger', [2.25]],
  ['how many tickets does a passenger have on average?', [2.25]],
  ['average number of car tickets per passenger', [2.5]],
  ['the second ticket of each passenger', ['Anna', 'Carl', 'Dora']],
  ['third ticket per passenger', ['Anna']],
  ['second ticket of Anna', [2]],
])('%s', async (question, expected) => {
  expect(firsts(await ferry.ask(question))).toEqual(expected);
});

it('says that a mean of counts leaves out those with none', async () => {
  const lines = await ferry.lines('average number of tickets per passenger');
  expect(lines.join('\n')).toContain('rows of passengers without any are left out');
});

it('takes of two tickets of one day the one with the lower key for the first', async () => {
  const rows = await ferry.ask('second ticket of each passenger');
  expect(Array.isArray(rows) ? rows.map((row) => row[1]) : rows).toEqual([2, 6, 8]);
});

it.each([
  ['average number of orders per customer', [1.5]],
  ['how many customers ordered more than once?', [1]],
  ['average number of order lines per customer', [2]],
])('of a shop: %s', async (question, expected) => {
  expect(firsts(await shop.ask(question))).toEqual(expected);
});

it.each([
  // The mean of a total is no mean of counts, and nothing says of each of what.
  'average number of orders',
  'average number of orders per month',
  // Lines are no lamps: one has four of them.
  'customers who bought more than 2 lamps',
])('%s gets no answer', async (question) => {
  expect(await shop.ask(question)).toHaveProperty('kind');
});
