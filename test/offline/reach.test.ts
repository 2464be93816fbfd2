import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../src/offline/engine.ts';
import { interpretationOf } from '../../src/offline/interpretation.ts';
import { parse } from '../../src/offline/parse.ts';
import { rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

// Once: reading its ten megabytes of data takes longer than a question.
const engine = await loadEngine();

const shop = {
  rows: rowsOf(readFileSync(new URL('../../fixtures/shop/shop.sqlite.sql', import.meta.url), 'utf8')),
  schema: schemaOf(
    'sqlite',
    `
    customers: id integer, name text, email text, city text, country text, created_at date, newsletter boolean
    categories: id integer, name text, parent_id integer >categories.id
    products: id integer, name text, category_id integer >categories.id, price decimal, stock integer, discontinued boolean
    employees: id integer, name text, title text, manager_id integer >employees.id, hired_on date, salary decimal
    orders: id integer, customer_id integer >customers.id, employee_id integer >employees.id, status text, ordered_at date, shipped_at date
    order_items: order_id integer >orders.id, product_id integer >products.id, quantity integer, unit_price decimal, discount integer
    reviews: id integer, product_id integer >products.id, customer_id integer >customers.id, rating integer, comment text, created_at date
    `,
  ),
};

const band = {
  rows: rowsOf(`
    CREATE TABLE musician (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, instrument TEXT);
    CREATE TABLE band (id INTEGER PRIMARY KEY, name TEXT, founded INTEGER, hometown TEXT);
    CREATE TABLE membership (musician_id INTEGER, band_id INTEGER, joined INTEGER);
    INSERT INTO musician VALUES (1,'Ann',31,'drums'),(2,'Bo',25,'guitar'),(3,'Cy',44,'guitar'),(4,'Di',38,'bass');
    INSERT INTO band VALUES (1,'The Ferns',1999,'Oslo'),(2,'Mosses',2008,'Bergen'),(3,'Lichen',2011,'Oslo');
    INSERT INTO membership VALUES (1,1,2000),(2,1,2010),(2,2,2012),(3,2,2008);
  `),
  schema: schemaOf(
    'sqlite',
    `
    musician: id integer, name text, age integer, instrument text
    band: id integer, name text, founded integer, hometown text
    membership: musician_id integer >musician.id, band_id integer >band.id, joined integer
    `,
  ),
};

const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify([...row].map(String).sort())).sort();

describe.each([
  ['all rows', shop, 'List the names of all products', 'SELECT name FROM products'],
  [
    'several columns',
    shop,
    'What are the name and the city of each customer?',
    'SELECT name, city FROM customers',
  ],
  ['count', shop, 'How many customers are there?', 'SELECT COUNT(*) FROM customers'],
  [
    'a stored value',
    shop,
    'How many orders were cancelled?',
    "SELECT COUNT(*) FROM orders WHERE status = 'cancelled'",
  ],
  [
    'a value in other case',
    shop,
    'What are the names of the customers whose country is GERMANY?',
    "SELECT name FROM customers WHERE country = 'Germany'",
  ],
  [
    'a value without its accents',
    shop,
    'How many customers are in the city Munchen?',
    "SELECT COUNT(*) FROM customers WHERE city = 'München'",
  ],
  [
    'comparison',
    shop,
    'What are the names of products with a price higher than 100?',
    'SELECT name FROM products WHERE price > 100',
  ],
  [
    'between',
    shop,
    'List the names of the products with a price between 20 and 50.',
    'SELECT name FROM products WHERE price BETWEEN 20 AND 50',
  ],
  ['average', shop, 'What is the average salary of employees?', 'SELECT AVG(salary) FROM employees'],
  [
    'two aggregates',
    shop,
    'What are the minimum and maximum price of products?',
    'SELECT MIN(price), MAX(price) FROM products',
  ],
  [
    'distinct',
    shop,
    'What are the different countries of customers?',
    'SELECT DISTINCT country FROM customers',
  ],
  [
    'count of different',
    shop,
    'How many different cities do customers come from?',
    'SELECT COUNT(DISTINCT city) FROM customers',
  ],
  [
    'per group',
    shop,
    'How many customers are there in each country?',
    'SELECT country, COUNT(*) FROM customers GROUP BY country',
  ],
  [
    'having',
    shop,
    'Which countries have more than 5 customers?',
    'SELECT country FROM customers GROUP BY country HAVING COUNT(*) > 5',
  ],
  [
    'order',
    shop,
    'List the names of products ordered by price in descending order.',
    'SELECT name FROM products ORDER BY price DESC',
  ],
  [
    'top N',
    shop,
    'What are the names of the 3 products with the highest price?',
    'SELECT name FROM products ORDER BY price DESC LIMIT 3',
  ],
  [
    'superlative',
    shop,
    'What is the name of the employee with the highest salary?',
    'SELECT name FROM employees ORDER BY salary DESC LIMIT 1',
  ],
  [
    'the most rows',
    shop,
    'Which country has the most customers?',
    'SELECT country FROM customers GROUP BY country ORDER BY COUNT(*) DESC LIMIT 1',
  ],
  [
    'a join',
    shop,
    'What are the names of products in the category Lamps?',
    "SELECT p.name FROM products p JOIN categories c ON c.id = p.category_id WHERE c.name = 'Lamps'",
  ],
  [
    'above the average',
    shop,
    'What are the names of products whose price is above the average?',
    'SELECT name FROM products WHERE price > (SELECT AVG(price) FROM products)',
  ],
  [
    'rows without others',
    shop,
    'What are the names of customers who do not have any orders?',
    'SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)',
  ],
  [
    'either',
    shop,
    'How many customers are from Germany or France?',
    "SELECT COUNT(*) FROM customers WHERE country IN ('Germany', 'France')",
  ],
  [
    'an adjective',
    band,
    'What is the name of the youngest musician?',
    'SELECT name FROM musician ORDER BY age LIMIT 1',
  ],
  [
    'through a bridge',
    band,
    'What are the names of the musicians in the band Mosses?',
    "SELECT m.name FROM musician m JOIN membership s ON s.musician_id = m.id JOIN band b ON b.id = s.band_id WHERE b.name = 'Mosses'",
  ],
  [
    'like',
    band,
    'Which bands have the word "oss" in their name? List the band names.',
    "SELECT name FROM band WHERE name LIKE '%oss%'",
  ],
  ['a misspelt word', shop, 'How many custmers are there?', 'SELECT COUNT(*) FROM customers'],
  [
    'a country by another name',
    shop,
    'How many customers are from the USA?',
    "SELECT COUNT(*) FROM customers WHERE country = 'United States'",
  ],
  ['a key after its table', shop, 'What is the name of product 7?', 'SELECT name FROM products WHERE id = 7'],
  [
    'the rows of two tables',
    shop,
    'List the names of all customers and employees',
    'SELECT name FROM customers UNION SELECT name FROM employees',
  ],
  [
    'an amount reckoned from two columns',
    shop,
    'What is the total revenue per country?',
    'SELECT c.country, SUM(i.quantity * i.unit_price) FROM order_items i JOIN orders o ON o.id = i.order_id JOIN customers c ON c.id = o.customer_id GROUP BY c.country',
  ],
  [
    'an adjective of two words',
    shop,
    'What is the most expensive product?',
    'SELECT name FROM products ORDER BY price DESC LIMIT 1',
  ],
  [
    'a year',
    band,
    'How many bands were founded after 2000?',
    'SELECT COUNT(*) FROM band WHERE founded > 2000',
  ],
  [
    'a year and those after it',
    band,
    'How many bands were founded in or after 2008?',
    'SELECT COUNT(*) FROM band WHERE founded >= 2008',
  ],
  [
    'a number and those above it',
    band,
    'What are the names of musicians aged 38 or older?',
    'SELECT name FROM musician WHERE age >= 38',
  ],
] as const)('%s', (_kind, { schema, rows }, question, gold) => {
  it(question, () => {
    const { ranked } = parse(question, engine.prepare(schema, rows.values), engine.weights);
    const sql = ranked[0]?.sql ?? '';
    expect(sorted(rows.run(sql)), sql).toEqual(sorted(rows.run(gold)));
  });
});

describe('the order of rows', () => {
  it.each([
    ['List the names of all musicians in descending alphabetical order.', ['Di', 'Cy', 'Bo', 'Ann']],
    ['List the names of all musicians in alphabetical order.', ['Ann', 'Bo', 'Cy', 'Di']],
  ])('%s', (question, names) => {
    const { ranked } = parse(question, engine.prepare(band.schema, band.rows.values), engine.weights);
    expect(band.rows.run(ranked[0]?.sql ?? '').flat()).toEqual(names);
  });
});

describe('the reading of an amount', () => {
  it('says what was left out of it', () => {
    const prepared = engine.prepare(shop.schema, shop.rows.values);
    const { analysis, ranked } = parse('What is the total revenue per country?', prepared, engine.weights);
    const lines = ranked[0] === undefined ? [] : interpretationOf(analysis, ranked[0].candidate);
    expect(lines).toContain(
      'revenue → sum of order_items.quantity × order_items.unit_price (order_items.discount left out)',
    );
  });
});
