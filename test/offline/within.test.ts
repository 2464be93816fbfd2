import { expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const shop = rowsOf(`
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
  INSERT INTO customers VALUES (1, 'Ada', 'Norway'), (2, 'Ben', 'Norway'), (3, 'Cy', 'Chile');
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), ordered_on DATE);
  INSERT INTO orders VALUES (1, 1, '2024-01-01'), (2, 1, '2024-02-01'), (3, 1, '2024-03-01'), (4, 2, '2024-01-05'),
    (5, 2, '2024-01-05'), (6, 3, '2023-07-01'), (7, NULL, '2024-09-09');
  CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO categories VALUES (1, 'Lamps'), (2, 'Desks');
  CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, category_id INTEGER REFERENCES categories (id), price REAL);
  INSERT INTO products VALUES (1, 'Spot', 1, 20), (2, 'Arc', 1, 90), (3, 'Orb', 1, 90), (4, 'Oak', 2, 300), (5, 'Ash', 2, 200);
  CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id),
    product_id INTEGER REFERENCES products (id), quantity INTEGER, unit_price REAL);
  INSERT INTO order_lines VALUES (1, 1, 1, 50, 20), (2, 2, 2, 1, 90), (3, 3, 3, 2, 90), (4, 4, 4, 1, 300), (5, 5, 5, 1, 200);
`);
const text = `
  customers: id integer, name text, country text
  orders: id integer, customer_id integer >customers.id, ordered_on date
  categories: id integer, name text
  products: id integer, name text, category_id integer >categories.id, price real
  order_lines: id integer, order_id integer >orders.id, product_id integer >products.id, quantity integer, unit_price real
`;
const answerTo = async (question: string, engine: 'sqlite' | 'postgres' | 'mysql' = 'sqlite') =>
  (
    await createOfflineModel().answer(
      requestOf(question, schemaOf(engine, text), shop.values),
      new AbortController().signal,
    )
  ).answer;

it.each([
  [
    'the newest order of each customer',
    [
      ['Ada', 3, 1, '2024-03-01'],
      // Both of one day: neither is the newest alone.
      ['Ben', 4, 2, '2024-01-05'],
      ['Ben', 5, 2, '2024-01-05'],
      ['Cy', 6, 3, '2023-07-01'],
    ],
  ],
  [
    'first two orders of each customer',
    [
      ['Ada', 1, 1, '2024-01-01'],
      ['Ada', 2, 1, '2024-02-01'],
      ['Ben', 4, 2, '2024-01-05'],
      ['Ben', 5, 2, '2024-01-05'],
      ['Cy', 6, 3, '2023-07-01'],
    ],
  ],
  ['newest order of each customer from Chile', [['Cy', 6, 3, '2023-07-01']]],
  [
    'top 2 products per category by revenue',
    [
      ['Desks', 'Oak', 300],
      ['Desks', 'Ash', 200],
      ['Lamps', 'Spot', 1000],
      ['Lamps', 'Orb', 180],
    ],
  ],
  [
    'what is the most expensive product in each category?',
    [
      ['Desks', 'Oak', 300],
      ['Lamps', 'Arc', 90],
      ['Lamps', 'Orb', 90],
    ],
  ],
  [
    'for each category the cheapest product',
    [
      ['Desks', 'Ash', 200],
      ['Lamps', 'Spot', 20],
    ],
  ],
  [
    'which customer has the most orders in each country?',
    [
      ['Chile', 'Cy', 1],
      ['Norway', 'Ada', 3],
    ],
  ],
])('%s', async (question, rows) => {
  const answer = await answerTo(question);
  expect(answer.kind === 'sql' ? shop.run(answer.sql) : answer).toEqual(rows);
});

it('says that rows that tie are shown, and what revenue is', async () => {
  const answer = await answerTo('top 2 products per category by revenue');
  expect(answer).toMatchObject({
    assumptions: [
      'products → table products',
      'per category → ranked for each row of categories by itself; rows that tie are all shown',
      'by revenue → by unit_price, highest first',
      'revenue is the sum of order_lines.quantity × order_lines.unit_price',
    ],
  });
});

it.each([
  // Nothing says by what they are ranked.
  'top 3 customers in each country',
  // Two places, of which a tie could leave the second out.
  'second most expensive product in each category',
])('%s: is not answered', async (question) => {
  expect((await answerTo(question)).kind).not.toBe('sql');
});

it.each(['postgres', 'mysql'] as const)('quotes and orders as %s does', async (engine) => {
  const answer = await answerTo('top 2 products per category by revenue', engine);
  expect(answer).toMatchObject({
    kind: 'sql',
    sql: expect.stringMatching(/RANK\(\) OVER \(PARTITION BY categories\.id ORDER BY SUM/u),
  });
  const quote = engine === 'mysql' ? '`' : '"';
  expect(answer).toMatchObject({
    sql: expect.stringContaining(`AS ${quote}sum of quantity × unit_price${quote}`),
  });
});
