import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const statuses = [
  ...Array.from({ length: 12 }, () => 'canceled'),
  ...Array.from({ length: 5 }, () => 'cancelled'),
  'Canceled',
  'canceled ',
  ...Array.from({ length: 20 }, () => 'delivered'),
  'deliverd',
  ...Array.from({ length: 4 }, () => 'in transit'),
];
const cities = [
  'München',
  'Munchen',
  'Muenchen',
  'Paris',
  'paris',
  'Berlin',
  'North',
  'South',
  'Model A',
  'Model B',
];
const script = [
  'CREATE TABLE deal (id INTEGER PRIMARY KEY, status VARCHAR(20) NOT NULL, city VARCHAR(20))',
  `INSERT INTO deal VALUES ${statuses.map((status, index) => `(${index + 1}, '${status}', '${cities[index % cities.length]}')`).join(', ')}`,
  'CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)',
  "INSERT INTO person VALUES (1, 'Johnson'), (2, 'Jonsson'), (3, 'Phillip'), (4, 'Philip')",
];

describeDoubts('spellings', script, ({ name, doubtsOf, rowsOf }) => {
  const spellingsOf = async (sql: string) =>
    (await doubtsOf(sql)).filter(({ kind }) => kind === 'other-spellings');

  it('of a value that is compared are counted, and taken in', async () => {
    const [doubt] = await spellingsOf("SELECT COUNT(*) FROM deal WHERE status = 'canceled'");
    // What the engine's own comparison takes for the same is left out by nothing: blanks at the end, on this one.
    const rows = name === 'mysql' ? 6 : 7;
    expect(doubt).toMatchObject({ evidence: { column: 'deal.status', rows } });
    expect(doubt?.sentence).toMatch(/^[67] rows more of deal have status spelt as 'cancelled' \(5\), /u);
    expect(await rowsOf(doubt?.mendedSql)).toEqual([['19']]);
  });

  it.each([
    ["status IN ('canceled', 'delivered')", '40'],
    ["NOT (status = 'canceled')", '25'],
    ["status <> 'canceled'", '25'],
    ["status NOT IN ('canceled', 'in transit')", '21'],
    ["status LIKE 'delivered'", '21'],
    ["city = 'München'", '15'],
    ["city = 'paris'", '9'],
  ])('of a value in %s', async (condition, count) => {
    const [doubt] = await spellingsOf(`SELECT COUNT(*) FROM deal WHERE ${condition}`);
    expect(await rowsOf(doubt?.mendedSql)).toEqual([[count]]);
  });

  it('of a value in a CASE, a HAVING, a join and a subquery', async () => {
    for (const sql of [
      "SELECT SUM(CASE WHEN status = 'canceled' THEN 1 ELSE 0 END) FROM deal",
      "SELECT SUM(n) FROM (SELECT status, COUNT(*) AS n FROM deal GROUP BY status HAVING status = 'canceled') AS x",
      "SELECT COUNT(*) FROM person p JOIN deal d ON d.id > p.id AND d.status = 'canceled'",
      "WITH c AS (SELECT status AS s FROM deal) SELECT COUNT(*) FROM c WHERE s = 'canceled'",
      "SELECT COUNT(*) FROM deal WHERE LOWER(status) = 'canceled'",
    ]) {
      expect((await spellingsOf(sql)).length, sql).toBe(1);
    }
  });

  it.each([
    "status IN ('canceled', 'cancelled', 'Canceled', 'canceled ')",
    "status = 'in transit'",
    "city = 'North'",
    "city = 'Model A'",
    "city = 'Berlin'",
  ])('are none of %s', async (condition) => {
    expect(await spellingsOf(`SELECT COUNT(*) FROM deal WHERE ${condition}`)).toEqual([]);
  });

  it('are no people of nearly the same name', async () => {
    expect(await spellingsOf("SELECT id FROM person WHERE name IN ('Johnson', 'Philip')")).toEqual([]);
  });

  it('are told apart by a CASE on purpose', async () => {
    const sql =
      "SELECT COUNT(CASE WHEN city = 'Paris' THEN 1 END), COUNT(CASE WHEN city = 'paris' THEN 1 END) FROM deal";
    expect(await spellingsOf(sql)).toEqual([]);
  });

  if (name === 'postgres') {
    it('of a value in a FILTER', async () => {
      const [doubt] = await spellingsOf("SELECT COUNT(*) FILTER (WHERE status = 'canceled') FROM deal");
      expect(await rowsOf(doubt?.mendedSql)).toEqual([['19']]);
    });
  }
});
