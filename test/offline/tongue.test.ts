import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/model/answer.ts';
import type { Previous } from '../../src/model/model.ts';
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
const clinic = {
  ...rowsOf(readFileSync(new URL('../../fixtures/questions/clinica.sql', import.meta.url), 'utf8')),
  schema: schemaOf(
    'sqlite',
    `
    pacientes: id integer, nombre text, apellidos text, ciudad text, correo text, fumador text
    citas: id integer, paciente_id integer >pacientes.id, fecha date, estado text
    facturas: numero integer, cita_id integer >citas.id, total decimal
    lineas_factura: factura_numero integer >facturas.numero, cantidad integer, precio decimal
    `,
  ),
};
const model = createOfflineModel();
const ask = async (
  database: typeof shop,
  question: string,
  more: {
    rejected?: readonly string[];
    attempts?: { sql: string; problem: string; source: 'user' }[];
    previous?: Previous;
  } = {},
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
    ['customers ohne email', 'SELECT name FROM customers WHERE email IS NULL'],
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
        sql: 'SELECT SUM(quantity * unit_price) AS "sum of quantity × unit_price" FROM order_items',
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

describe('a name that is a stored kind', () => {
  const shelter = {
    ...rowsOf(`
      CREATE TABLE tierarten (kuerzel TEXT PRIMARY KEY, bezeichnung TEXT NOT NULL);
      CREATE TABLE tiere (id INTEGER PRIMARY KEY, name TEXT NOT NULL, art TEXT NOT NULL REFERENCES tierarten (kuerzel), gewicht_kg REAL);
      INSERT INTO tierarten VALUES ('H', 'Hund'), ('K', 'Katze'), ('V', 'Vogel');
      INSERT INTO tiere VALUES (1, 'Rex', 'H', 20), (2, 'Mia', 'K', 4), (3, 'Bo', 'H', 30), (4, 'Kiki', 'V', 1);
    `),
    schema: schemaOf(
      'sqlite',
      `
      tierarten: kuerzel text, bezeichnung text
      tiere: id integer, name text, art text >tierarten.kuerzel, gewicht_kg decimal
      `,
    ),
  };
  it.each([
    ['alle Katzen', [['Mia']]],
    ['wie viele Hunde gibt es?', [[2]]],
    ['Durchschnittsgewicht der Hunde', [[25]]],
    ['alle Tiere', [['Rex'], ['Mia'], ['Bo'], ['Kiki']]],
  ])('%s', async (question, rows) => {
    const answer = await ask(shelter, question);
    expect(answer.kind === 'sql' ? shelter.run(answer.sql) : answer).toEqual(rows);
  });

  it.each(['wie viele Hunde haben wir gerade?', 'wie viele Hunde haben wir zurzeit?'])(
    '%s asks for more than their kind',
    async (question) => {
      expect(await ask(shelter, question)).not.toMatchObject({ kind: 'sql' });
    },
  );
});

describe('words that German and Spanish put otherwise than English', () => {
  const most2025 =
    "SELECT name FROM customers JOIN orders ON orders.customer_id = customers.id WHERE ordered_at LIKE '2025%' GROUP BY customers.id ORDER BY COUNT(*) DESC LIMIT 1";
  it.each([
    ['welcher Kunde hat 2025 am meisten bestellt', most2025],
    ['welcher Kunde hat am meisten bestellt 2025', most2025],
    ['¿qué cliente ha pedido más en 2025?', most2025],
    ['Durchschnittspreis der Produkte', 'SELECT AVG(price) FROM products'],
    [
      'wie viel Prozent der Bestellungen wurden storniert?',
      "SELECT AVG(CASE WHEN status = 'cancelled' THEN 100.0 ELSE 0 END) FROM orders",
    ],
    ['producto con el precio más alto', 'SELECT name FROM products ORDER BY price DESC LIMIT 1'],
    ['producto con el precio más bajo', 'SELECT name FROM products ORDER BY price LIMIT 1'],
    ['el segundo producto más caro', 'SELECT name FROM products ORDER BY price DESC LIMIT 1 OFFSET 1'],
    ['productos agotados', 'SELECT name FROM products WHERE stock <= 0'],
    ['clientes que reciben el boletín', 'SELECT name FROM customers WHERE newsletter = 1'],
    ['wer kriegt den Newsletter?', 'SELECT name FROM customers WHERE newsletter = 1'],
    ['noch nicht verschickte Bestellungen', null],
  ])('%s', async (question, sql) => {
    const answer = await ask(shop, question);
    if (sql === null) {
      expect(answer).toMatchObject({ kind: 'unanswerable', language: 'German' });
      return;
    }
    expect(answer.kind === 'sql' ? shop.run(answer.sql) : answer).toEqual(shop.run(sql));
  });

  it.each([
    ['importe medio de las facturas', 'SELECT AVG(total) FROM facturas'],
    ['cantidad media de las líneas', null],
    [
      'pacientes sin citas',
      'SELECT nombre, apellidos FROM pacientes WHERE id NOT IN (SELECT paciente_id FROM citas)',
    ],
    ['pacientes de Marbella', "SELECT nombre, apellidos FROM pacientes WHERE ciudad = 'Marbella'"],
    ['¿cuántos fumadores hay?', null],
  ])('%s', async (question, sql) => {
    const answer = await ask(clinic, question);
    const given = answer.kind === 'sql' ? clinic.run(answer.sql) : null;
    if (sql === null) {
      expect([
        null,
        clinic.run("SELECT COUNT(*) FROM pacientes WHERE fumador = 'S'"),
        clinic.run('SELECT AVG(cantidad) FROM lineas_factura'),
      ]).toContainEqual(given);
      return;
    }
    expect(given).toEqual(clinic.run(sql));
  });

  it.each(['¿qué producto se ha vendido más?', 'which product was sold the most'])(
    '%s is not which product is there most often',
    async (question) => {
      const answer = await ask(shop, question);
      expect(answer.kind === 'sql' ? answer.sql : '').not.toMatch(/FROM products GROUP BY/u);
    },
  );

  it('is told by the language of the tables where the words are not known', async () => {
    expect(await ask(haulier, 'Stammkunden')).toMatchObject({ language: 'German' });
    expect(await ask(shop, 'productos rojos')).toMatchObject({
      kind: 'unanswerable',
      language: 'Spanish',
      reason: expect.stringContaining('«rojos»'),
    });
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

describe('a question in German or Spanish that builds on the answer before', () => {
  const previous = async (question: string): Promise<Previous> => {
    const answer = await ask(shop, question);
    return { question, sql: answer.kind === 'sql' ? answer.sql : '', columns: [], rows: null };
  };

  it.each([
    [
      'Wie viele Kunden gibt es in Frankreich?',
      'und in Deutschland?',
      "SELECT COUNT(*) FROM customers WHERE country = 'Germany'",
      ['baut auf: Wie viele Kunden gibt es in Frankreich?', "Deutschland → customers.country = 'Germany'"],
    ],
    [
      '¿Cuántos clientes hay en Francia?',
      '¿y en Alemania?',
      "SELECT COUNT(*) FROM customers WHERE country = 'Germany'",
      ['parte de: ¿Cuántos clientes hay en Francia?', "Alemania → customers.country = 'Germany'"],
    ],
    [
      'Wie viele Bestellungen gibt es?',
      'nur 2025',
      "SELECT COUNT(*) FROM orders WHERE ordered_at LIKE '2025%'",
      [
        'baut auf: Wie viele Bestellungen gibt es?',
        '2025 → orders.ordered_at ab dem 01.01.2025 und orders.ordered_at vor dem 01.01.2026',
      ],
    ],
    [
      '¿Cuántos pedidos hay?',
      'solo en marzo de 2025',
      "SELECT COUNT(*) FROM orders WHERE ordered_at LIKE '2025-03%'",
      [
        'parte de: ¿Cuántos pedidos hay?',
        'en marzo 2025 → orders.ordered_at desde el 01/03/2025 y orders.ordered_at antes del 01/04/2025',
      ],
    ],
    [
      'Kunden in Deutschland',
      'und ohne E-Mail?',
      "SELECT name FROM customers WHERE country = 'Germany' AND email IS NULL",
      ['baut auf: Kunden in Deutschland', 'ohne E-Mail → customers.email ist leer'],
    ],
  ])('%s … %s', async (before, question, sql, assumptions) => {
    const answer = await ask(shop, question, { previous: await previous(before) });
    expect(answer.kind === 'sql' ? shop.run(answer.sql) : answer).toEqual(shop.run(sql));
    expect(answer).toMatchObject({ assumptions });
  });

  it('is refused in that language where it can be no change', async () => {
    const answer = await ask(shop, 'und absteigend?', {
      previous: await previous('Wie viele Kunden gibt es?'),
    });
    expect(answer).toMatchObject({
      kind: 'unanswerable',
      reason: expect.stringMatching(/^Die Frage scheint/u),
    });
  });
});

describe('what is said of a question in another language', () => {
  it.each([
    ['Combien de clients y a-t-il en France ?', /anglais, l’allemand et l’espagnol\. .*sqlq config init$/u],
    ['Quantos clientes existem?', /inglês, alemão e espanhol\. .*sqlq config init$/u],
    ['Quanti clienti ci sono?', /inglese, tedesco e spagnolo\. .*sqlq config init$/u],
    ['Kunden mit Schuhgröße', /^Die Offline-Engine versteht hier .*Schuhgröße/u],
    ['Harfenkunden', /^Die Offline-Engine versteht hier „Harfenkunden“/u],
  ])('%s', async (question, said) => {
    expect(await ask(shop, question)).toMatchObject({
      kind: 'unanswerable',
      reason: expect.stringMatching(said),
    });
  });

  it.each([
    ['how many customers nicht in Germany', 'nicht'],
    ['how many customers sin orders', 'sin'],
  ])('%s loses no word', async (question, word) => {
    const answer = await ask(shop, question);
    const said =
      answer.kind === 'clarification' ? answer.choices.map(({ interpretation }) => interpretation) : [];
    expect(answer).not.toMatchObject({ kind: 'sql' });
    expect(said.filter((line) => !line.includes(`(without: ${word}`))).toEqual([]);
  });
});

describe('numbers and days as German and Spanish write them', () => {
  it.each([
    ['Produkte über 99,50 Euro', 'price > 99.5', '> 99,5'],
    ['Produkte über 1.000 Euro', 'price > 1000', '> 1000'],
    ['productos de más de 1.000,50 euros', 'price > 1000.5', '> 1000,5'],
    ['Bestellungen am 24.12.24', "ordered_at = '2024-12-24'", 'ab dem 24.12.2024'],
    ['Bestellungen am Freitag', "strftime('%w', ordered_at) = '5'", 'fällt auf einen Freitag'],
    [
      'pedidos del 1 de marzo al 15 de abril de 2025',
      "ordered_at BETWEEN '2025-03-01' AND '2025-04-15'",
      'desde el 01/03/2025',
    ],
    [
      'Bestellungen im ersten Quartal 2025',
      "ordered_at BETWEEN '2025-01-01' AND '2025-03-31'",
      'vor dem 01.04.2025',
    ],
  ])('%s', async (question, where, said) => {
    const answer = await ask(shop, question);
    const table = where.startsWith('price') ? 'products' : 'orders';
    const rows = shop.run(`SELECT COUNT(*) FROM ${table} WHERE ${where}`);
    expect(answer.kind === 'sql' ? shop.run(`SELECT COUNT(*) FROM (${answer.sql})`) : answer).toEqual(rows);
    expect(answer).toMatchObject({ assumptions: expect.arrayContaining([expect.stringContaining(said)]) });
  });
});
