import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const months = ['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30'];
const script = [
  'CREATE TABLE account (id INTEGER PRIMARY KEY, owner VARCHAR(20) NOT NULL, customer_id INTEGER NOT NULL, balance INTEGER NOT NULL, day DATE NOT NULL)',
  // Each opened on a day of its own.
  `INSERT INTO account VALUES ${Array.from({ length: 12 }, (_, n) => `(${n + 1}, 'o${n}', ${(n % 4) + 1}, ${n * 10}, '2024-01-${String(n + 10)}')`).join(', ')}`,
  'CREATE TABLE month_end (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id), day DATE NOT NULL, balance INTEGER NOT NULL, paid INTEGER NOT NULL)',
  `INSERT INTO month_end VALUES ${months.flatMap((day, m) => [1, 2, 3].map((account) => `(${m * 3 + account}, ${account}, '${day}', ${account * 100 + m}, ${m})`)).join(', ')}`,
  'CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(30) NOT NULL)',
  "INSERT INTO person VALUES (1, 'Jörg Müller'), (2, 'JÖRG Maier'), (3, 'jorg Lee'), (4, 'Bjorg Ek'), (5, 'Über Ann'), (6, 'Ann')",
];

describeDoubts('chosen', script, ({ doubtsOf, rowsOf }) => {
  const kinds = async (...asked: Parameters<typeof doubtsOf>) =>
    (await doubtsOf(...asked)).map(({ kind }) => kind);
  const byModel = (question: string) => ({ question, isByModel: true });

  it('doubts a LIMIT without an order where the question wants the first', async () => {
    const sql = 'SELECT owner FROM account LIMIT 3';
    const [doubt, ...others] = await doubtsOf(sql, byModel('the top 3 owners'));
    expect(others).toEqual([]);
    expect(doubt).toMatchObject({
      kind: 'no-order',
      sentence: 'There are 12 rows in no order: which 3 are shown is chance.',
      evidence: { shown: 3, rows: 12 },
      mendedSql: null,
    });
  });

  it('doubts a LIMIT that the question does not say, and offers all rows', async () => {
    const [doubt] = await doubtsOf('SELECT owner FROM account LIMIT 3', byModel('who are the owners?'));
    expect(doubt).toMatchObject({ kind: 'no-order', sentence: expect.stringContaining('12 rows') });
    expect(await rowsOf(doubt?.mendedSql)).toHaveLength(12);
  });

  it.each([
    ['SELECT owner FROM account LIMIT 3', 'show three owners'],
    ['SELECT owner FROM account LIMIT 3', 'show 3 owners'],
    ['SELECT owner FROM account LIMIT 5', 'show some owners'],
    ['SELECT owner FROM account LIMIT 12', 'the top owners'],
    ['SELECT owner FROM account ORDER BY id LIMIT 3', 'the first owners'],
    ['SELECT count(*) FROM account LIMIT 1', 'what are most of the rows?'],
  ])('leaves %s alone for "%s"', async (sql, question) => {
    expect(await kinds(sql, byModel(question))).not.toContain('no-order');
  });

  it('leaves a LIMIT alone that somebody has written by hand', async () => {
    expect(await kinds('SELECT owner FROM account LIMIT 3')).toEqual([]);
  });

  it('doubts a sum of levels over the moments at which they were taken', async () => {
    const [doubt, ...others] = await doubtsOf('SELECT SUM(balance) FROM month_end');
    expect(others).toEqual([]);
    expect(doubt).toMatchObject({
      kind: 'summed-levels',
      sentence:
        'month_end.balance is a level at each day, of which there are 4: the sum adds the same thing up once for each.',
    });
    expect(await rowsOf(doubt?.mendedSql)).toEqual([['609']]);
  });

  it('takes the last moment of those that the statement reads', async () => {
    const doubts = await doubtsOf(
      "SELECT account_id, SUM(balance) FROM month_end WHERE day < '2025-03-01' AND day >= '2025-01-01' GROUP BY account_id",
    );
    const doubt = doubts.find(({ kind }) => kind === 'summed-levels');
    expect((await rowsOf(doubt?.mendedSql)).toSorted()).toEqual([
      ['1', '101'],
      ['2', '201'],
      ['3', '301'],
    ]);
  });

  it.each([
    // What is paid adds up over time.
    'SELECT SUM(paid) FROM month_end',
    'SELECT AVG(balance) FROM month_end',
    'SELECT day, SUM(balance) FROM month_end GROUP BY day',
    "SELECT SUM(balance) FROM month_end WHERE day = '2025-03-31'",
    'SELECT SUM(balance) FROM month_end WHERE day = (SELECT MAX(day) FROM month_end)',
    // These are accounts, and no moments of one.
    'SELECT SUM(balance) FROM account',
  ])('finds no levels added up in %s', async (sql) => {
    expect(await kinds(sql)).not.toContain('summed-levels');
  });

  it('doubts a pattern that leaves out what differs from it in case or accents alone', async () => {
    const doubts = await doubtsOf("SELECT id FROM person WHERE name LIKE '%jorg%'");
    const doubt = doubts.find(({ kind }) => kind === 'other-spellings');
    expect(doubt?.sentence).toMatch(
      /^LIKE '%jorg%' leaves out 2 rows of person that differ from it in case or accents alone: '.+', '.+'\.$/u,
    );
    expect((await rowsOf(doubt?.mendedSql)).flat().toSorted()).toEqual(['1', '2', '3', '4']);
  });

  it.each([
    "SELECT id FROM person WHERE name LIKE 'Ann%'",
    "SELECT id FROM person WHERE name LIKE '%Lee'",
    // Within a word, other letters are another word.
    "SELECT id FROM person WHERE name LIKE '%nn%'",
    "SELECT id FROM person WHERE name NOT LIKE '%jorg%'",
  ])('finds none left out by %s', async (sql) => {
    expect(await kinds(sql)).not.toContain('other-spellings');
  });
});
