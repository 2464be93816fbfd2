import { expect, it } from 'vitest';
import { sqlInWords } from '../../src/offline/query/words.ts';
import { schemaOf } from './schema.ts';

const schema = schemaOf(
  'sqlite',
  'customers: id integer, name text, country text\norders: id integer, customer_id integer >customers.id, placed date',
);

it('says what each clause does', () => {
  const sql = `SELECT customers.country, COUNT(*) FROM customers JOIN orders ON customers.id = orders.customer_id
    WHERE orders.placed >= '2024-01-01' GROUP BY customers.country HAVING COUNT(*) > 2 ORDER BY COUNT(*) DESC LIMIT 3`;
  expect(sqlInWords(schema, sql)).toEqual([
    'takes customers, joined with orders',
    "keeps rows where orders.placed >= '2024-01-01'",
    'makes one row for each customers.country',
    'keeps those with number of rows > 2',
    'shows customers.country, number of rows',
    'orders by number of rows, highest first',
    'stops after 3 rows',
  ]);
});

it('says that a date is shown by a part of it', () => {
  const sql =
    "SELECT strftime('%Y-%m', placed) AS month, COUNT(*) FROM orders GROUP BY strftime('%Y-%m', placed)";
  expect(sqlInWords(schema, sql)).toContain('makes one row for each month of orders.placed');
});

it('says nothing of what it does not wholly understand', () => {
  expect(sqlInWords(schema, 'SELECT upper(name) FROM customers')).toBeNull();
});
