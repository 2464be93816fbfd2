import { describe, expect, it } from 'vitest';
import type { Example, Note } from '../../src/model/model.ts';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const schema = schemaOf(
  'sqlite',
  `customers: id integer, name text, country text, city text
orders: id integer, customer_id integer >customers.id, placed date, price decimal, quantity integer`,
);
const { values } = rowsOf(`
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT, city TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, placed DATE, price DECIMAL, quantity INTEGER);
  INSERT INTO customers VALUES (1, 'Ada', 'Norway', 'Oslo'), (2, 'Bo', 'Sweden', 'Lund'), (3, 'Cy', 'United Kingdom', 'Leeds');
  INSERT INTO orders VALUES (1, 1, '2024-05-01', 2.5, 4), (2, 2, '2025-05-01', 10, 1);
`);
const model = createOfflineModel();
const today = new Date().toISOString().slice(0, 10);

async function answer(question: string, given: { examples?: readonly Example[]; notes?: readonly Note[] }) {
  const request = { ...requestOf(question, schema, values), ...given };
  return (await model.answer(request, new AbortController().signal)).answer;
}
const sqlOf = async (question: string, example: readonly [question: string, sql: string], day = today) => {
  const examples = [{ question: example[0], sql: example[1], day }];
  const { assumptions, sql } = { assumptions: [''], sql: '', ...(await answer(question, { examples })) };
  return assumptions[0]?.startsWith('as in the example') === true ? sql : null;
};

describe('an example', () => {
  const loyal = [
    'loyal customers in Norway',
    "SELECT name FROM customers WHERE country = 'Norway' AND id > 0",
  ] as const;

  it.each([
    ['Please show me the loyal customers in Norway!', "country = 'Norway'"],
    ['loyal customers in Sweden', "country = 'Sweden'"],
    ['loyal customers in the united kingdom', "country = 'United Kingdom'"],
  ])('answers %s', async (question, condition) => {
    expect(await sqlOf(question, loyal)).toBe(`SELECT name FROM customers WHERE ${condition} AND id > 0`);
  });

  it.each([
    'loyal customers not in Norway',
    'loyal customers in Oslo',
    'loyal customers in Atlantis',
    'loyal customers in Norway and Sweden',
    "loyal customers in Norway'; DROP TABLE customers",
    'how many loyal customers in Norway',
  ])('says nothing of %s', async (question) => {
    expect(await sqlOf(question, loyal)).toBeNull();
  });

  it('lends numbers and years their places, and refuses where a number stands for two things', async () => {
    const top = [
      'top 5 orders of 2024',
      "SELECT id FROM orders WHERE placed >= '2024-01-01' AND placed < '2025-01-01' ORDER BY price DESC LIMIT 5",
    ] as const;
    expect(await sqlOf('top three orders of 2025', top)).toBe(
      "SELECT id FROM orders WHERE placed >= '2025-01-01' AND placed < '2026-01-01' ORDER BY price DESC LIMIT 3",
    );
    const twice = ['top 5 orders', 'SELECT id FROM orders WHERE quantity > 5 LIMIT 5'] as const;
    expect(await sqlOf('top 3 orders', twice)).toBeNull();
  });

  it('does not answer last month with the dates of another day', async () => {
    const dated = ['orders of last month', "SELECT id FROM orders WHERE placed >= '2024-05-01'"] as const;
    expect(await sqlOf('orders of last month', dated)).toBe(dated[1]);
    expect(await sqlOf('orders of last month', dated, '2024-06-03')).toBeNull();
    const moving = [
      'orders of last month',
      "SELECT id FROM orders WHERE placed >= date('now', '-1 month')",
    ] as const;
    expect(await sqlOf('orders of last month', moving, '2024-06-03')).toBe(moving[1]);
  });
});

describe('a noted measure', () => {
  const notes = [{ term: 'takings', meaning: 'orders.price × orders.quantity' }];
  const sum = 'SUM(orders.price * orders.quantity)';

  it.each([
    ['total takings', 'SELECT SUM(price * quantity) FROM orders'],
    ['What are the takings?', 'SELECT SUM(price * quantity) FROM orders'],
    [
      'takings by country',
      `SELECT customers.country, ${sum} FROM orders JOIN customers ON orders.customer_id = customers.id GROUP BY customers.country`,
    ],
    [
      'which two countries have the highest takings?',
      `SELECT customers.country, ${sum} FROM orders JOIN customers ON orders.customer_id = customers.id GROUP BY customers.country ORDER BY ${sum} DESC LIMIT 2`,
    ],
    [
      'which city has the lowest takings',
      `SELECT customers.city, ${sum} FROM orders JOIN customers ON orders.customer_id = customers.id GROUP BY customers.city ORDER BY ${sum} LIMIT 1`,
    ],
  ])('answers %s', async (question, sql) => {
    const said = await answer(question, { notes });
    expect(said).toMatchObject({ kind: 'sql', sql });
    expect(said.kind === 'sql' ? said.assumptions : []).toContain(
      'takings is orders.price × orders.quantity, as noted',
    );
  });

  it('is never left out, nor taken for something else', async () => {
    const net = [{ term: 'revenue', meaning: 'SUM(orders.price * orders.quantity * 0.8)' }];
    expect(await answer('revenue by country', { notes: net })).toMatchObject({
      sql: expect.stringContaining('* 0.8'),
    });
    for (const question of [
      'revenue in Norway',
      'average revenue per order in 2024',
      'which customers made no revenue',
    ]) {
      const said = await answer(question, { notes: net });
      if (said.kind === 'sql') {
        expect(said.sql).toContain('* 0.8');
      }
      if (said.kind === 'clarification') {
        for (const { sql } of said.choices) {
          expect(sql).toContain('* 0.8');
        }
      }
    }
  });

  it.each([
    'orders.price; DROP TABLE orders',
    "load_extension('x')",
    '(SELECT max(price) FROM orders)',
    'orders.price * customers.id',
    'orders.price orders.quantity',
    'what we sold',
  ])('is no measure: %s', async (meaning) => {
    const said = await answer('total takings', { notes: [{ term: 'takings', meaning }] });
    expect(JSON.stringify(said)).not.toContain('as noted');
  });
});
