import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import type { Answer } from '../../../src/model/answer.ts';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import { sampleFile } from '../../support/program.ts';
import { type Rows, requestOf, rowsOf } from '../database.ts';

const signal = new AbortController().signal;
const model = createOfflineModel();
let schema: Schema;
let shop: Rows;

beforeAll(async () => {
  const options = { access: 'read', timeoutMilliseconds: 10_000, hide: [] } as const;
  const database = await sqlite.open({ engine: 'sqlite', path: sampleFile }, options, signal);
  schema = await database.introspect({ schemas: [], include: [], exclude: [] }, signal);
  await database.close();
  shop = rowsOf(readFileSync('fixtures/shop/shop.sqlite.sql', 'utf8'));
});

async function follow(sql: string, question: string, rejected: readonly string[] = []): Promise<Answer> {
  const previous = { question: 'the question before', sql, columns: [], rows: null };
  const request = { ...requestOf(question, schema, shop.values), previous, rejected };
  return (await model.answer(request, signal)).answer;
}

const perCountry =
  'SELECT customers.country, COUNT(*) FROM customers JOIN orders ON customers.id = orders.customer_id GROUP BY customers.country';
const germans = "SELECT name FROM customers WHERE country = 'Germany'";
const dear = 'SELECT name FROM products WHERE price > 50';

/** The query before, the follow-up, and SQL that gives the very rows that are right. */
const cases: readonly (readonly [string, string, string])[] = [
  // Another filter.
  [
    perCountry,
    'only in 2024',
    "SELECT country, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE strftime('%Y', ordered_at) = '2024' GROUP BY 1",
  ],
  [germans, 'and in France?', "SELECT name FROM customers WHERE country = 'France'"],
  [germans, 'also include France', "SELECT name FROM customers WHERE country IN ('Germany', 'France')"],
  [
    germans,
    'as well as those from France',
    "SELECT name FROM customers WHERE country IN ('Germany', 'France')",
  ],
  [germans, 'what about Berlin?', "SELECT name FROM customers WHERE country = 'Germany' AND city = 'Berlin'"],
  [
    germans,
    'but not from Berlin',
    "SELECT name FROM customers WHERE country = 'Germany' AND city <> 'Berlin'",
  ],
  [
    germans,
    'only with the newsletter',
    "SELECT name FROM customers WHERE country = 'Germany' AND newsletter = 1",
  ],
  [germans, 'without an email', "SELECT name FROM customers WHERE country = 'Germany' AND email IS NULL"],
  [
    germans,
    'only those who ordered in 2024',
    "SELECT name FROM customers c WHERE country = 'Germany' AND EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id AND strftime('%Y', ordered_at) = '2024')",
  ],
  [
    'SELECT COUNT(*) FROM orders',
    'since march 2024',
    "SELECT count(*) FROM orders WHERE ordered_at >= '2024-03-01'",
  ],
  [
    "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2025-01-01'",
    'in 2025 instead',
    "SELECT count(*) FROM orders WHERE strftime('%Y', ordered_at) = '2025'",
  ],
  [
    'SELECT COUNT(*) FROM orders',
    'only shipped or delivered ones',
    "SELECT count(*) FROM orders WHERE status IN ('shipped', 'delivered')",
  ],
  [dear, 'below 100', 'SELECT name FROM products WHERE price > 50 AND price < 100'],
  [dear, 'more than 60', 'SELECT name FROM products WHERE price > 60'],
  [perCountry, 'only with more than 50', `${perCountry} HAVING count(*) > 50`],
  // Another order, a top-N.
  [perCountry, 'top 3', `${perCountry} ORDER BY count(*) DESC LIMIT 3`],
  [perCountry, 'sort by country descending', `${perCountry} ORDER BY country DESC`],
  [`${germans} ORDER BY name`, 'in reverse order', `${germans} ORDER BY name DESC`],
  [germans, 'newest first', `${germans} ORDER BY created_at DESC`],
  [dear, 'the 3 cheapest', `${dear} ORDER BY price LIMIT 3`],
  [dear, 'top 2 by price', `${dear} ORDER BY price DESC LIMIT 2`],
  [`${dear} ORDER BY price LIMIT 3`, 'all of them', `${dear} ORDER BY price`],
  [
    'SELECT name, price FROM products',
    'ten most expensive',
    'SELECT name, price FROM products ORDER BY price DESC LIMIT 10',
  ],
  // Another grouping.
  [
    'SELECT status, COUNT(*) FROM orders GROUP BY status',
    'by customer city',
    'SELECT city, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1',
  ],
  [
    'SELECT COUNT(*) FROM orders',
    'weekly',
    "SELECT strftime('%G-W%V', ordered_at), count(*) FROM orders GROUP BY 1 ORDER BY 1",
  ],
  [
    perCountry,
    'by month instead',
    "SELECT strftime('%Y-%m', ordered_at), count(*) FROM orders GROUP BY 1 ORDER BY 1",
  ],
  [perCountry, 'by status instead', 'SELECT status, count(*) FROM orders GROUP BY 1'],
  [
    'SELECT COUNT(*) FROM orders',
    'per country',
    'SELECT country, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1',
  ],
  [
    perCountry,
    'and by status too',
    'SELECT country, status, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1, 2',
  ],
  [
    'SELECT name FROM employees',
    'hired after 2020',
    "SELECT name FROM employees WHERE hired_on >= '2021-01-01'",
  ],
  ['SELECT name FROM products', 'with a price below 20 euro', 'SELECT name FROM products WHERE price < 20'],
  // Columns.
  [
    'SELECT name, price FROM products WHERE stock < 10',
    'just their names',
    'SELECT name FROM products WHERE stock < 10',
  ],
  [germans, 'and their emails?', "SELECT name, email FROM customers WHERE country = 'Germany'"],
  [
    dear,
    'add the category',
    'SELECT p.name, c.name FROM products p JOIN categories c ON c.id = category_id WHERE price > 50',
  ],
  [
    "SELECT COUNT(*) FROM customers WHERE country = 'Germany'",
    'and their emails?',
    "SELECT email FROM customers WHERE country = 'Germany'",
  ],
  [germans, 'how many?', "SELECT count(*) FROM customers WHERE country = 'Germany'"],
];

describe('a follow-up', () => {
  it.each(cases)('%s … %s', async (before, question, right) => {
    const answer = await follow(before, question);
    expect(answer).toMatchObject({ kind: 'sql' });
    if (answer.kind !== 'sql') {
      return;
    }
    const ordered = / ORDER BY /u.test(right);
    const rows = (sql: string): string[] => shop.run(sql).map((row) => JSON.stringify(row));
    const sorted = (list: string[]): string[] => (ordered ? list : list.toSorted());
    expect(sorted(rows(answer.sql))).toEqual(sorted(rows(right)));
    expect(answer.assumptions[0]).toBe('builds on: the question before');
  });

  it.each([
    [germans, 'why so few?'],
    ['SELECT name FROM products WHERE stock < 10', 'or above 100'],
    ['SELECT name FROM products WHERE stock < 10', 'between 20 and 50 euro'],
    ['SELECT name FROM products', 'weekly'],
    [germans, 'only the happy ones'],
    [germans, 'and the weather?'],
    [germans, 'by month instead'],
    ['SELECT AVG(price) FROM products', 'and their names?'],
    ['SELECT upper(name) FROM customers', 'top 3'],
    ['SELECT name FROM customers UNION SELECT name FROM employees', 'only in 2024'],
  ])(
    'is not answered where a word or the query before is not understood: %s … %s',
    async (before, question) => {
      expect((await follow(before, question)).kind).not.toBe('sql');
    },
  );

  it('is none where the question stands for itself', async () => {
    expect(await follow(germans, 'How many products are there?')).toMatchObject({
      kind: 'sql',
      sql: 'SELECT COUNT(*) AS "number of products" FROM products',
    });
  });

  it('goes on from follow-up to follow-up', async () => {
    let sql = perCountry;
    for (const question of [
      'only in 2024',
      'by quarter instead',
      'only Germany',
      'by year',
      'highest first',
    ]) {
      const answer = await follow(sql, question);
      expect(answer, question).toMatchObject({ kind: 'sql' });
      if (answer.kind === 'sql') {
        sql = answer.sql;
      }
    }
    expect(shop.run(sql)).toEqual(
      shop.run(
        "SELECT strftime('%Y', ordered_at), count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE country = 'Germany' AND strftime('%Y', ordered_at) = '2024' GROUP BY 1",
      ),
    );
  });

  it('takes no reading that the user has rejected', async () => {
    const first = await follow(germans, 'top 3 by created at');
    expect(first).toMatchObject({ kind: 'sql' });
    const lines = first.kind === 'sql' ? first.assumptions : [];
    const second = await follow(germans, 'top 3 by created at', lines.slice(1, 2));
    expect(second).not.toEqual(first);
  });
});

describe('a follow-up with a word that no change accounts for', () => {
  it.each([
    [germans, 'only in 2024 and late'],
    [germans, 'only the loyal ones from Berlin'],
    ["SELECT COUNT(*) FROM orders WHERE status = 'shipped'", 'only in 2024 and late'],
    ["SELECT COUNT(*) FROM orders WHERE status = 'shipped'", 'also include France'],
  ])('%# is not answered: %s %s', async (sql, question) => {
    expect((await follow(sql, question)).kind).not.toBe('sql');
  });
});
