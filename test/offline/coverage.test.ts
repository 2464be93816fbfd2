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
const clinic = {
  ...rowsOf(readFileSync(new URL('../../fixtures/questions/clinic.sql', import.meta.url), 'utf8')),
  schema: schemaOf(
    'sqlite',
    `
    owner: id integer, full_name text, phone text, city text, postcode text, is_vip integer, referred_by integer >owner.id
    animal: id integer, owner_id integer >owner.id, name text, species text, sex text, weight_kg real, born date, died date, chip_no text
    vet: id integer, name text, hired date, permanent integer
    visit: id integer, animal_id integer >animal.id, vet_id integer >vet.id, visited_at text, reason text, fee_cents integer, closed integer
    `,
  ),
};
/** Teams and their players, flights from one airport to another, and a table whose name runs two words together. */
const league = {
  ...rowsOf(`
    CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
    CREATE TABLE player (id INTEGER PRIMARY KEY, name TEXT NOT NULL, team_id INTEGER REFERENCES team (id), age INTEGER);
    CREATE TABLE highschooler (id INTEGER PRIMARY KEY, name TEXT NOT NULL, grade INTEGER NOT NULL);
    CREATE TABLE airport (code TEXT PRIMARY KEY, city TEXT NOT NULL);
    CREATE TABLE allergy_type (allergy TEXT PRIMARY KEY, allergy_type TEXT NOT NULL);
    CREATE TABLE flight (flight_no INTEGER PRIMARY KEY, source_airport TEXT REFERENCES airport (code), destination_airport TEXT REFERENCES airport (code));
    INSERT INTO team VALUES (1, 'Reds', 'Leeds'), (2, 'Blues', 'York'), (3, 'Greens', 'Hull');
    INSERT INTO player VALUES (1, 'Ann Ash', 1, 20), (2, 'Bob Bay', 1, 24), (3, 'Cy Cole', 2, 31);
    INSERT INTO highschooler VALUES (1, 'Dee', 9), (2, 'Eve', 10), (3, 'Flo', 10);
    INSERT INTO airport VALUES ('OSL', 'Oslo'), ('LIS', 'Lisbon'), ('RIX', 'Riga');
    INSERT INTO allergy_type VALUES ('Cat', 'animal'), ('Milk', 'food'), ('Egg', 'food');
    INSERT INTO flight VALUES (1, 'OSL', 'LIS'), (2, 'OSL', 'RIX'), (3, 'LIS', 'OSL'), (4, 'OSL', 'LIS');
  `),
  schema: schemaOf(
    'sqlite',
    `
    team: id integer, name text, city text
    player: id integer, name text, team_id integer >team.id, age integer
    highschooler: id integer, name text, grade integer
    airport: code text, city text
    allergy_type: allergy text, allergy_type text
    flight: flight_no integer, source_airport text >airport.code, destination_airport text >airport.code
    `,
  ),
};
const model = createOfflineModel();
const ask = async (database: typeof shop, question: string): Promise<Answer> =>
  (
    await model.answer(
      { ...requestOf(question, database.schema, database.values), now: new Date(2026, 2, 18) },
      new AbortController().signal,
    )
  ).answer;
const textOf = (answer: Answer): string =>
  answer.kind === 'unanswerable' ? answer.reason : answer.kind === 'clarification' ? answer.question : '';

describe('a word that no part of a query accounts for', () => {
  it.each([
    [shop, 'how many orders are late?', 'late'],
    [shop, 'how many customers nicht in Germany?', 'nicht'],
    [shop, 'how many refurbished products are there?', 'refurbished'],
    [clinic, 'how many visits are sleepy?', 'sleepy'],
    [clinic, 'average number of fee cents per vet', 'per'],
    [clinic, 'which vets are provisional?', 'provisional'],
    [clinic, 'number of visits by moonphase', 'moonphase'],
    [clinic, 'who is the nicest vet?', 'nicest'],
    [clinic, 'how many wibbles are there?', 'wibbles'],
    [league, 'show all allergies and their types', 'types'],
  ])('%# is named, and the rest is not answered: %s', async (database, question, word) => {
    const answer = await ask(database, question);
    expect(answer.kind).not.toBe('sql');
    expect(textOf(answer)).toContain(`does not understand "${word}"`);
  });

  it.each(['list only the names of customers', 'what are the emails of customers in the country "Germany"?'])(
    '%# is read where it says no more than what stands beside it: %s',
    async (question) => {
      expect(await ask(shop, question)).toMatchObject({ kind: 'sql' });
    },
  );

  it('is left out only where the user is told and chooses it', async () => {
    const answer = await ask(shop, 'how many orders are late?');
    expect(answer).toMatchObject({
      kind: 'clarification',
      choices: [
        {
          interpretation: 'number of rows, from orders (without: late)',
          sql: 'SELECT COUNT(*) AS "number of orders" FROM orders',
        },
      ],
    });
  });

  it('is not held against what the user says instead', async () => {
    const asked = 'how many orders are late?';
    const back = textOf(await ask(shop, asked));
    const again = await ask(shop, `${asked}\n${back}\nhow many orders are there?`);
    expect(again).toMatchObject({ kind: 'sql', sql: 'SELECT COUNT(*) AS "number of orders" FROM orders' });
    const unread = await ask(shop, `${asked}\n${back}\nhow many orders are wibbly?`);
    expect(textOf(unread)).toContain('does not understand "wibbly" here');
  });

  it('is answered with questions that work', async () => {
    const [, ...questions] =
      /It would answer: (.*)\./u.exec(textOf(await ask(shop, 'how many orders are late?'))) ?? [];
    const suggested = [...(questions[0] ?? '').matchAll(/"([^"]+)"/gu)].map(([, question]) => question ?? '');
    expect(suggested.length).toBeGreaterThan(0);
    for (const question of suggested) {
      expect(await ask(shop, question)).toMatchObject({ kind: 'sql' });
    }
  });
});

describe('a question with an assumption turned round', () => {
  it.each([
    'which country has the most customers?',
    'which city has the most customers?',
    'average price of products',
    'which price has the most products?',
  ])('%s is not answered by a reading that leaves a word out', async (question) => {
    const first = await ask(shop, question);
    const { sql, assumptions } = first.kind === 'sql' ? first : { sql: '', assumptions: [] };
    const line = assumptions.find(
      (each) => /^(?:the most|price) → /u.test(each) && !each.endsWith('→ products.price'),
    );
    expect(line).toBeDefined();
    const request = {
      ...requestOf(question, shop.schema, shop.values),
      rejected: [line ?? ''],
      attempts: [{ sql, problem: 'not that', source: 'user' as const }],
    };
    expect((await model.answer(request, new AbortController().signal)).answer.kind).not.toBe('sql');
  });
});

describe('a question that is read whole', () => {
  it.each([
    [league, 'how many high schoolers are there?', 'SELECT COUNT(*) FROM highschooler'],
    [
      league,
      'what are the names of the high schoolers in grade 10?',
      'SELECT name FROM highschooler WHERE grade = 10',
    ],
    [league, 'how many flights depart from OSL?', "SELECT COUNT(*) FROM flight WHERE source_airport = 'OSL'"],
    [
      league,
      'how many flights arrive at OSL?',
      "SELECT COUNT(*) FROM flight WHERE destination_airport = 'OSL'",
    ],
    [clinic, 'how many visits are still open?', 'SELECT COUNT(*) FROM visit WHERE closed = 0'],
    [clinic, 'which vets are temporary?', 'SELECT name FROM vet WHERE permanent = 0'],
    [
      clinic,
      'owners without a phone number',
      "SELECT full_name FROM owner WHERE phone IS NULL OR phone = ''",
    ],
    [clinic, 'animals older than 10', "SELECT name FROM animal WHERE born < '2016-03-18'"],
    [clinic, 'visits of Rex in 2025', 'SELECT * FROM visit WHERE id = 7'],
    [clinic, 'number of owners per city', 'SELECT LOWER(TRIM(city)), COUNT(*) FROM owner GROUP BY 1'],
    [clinic, 'second heaviest animal', 'SELECT name FROM animal ORDER BY weight_kg DESC LIMIT 1 OFFSET 1'],
    [clinic, 'visits on Mondays', "SELECT * FROM visit WHERE strftime('%w', visited_at) = '1'"],
    [
      clinic,
      'number of visits by weekday',
      "SELECT CASE strftime('%w', visited_at) WHEN '0' THEN 'Sunday' WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' WHEN '6' THEN 'Saturday' END, strftime('%w', visited_at), COUNT(*) FROM visit GROUP BY 2 ORDER BY 2",
    ],
    [shop, 'how many orders are there?', 'SELECT COUNT(*) FROM orders'],
    [shop, 'please show me the names of all products', 'SELECT name FROM products'],
    [
      shop,
      'how many orders were placed this year?',
      "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2026-01-01' AND ordered_at < '2027-01-01'",
    ],
    [
      shop,
      'orders per month in 2025',
      "SELECT strftime('%Y-%m', ordered_at), COUNT(*) FROM orders WHERE ordered_at LIKE '2025%' GROUP BY 1 ORDER BY 1",
    ],
    [
      shop,
      'which country has the most customers?',
      'SELECT country FROM customers GROUP BY country ORDER BY COUNT(*) DESC LIMIT 1',
    ],
    [
      shop,
      'which status is used most often in orders?',
      'SELECT status FROM orders GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1',
    ],
    [
      shop,
      'what are the names of products that cost more than 100?',
      'SELECT name FROM products WHERE price > 100',
    ],
    [
      clinic,
      'how many owners are from Bath?',
      "SELECT COUNT(*) FROM owner WHERE city = 'bath' OR city = 'Bath'",
    ],
    [
      clinic,
      'how many visits in 2025?',
      "SELECT COUNT(*) FROM visit WHERE visited_at >= '2025-01-01' AND visited_at < '2026-01-01'",
    ],
    [
      clinic,
      'how many visits were there in March 2025?',
      "SELECT COUNT(*) FROM visit WHERE visited_at >= '2025-03-01' AND visited_at < '2025-04-01'",
    ],
  ])('%# is answered: %s', async (database, question, sql) => {
    const answer = await ask(database, question);
    expect(answer.kind === 'sql' ? database.run(answer.sql) : textOf(answer)).toEqual(database.run(sql));
  });

  it('never takes the highest date of birth for the oldest', async () => {
    const answer = await ask(clinic, 'which animal is the oldest?');
    const rows = answer.kind === 'sql' ? clinic.run(answer.sql) : [];
    expect(rows.flat()).not.toContain('Kit');
  });
});

describe('a question in another language', () => {
  it.each([
    ['¿Cuántas ballenas hay en Alemania?', 'español'],
    ['Wie viele Wale gibt es in Deutschland?', 'deutsch'],
    ['Combien de clients y a-t-il en France ?', 'français'],
    ['Quantos clientes existem no Brasil?', 'português'],
    ['Quanti clienti ci sono in Italia?', 'italiano'],
  ])('%s is told so in its own', async (question, tongue) => {
    const answer = await ask(shop, question);
    expect(answer.kind).toBe('unanswerable');
    expect(textOf(answer)).toContain(tongue);
    expect(textOf(answer)).toContain('sqlq config init');
  });

  it.each(['list customers in Las Vegas', 'who ordered the most?', 'orders per die'])(
    'is not seen in %s',
    async (question) => {
      expect(textOf(await ask(shop, question))).not.toMatch(
        /solo entiende|nur Englisch|que l’anglais|só entende|solo l’/u,
      );
    },
  );
});
