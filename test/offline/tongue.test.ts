import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/model/answer.ts';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const shop = {
  ...rowsOf(readFileSync(new URL('../../fixtures/shop/shop.sqlite.sql', import.meta.url), 'utf8')),
  schema: schemaOf(
    'sqlite',
    `
    customers: id integer, name text, email text, city text, country text, created_at date, newsletter boolean
    products: id integer, name text, price decimal, stock integer, discontinued boolean
    orders: id integer, customer_id integer >customers.id, status text, ordered_at date, shipped_at date
    order_items: order_id integer >orders.id, product_id integer >products.id, quantity integer, unit_price decimal, discount integer
    `,
  ),
};
const reviewed = schemaOf(
  'sqlite',
  `
  products: id integer, name text, price decimal, stock integer, discontinued boolean
  employees: id integer, name text, hired_on date, salary decimal
  reviews: id integer, product_id integer >products.id, rating integer, comment text, created_at date
  `,
);
const haulier = {
  ...rowsOf(readFileSync(new URL('../../fixtures/questions/spedition.sql', import.meta.url), 'utf8')),
  schema: schemaOf(
    'sqlite',
    `
    kunden: kunden_nr integer, firma text, ort text, land text, aktiv text, seit text
    fahrer: id integer, name text, geburtsdatum text, eingestellt_am date, ausgeschieden_am date
    `,
  ),
};
const model = createOfflineModel();
const ask = async (
  database: typeof shop,
  question: string,
  more: { rejected?: readonly string[]; attempts?: { sql: string; problem: string; source: 'user' }[] } = {},
): Promise<Answer> =>
  (
    await model.answer(
      { ...requestOf(question, database.schema, database.values), now: new Date(2026, 2, 18), ...more },
      new AbortController().signal,
    )
  ).answer;

describe('a plain question in German or Spanish', () => {
  it.each([
    ['Wie viele Kunden gibt es in Deutschland?', "SELECT COUNT(*) FROM customers WHERE country = 'Germany'"],
    ['¿Cuántos clientes hay en Alemania?', "SELECT COUNT(*) FROM customers WHERE country = 'Germany'"],
    [
      'Kunden ohne Bestellungen',
      'SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)',
    ],
    ['clientes sin pedidos', 'SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)'],
    ['die teuersten Produkte', 'SELECT name FROM products ORDER BY price DESC'],
    ['teuerstes Produkt', 'SELECT name FROM products ORDER BY price DESC LIMIT 1'],
    ['los 3 productos más baratos', 'SELECT name FROM products ORDER BY price LIMIT 3'],
    [
      'Bestellungen pro Monat 2025',
      "SELECT strftime('%Y-%m', ordered_at), COUNT(*) FROM orders WHERE ordered_at LIKE '2025%' GROUP BY 1 ORDER BY 1",
    ],
    ['Kunden, die den Newsletter nicht haben', 'SELECT name FROM customers WHERE NOT newsletter'],
  ])('%s is answered', async (question, sql) => {
    const answer = await ask(shop, question);
    expect(answer.kind === 'sql' ? shop.run(answer.sql) : answer).toEqual(shop.run(sql));
  });

  it.each([
    'average rating per product, best five',
    'average rating per product, worst three',
    'Wie hoch ist der Umsatz?',
    '¿Cuál es la facturación total?',
  ])('%s is given no number of something else', async (question) => {
    expect(await ask({ ...shop, schema: reviewed }, question)).not.toMatchObject({ kind: 'sql' });
  });

  it.each(['Summe der Preise der Produkte', 'suma de los precios de los productos'])(
    '%s adds up what it names',
    async (question) => {
      expect(await ask(shop, question)).toMatchObject({ sql: 'SELECT SUM(price) FROM products' });
    },
  );

  it.each(['Wie hoch ist der Umsatz?', '¿Cuál es la facturación total?'])(
    '%s is reckoned as revenue is',
    async (question) => {
      expect(await ask(shop, question)).toMatchObject({
        sql: 'SELECT SUM(quantity * unit_price) FROM order_items',
      });
    },
  );

  it('is told what was read in its own language', async () => {
    const german = await ask(shop, 'Wie viele Kunden gibt es in Deutschland?');
    expect(german).toMatchObject({
      assumptions: [
        'Kunden → Tabelle customers',
        expect.stringContaining('Zahl der Zeilen'),
        expect.anything(),
      ],
    });
    const spanish = await ask(shop, 'los 3 productos más baratos');
    expect(spanish).toMatchObject({
      assumptions: expect.arrayContaining(['productos → tabla products']),
    });
  });

  it.each([
    ['Wie viele Kunden sind blauäugig?', '„blauäugig“'],
    ['¿Cuántos clientes son zurdos?', '«zurdos»'],
    ['Welche Produkte sind rund?', '„rund“'],
  ])('%s is refused with the word that is not understood', async (question, word) => {
    expect(await ask(shop, question)).toMatchObject({
      kind: 'unanswerable',
      reason: expect.stringContaining(word),
    });
  });

  it('is not seen in an English one', async () => {
    expect(await ask(shop, 'orders in 2025')).toMatchObject({
      assumptions: expect.arrayContaining(['orders → table orders']),
    });
  });

  it('is read otherwise when the user rejects a line', async () => {
    const question = 'die teuersten Produkte';
    const first = await ask(shop, question);
    const { sql, assumptions } = first.kind === 'sql' ? first : { sql: '', assumptions: [] };
    const line = assumptions.find((each) => each.includes('größte zuerst'));
    expect(line).toBeDefined();
    const again = await ask(shop, question, {
      rejected: [line ?? ''],
      attempts: [{ sql, problem: 'not that', source: 'user' }],
    });
    expect(again).not.toMatchObject({ sql });
  });
});

describe('an English question about German names', () => {
  it.each([
    ['customers from Austria', "SELECT firma FROM kunden WHERE land = 'AT'"],
    ['drivers who left', "SELECT name FROM fahrer WHERE ausgeschieden_am <= '2026-03-18'"],
    ['how many active customers are there?', "SELECT COUNT(*) FROM kunden WHERE aktiv = 'J'"],
  ])('%s is answered', async (question, sql) => {
    const answer = await ask(haulier, question);
    expect(answer.kind === 'sql' ? haulier.run(answer.sql) : answer).toEqual(haulier.run(sql));
  });
});
