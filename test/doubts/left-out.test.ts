import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { lostAggregate, lostBound, lostGroups } from '../../src/doubts/left-out/aggregates.ts';
import { lostColumns } from '../../src/doubts/left-out/asked-columns.ts';
import { readMentions } from '../../src/doubts/left-out/mentions.ts';
import { lostNegation } from '../../src/doubts/left-out/negation.ts';
import { lostNumbers } from '../../src/doubts/left-out/numbers.ts';
import { lostOrder, otherOrder } from '../../src/doubts/left-out/orders.ts';
import { lostProperNames } from '../../src/doubts/left-out/proper-names.ts';
import { lostQuotes } from '../../src/doubts/left-out/quotes.ts';
import { lostSuperlative } from '../../src/doubts/left-out/superlatives.ts';
import { turnedBounds } from '../../src/doubts/left-out/turned-bounds.ts';
import { readQuestion } from '../../src/doubts/question.ts';
import { readSql } from '../../src/doubts/read-sql.ts';
import { scopesOf } from '../../src/doubts/scope.ts';
import type { Column, Schema, Table } from '../../src/schema/schema.ts';
import { describeDoubts } from '../support/doubted-database.ts';

/** What a question says and its SQL leaves out, in the order in which it is looked for. */
async function leftOut(question: string, sql: string, engine = 'sqlite'): Promise<readonly string[]> {
  const tree = await readSql(sql, dialectOf(engine));
  if (tree === null) {
    throw new Error(`not read: ${sql}`);
  }
  const mentions = readMentions(tree.root);
  const asked = readQuestion(question);
  const numbers = lostNumbers(question, mentions);
  return [
    ...numbers,
    ...lostQuotes(question, mentions, asked),
    ...[lostNegation(question, tree.root, mentions, asked), lostSuperlative(question, tree.root, mentions)],
    ...[lostAggregate(question, tree.root, mentions), lostGroups(question, tree.root)],
    numbers.length > 0 ? null : lostBound(question, tree.root),
    ...turnedBounds(question, tree.root),
    ...lostProperNames(question, mentions, asked, ['city', 'opera_house']),
  ].flatMap((said) => said ?? []);
}

describe('numbers', () => {
  it.each([
    ['born before 1945 and after 1955', 'SELECT * FROM p WHERE born > 1955', '1945'],
    ['shops opened in 2019 and 2020', 'SELECT * FROM s WHERE y = 2019', '2020'],
    ['orders of 2024', 'SELECT SUM(x) AS sales_2024 FROM o', '2024'],
    ['orders over 1,500 euros', 'SELECT * FROM o', '1,500'],
    ['sales of the last 30 days', 'SELECT SUM(x) FROM o', '30'],
    ['singers above age 40 and below 30', 'SELECT * FROM s WHERE age < 30', '40'],
    ['the 3 oldest members', 'SELECT name FROM m ORDER BY age DESC LIMIT 1', '3'],
    ['the top 5 products', 'SELECT * FROM p ORDER BY sold DESC', '5'],
    [
      'cities that more than one employee under age 30 is from',
      'SELECT c FROM e GROUP BY c HAVING COUNT(*) > 1',
      '30',
    ],
  ])('that the SQL does not use: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['orders in March 2024', "SELECT * FROM o WHERE d >= '2024-03-01' AND d < '2024-04-01'"],
    ['orders until March 31, 2024', "SELECT * FROM o WHERE d < '2024-04-01'"],
    ['orders of 2024-03', "SELECT * FROM o WHERE strftime('%m', d) = '03'"],
    ['sales up to 2024', "SELECT * FROM s WHERE d < '2025-01-01'"],
    ['the year 2024', "SELECT * FROM s WHERE y = '24'"],
    ['hits of the 90s and the 1980s', 'SELECT * FROM s WHERE y BETWEEN 1980 AND 1999'],
    ['discounts over 20%', 'SELECT * FROM s WHERE d > 0.2'],
    ['prices after 20 percent off', 'SELECT price * 0.8 FROM s'],
    ['calls longer than 5 minutes', 'SELECT * FROM s WHERE secs > 300'],
    ['films that made over 5 million', 'SELECT * FROM s WHERE gross > 5000000'],
    ['salaries above 10k', 'SELECT * FROM s WHERE salary > 10000'],
    ['prices above $12.50', 'SELECT * FROM s WHERE cents > 1250'],
    ['people in area 51', "SELECT * FROM s WHERE place = 'Area 51'"],
    ['points in F1 v2', 'SELECT * FROM races'],
    ['where is item A-12', 'SELECT place FROM s'],
    ['flights after 9 pm', "SELECT * FROM f WHERE dep > '21:00'"],
    ['all 50 states and the 4 seasons', 'SELECT name FROM states'],
    ['plays at 10:30', 'SELECT * FROM s'],
    ['cities of 1,000,000', 'SELECT * FROM s WHERE pop > 1000000'],
    ['villes de plus de 10\u202f000 habitants', 'SELECT * FROM s WHERE pop > 10000'],
    ['towns above 12 500', 'SELECT * FROM s WHERE pop > 12500'],
    ['Preise über 1.000 Euro', 'SELECT * FROM s WHERE x > 1000'],
    ['precios de más de 2,5', 'SELECT * FROM s WHERE x > 2.5'],
    ['the third cheapest and the top two', 'SELECT * FROM s ORDER BY p LIMIT 1 OFFSET 2'],
    ['the 3rd quarter', 'SELECT * FROM s WHERE m BETWEEN 7 AND 9'],
    ['customers with at least 3 orders', 'SELECT c FROM o GROUP BY c HAVING COUNT(*) > 2'],
    ['customers older than 30 years', "SELECT * FROM s WHERE born < '1996-11-28'"],
    ['sales of the last 30 days', "SELECT * FROM s WHERE d > date('now', '-1 month')"],
    ['words of 3 letters', "SELECT * FROM s WHERE w LIKE '___'"],
    ['the 2 days before Saturday', "SELECT * FROM s WHERE day IN ('Thursday', 'Friday')"],
    ['grade 3', "SELECT * FROM s WHERE grade = 'third'"],
    ['total of line 2', 'SELECT SUM(line_2) FROM s'],
    ['reviews of at least 1 star and more than 0 words', 'SELECT * FROM r'],
  ])('that are there in another way: %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });

  it.each([
    ['postgres', 'sales of the last 30 days', "SELECT SUM(x) FROM s WHERE d > now() - interval '30 days'"],
    ['mysql', 'orders of 2023 or 2024', 'SELECT * FROM o WHERE YEAR(d) IN (2023, 2024)'],
  ])('that are used in the words of %s', async (engine, question, sql) => {
    expect(await leftOut(question, sql, engine)).toEqual([]);
  });
});

describe('quoted values', () => {
  it.each([
    ['clients of "Bob Fosse" and "Ann Lee"', "SELECT * FROM s WHERE a = 'Ann Lee'", 'Bob Fosse'],
    ["flights of 'United Airlines' to 'ASY'", "SELECT * FROM f WHERE goal = 'ASY'", 'United Airlines'],
    ['Bücher von „Jane Roe“', 'SELECT * FROM b', 'Jane Roe'],
  ])('that no literal has: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['papers of "Jeremy Gibbons"', "SELECT * FROM p WHERE first = 'Jeremy' AND last = 'Gibbons'"],
    ['tracks of "AC/DC"', "SELECT * FROM t WHERE artist = 'AC/DC'"],
    ['customers called "Müller"', "SELECT * FROM t WHERE name LIKE '%muller%'"],
    ['customers from "germny"', "SELECT * FROM t WHERE country = 'Germany'"],
    ['people who are "female"', "SELECT * FROM t WHERE sex = 'F'"],
    ["ships that were 'Captured'", 'SELECT * FROM t WHERE status_id = 3'],
    ['users who are "active"', 'SELECT * FROM t WHERE is_active = 1'],
    ['show "the date of start"', 'SELECT date_of_start FROM t'],
    ['orders of "March 2024"', "SELECT * FROM o WHERE d LIKE '2024-03%'"],
    ['wrestlers of "Tokyo,Japan"', "SELECT * FROM w WHERE place = 'Tokyo , Japan'"],
    ["the students' names and the teachers' ages", 'SELECT * FROM t'],
    ['pipes of 5" and 7" width', 'SELECT * FROM t WHERE w IN (5, 7)'],
    ["the '90s hits of all the bands'", 'SELECT * FROM t'],
  ])('that are there in another way: %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });
});

describe('negations', () => {
  it.each([
    ['products that are not sold in Bonn', "SELECT * FROM s WHERE city = 'Bonn'", 'not'],
    ["customers that aren't from Germany", "SELECT * FROM s WHERE country = 'Germany'", "aren't"],
    ['templates never used by a document', 'SELECT id FROM templates', 'never'],
    ['templates without documents', 'SELECT t.id FROM t JOIN d ON d.t = t.id', 'without'],
    ['welche Kunden haben keine Bestellung', 'SELECT k.name FROM k JOIN b ON b.k = k.id', 'keine'],
    ["clients qui n'ont pas de commande", 'SELECT c.name FROM c JOIN o ON o.c = c.id', 'pas'],
    ['clients sans commande', 'SELECT c.name FROM c JOIN o ON o.c = c.id', 'sans'],
    ['clientes sin pedidos', 'SELECT c.name FROM c JOIN o ON o.c = c.id', 'sin'],
  ])('that the SQL leaves out: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['customers without orders', 'SELECT c.name FROM c LEFT JOIN o ON o.c = c.id WHERE o.id IS NULL'],
    ['customers without orders', 'SELECT name FROM c WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.c = c.id)'],
    ['customers without orders', 'SELECT id FROM c EXCEPT SELECT c FROM o'],
    ['customers without orders', 'SELECT name FROM c WHERE id NOT IN (SELECT c FROM o)'],
    ['customers without orders', 'SELECT name FROM c WHERE orders = 0'],
    ['products not made in Bonn', "SELECT * FROM s WHERE city <> 'Bonn'"],
    ['orders that are not paid', "SELECT * FROM o WHERE status = 'open'"],
    ['orders that are not paid', 'SELECT * FROM unpaid_orders'],
    ['how many are not paid', 'SELECT COUNT(*) - COUNT(paid) FROM o'],
    ['cars that do not have more than 3 doors', 'SELECT * FROM c WHERE doors <= 3'],
    ['people no older than 20', 'SELECT * FROM c WHERE age <= 20'],
    ['how many have an exam and how many do not', 'SELECT exam, COUNT(*) FROM c GROUP BY exam'],
    ['customers with no email', "SELECT * FROM c WHERE email = ''"],
    ['I do not know which country has customers', 'SELECT DISTINCT country FROM c'],
    ['whether or not it rains', 'SELECT rain FROM c'],
    ['the no. of days', 'SELECT days FROM c'],
    ["names, but don't include the id", 'SELECT name FROM c'],
    ['list the names without duplicates', 'SELECT DISTINCT name FROM c'],
    ['not by year, by name', 'SELECT name, COUNT(*) FROM c GROUP BY name'],
    ['films called "Never Say Never"', "SELECT * FROM f WHERE title = 'Never Say Never'"],
  ])('that are there in another way, or are none: %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });
});

describe('superlatives', () => {
  it.each([
    ['who is the youngest singer?', 'SELECT name FROM singer', 'youngest'],
    ['who is the youngest singer?', 'SELECT name FROM singer ORDER BY age', 'youngest'],
    ['the shop with the most staff', 'SELECT name FROM shop', 'most'],
    ['welcher ist der älteste Kunde', 'SELECT name FROM k', 'älteste'],
  ])('that the SQL leaves out: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['the youngest singer', 'SELECT name FROM s ORDER BY age LIMIT 1'],
    ['the youngest singer', 'SELECT name FROM s WHERE age = (SELECT MIN(age) FROM s)'],
    ['the youngest singer', 'SELECT name, RANK() OVER (ORDER BY age) AS place FROM s'],
    ['the youngest singer', 'SELECT name FROM s WHERE NOT EXISTS (SELECT 1 FROM s AS o WHERE o.age < s.age)'],
    ['singers from the oldest to the youngest', 'SELECT name FROM s ORDER BY age DESC'],
    ['singers, youngest first', 'SELECT name FROM s ORDER BY age'],
    ['singers sorted by the highest fee', 'SELECT name FROM s ORDER BY fee DESC'],
    ['shops with at most 3 staff', 'SELECT name FROM s WHERE staff <= 3'],
    ['the highest score of each', 'SELECT name, highest FROM s'],
    ['the maximum speed of the Audi', "SELECT top_speed FROM car WHERE name = 'Audi'"],
    ['the maximum range of each plane', 'SELECT name, range_miles FROM plane'],
  ])('that are there in another way, or are none: %s, by %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });
});

describe('what is reckoned', () => {
  it.each([
    ['what is the average age of the singers?', 'SELECT age FROM singer', 'average'],
    ['which singers are older than average?', 'SELECT name FROM singer WHERE age > 30', 'average'],
    ['how many singers are there?', 'SELECT name FROM singer', 'how many'],
    ['wie viele Lieferungen gibt es?', 'SELECT ort FROM lieferung', 'wie viele'],
    ['¿cuántos clientes hay?', 'SELECT nombre FROM cliente', 'cuántos'],
    ['the average price for each shop', 'SELECT AVG(price) FROM item', 'for each shop'],
    ['singers older than 30', 'SELECT name FROM singer WHERE age = 30', 'older than'],
    ['singers under 30', 'SELECT name FROM singer WHERE age > 30', 'under 30'],
    ['shops with more than 5 staff', 'SELECT name FROM shop WHERE 5 > staff', 'more than 5'],
  ])('and that the SQL does not reckon: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['the average age', 'SELECT AVG(age) FROM s'],
    ['the average age', 'SELECT average_age FROM s'],
    ['the average share', 'SELECT COUNT(a) * 1.0 / COUNT(b) FROM s'],
    ['how many rooms does it have?', 'SELECT rooms FROM hotel'],
    ['the phone number of the singers', 'SELECT phone FROM s'],
    ['the average price for each shop', 'SELECT shop, AVG(price) FROM item GROUP BY shop'],
    ['the total hours per week', 'SELECT SUM(hours_per_week) FROM s'],
    ['the most miles per gallon', 'SELECT MAX(mpg) FROM s'],
    ['the average toll each time', 'SELECT AVG(toll) FROM s'],
    ['names for each shop', 'SELECT name FROM item'],
    ['singers not older than 30', 'SELECT name FROM singer WHERE age <= 30'],
    ['singers no older than 30', 'SELECT name FROM singer WHERE age < 31'],
    ['zips that were never above 70', 'SELECT zip FROM w EXCEPT SELECT zip FROM w WHERE t <= 70'],
    ['over 5 and under 9', 'SELECT * FROM s WHERE x > 5 AND x < 9'],
    ['under 9 or over 9', 'SELECT * FROM s WHERE x <> 9'],
  ])('in one way or another: %s, by %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    ['singers who are from New York', 'SELECT name FROM singer', 'New York'],
    ["what did the singer Ann Bell's rival sing?", "SELECT song FROM s WHERE x = 'opera'", 'Ann Bell'],
  ])('that the SQL leaves out: %s', async (question, sql, said) => {
    expect(await leftOut(question, sql)).toEqual([said]);
  });

  it.each([
    ['singers who are from New York', "SELECT name FROM singer WHERE city = 'new york'"],
    ['singers who are from New York', "SELECT name FROM singer WHERE city = 'NY'"],
    ['the flights from Chicago (ORD) to Lima (LIM)', "SELECT id FROM f WHERE a = 'ORD' AND b = 'LIM'"],
    ['the sales of May and June', 'SELECT * FROM s'],
    ['singers who are French or Dutch', "SELECT name FROM singer WHERE country = 'France'"],
    ['what is in the Opera House?', 'SELECT * FROM s'],
    ['convert the times from UNIX to days', 'SELECT to_timestamp(t) FROM s'],
    ['count the TOTAL of the songs', 'SELECT * FROM s'],
    ['Zeige alle Kunden mit der Adresse und dem Ort', 'SELECT * FROM s'],
    ['List The Names Of All The Singers', 'SELECT name FROM s'],
    ['What is on? And Who sings?', 'SELECT * FROM s'],
  ])('that are there in another way, or are none: %s', async (question, sql) => {
    expect(await leftOut(question, sql)).toEqual([]);
  });
});

const columnOf = (name: string): Column => ({
  name,
  type: 'text',
  nullable: true,
  default: null,
  identity: false,
  generated: null,
  comment: null,
  values: null,
});
const workers: Table = {
  schema: 'main',
  name: 'workers',
  kind: 'table',
  comment: null,
  rowEstimate: null,
  columns: ['name', 'role', 'hired_on', 'salary', 'worker'].map(columnOf),
  primaryKey: [],
  uniqueKeys: [],
  foreignKeys: [],
  checks: [],
  traits: [],
};
describe('orders', () => {
  const orderOf = async (question: string, sql: string): Promise<string | null> => {
    const tree = await readSql(sql, dialectOf('sqlite'));
    const schema: Schema = {
      dialect: { engine: 'sqlite', product: 'SQLite', version: '3' },
      database: 'd',
      searchPath: ['main'],
      tables: [workers],
    };
    const scopes = scopesOf(tree?.root ?? {}, schema);
    return lostOrder(question, scopes)?.said ?? otherOrder(question, scopes);
  };

  it.each([
    ['names ordered by salary', 'SELECT name FROM workers', 'ordered by'],
    ['names in alphabetical order', 'SELECT name FROM workers', 'in alphabetical order'],
    ['names by salary, descending', 'SELECT name FROM workers ORDER BY salary', 'descending'],
    [
      'names from the lowest to the highest',
      'SELECT name FROM workers ORDER BY salary DESC',
      'lowest to the highest',
    ],
    ['names, lowest to highest salary', 'SELECT name FROM workers ORDER BY salary DESC', 'lowest to highest'],
    ['names sorted by salary', 'SELECT name FROM workers ORDER BY hired_on', 'salary'],
    ["names sorted by the workers' salary", 'SELECT name FROM workers ORDER BY hired_on', 'salary'],
    ['names sorted by worker salary', 'SELECT name FROM workers ORDER BY hired_on', 'salary'],
    ['Namen, sortiert nach Lohn', 'SELECT name FROM workers', 'sortiert nach'],
  ])('that the SQL has otherwise: %s, by %s', async (question, sql, said) => {
    expect(await orderOf(question, sql)).toBe(said);
  });

  it.each([
    ['names ordered by salary', 'SELECT name FROM workers ORDER BY salary'],
    ['names by salary, descending', 'SELECT name FROM workers ORDER BY salary DESC'],
    ['names by salary descending and role ascending', 'SELECT name FROM workers ORDER BY salary'],
    ['the orders made by Ann', 'SELECT name FROM workers'],
    ['names sorted by number of roles', 'SELECT name FROM workers GROUP BY name ORDER BY COUNT(*)'],
    ['how many are ordered by Ann?', 'SELECT COUNT(*) FROM workers'],
    ['names sorted by pay', 'SELECT name FROM workers ORDER BY hired_on'],
    ["names ordered by the roles' pay", 'SELECT name FROM workers ORDER BY hired_on'],
    ['names ordered by worker hired date', 'SELECT name FROM workers ORDER BY hired_on'],
    ['names sorted by salary', 'SELECT name, salary AS s FROM workers ORDER BY s'],
    ['names sorted by salary', 'SELECT name, salary FROM workers ORDER BY 2'],
  ])('that the SQL has: %s, by %s', async (question, sql) => {
    expect(await orderOf(question, sql)).toBe(null);
  });
});

describe('columns', () => {
  const lost = async (question: string, sql: string): Promise<readonly string[]> => {
    const tree = await readSql(sql, dialectOf('sqlite'));
    return lostColumns(question, readMentions(tree?.root ?? {}), [workers]);
  };

  it.each([
    ['What are the names and roles of all workers?', 'SELECT name FROM workers', 'role'],
    ['Show the role of those hired in May', 'SELECT name FROM workers', 'role'],
    ['list each salary, the role and name', 'SELECT name, salary FROM workers', 'role'],
  ])('that are asked for and not read: %s', async (question, sql, column) => {
    expect(await lost(question, sql)).toEqual([column]);
  });

  it.each([
    ['What are the names and roles of all workers?', 'SELECT name, role FROM workers'],
    ['What are the roles of all workers?', 'SELECT role_id FROM workers'],
    ['What is the name of the role?', 'SELECT hired_on FROM workers'],
    ['Show the workers', 'SELECT name FROM workers'],
    ['How many roles are there?', 'SELECT COUNT(*) FROM workers'],
    ['Who has no role?', 'SELECT name FROM workers'],
  ])('that are there in another way, or are none: %s', async (question, sql) => {
    expect(await lost(question, sql)).toEqual([]);
  });
});

const script = [
  'CREATE TABLE member (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, joined INTEGER NOT NULL)',
  "INSERT INTO member VALUES (1, 'Ana', 1940), (2, 'Bo', 1950), (3, 'Cy', 1960)",
];

describeDoubts('leftout', script, ({ doubtsOf }) => {
  const sql = 'SELECT name FROM member WHERE joined > 1955';
  const question = 'who joined before 1945 or after 1955';

  it('is said of what a model wrote', async () => {
    expect(await doubtsOf(sql, { question, isByModel: true })).toEqual([
      {
        kind: 'left-out',
        sentence: 'The question says 1945, and the SQL does not use it.',
        evidence: { said: '1945' },
        mendedSql: null,
      },
    ]);
  });

  it('is not said of what reads every word itself', async () => {
    expect(await doubtsOf(sql, { question })).toEqual([]);
  });
});
