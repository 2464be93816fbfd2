import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const script = [
  'CREATE TABLE buyer (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, city VARCHAR(20))',
  "INSERT INTO buyer VALUES (1, 'Ann', 'Rome'), (2, 'Bob', NULL), (3, 'Cy', 'Oslo'), (4, 'Di', 'Oslo')",
  'CREATE TABLE deal (id INTEGER PRIMARY KEY, buyer_id INTEGER NOT NULL REFERENCES buyer (id), state VARCHAR(10) NOT NULL, total INTEGER NOT NULL, rebate INTEGER, ordered DATE NOT NULL)',
  "INSERT INTO deal VALUES (1, 1, 'paid', 100, 5, '2024-01-01'), (2, 1, 'open', 40, NULL, '2024-02-01'), (3, 2, 'open', 90, NULL, '2024-03-01'), (4, 3, 'void', 40, 10, '2024-04-01'), (5, 1, 'paid', 10, 0, '2024-05-01')",
  'CREATE TABLE part (id INTEGER PRIMARY KEY, deal_id INTEGER NOT NULL REFERENCES deal (id))',
  'INSERT INTO part VALUES (1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5)',
];

describeDoubts('conditions', script, ({ doubtsOf, rowsOf }) => {
  it.each([
    ['SELECT COUNT(*) FROM buyer WHERE city = NULL', '1', 'city IS NULL.'],
    ['SELECT COUNT(*) FROM buyer WHERE city <> NULL', '3', 'city IS NOT NULL.'],
    ['SELECT COUNT(CASE WHEN b.city = NULL THEN 1 END) FROM buyer b', '1', 'is true for no row'],
    ["SELECT COUNT(*) FROM deal WHERE state NOT IN ('paid', NULL)", '3', 'differs from NULL.'],
    ['SELECT COUNT(*) FROM deal WHERE total BETWEEN 100 AND 40', '4', 'the greater bound comes first.'],
    [
      "SELECT COUNT(*) FROM deal WHERE ordered NOT BETWEEN '2024-04-01' AND '2024-02-01'",
      '2',
      'is true for every row',
    ],
  ])('that are the same for every row: %s', async (sql, count, words) => {
    const doubts = await doubtsOf(sql);
    expect(doubts.map(({ kind }) => kind)).toContain('never-true');
    expect(doubts.map(({ kind }) => kind)).not.toContain('no-rows');
    const doubt = doubts.find(({ kind }) => kind === 'never-true');
    expect(doubt?.sentence.replaceAll(/["`]/gu, '')).toContain(words);
    expect(await rowsOf(doubt?.mendedSql)).toEqual([[count]]);
  });

  it.each([
    ["state = 'paid' OR state = 'open' AND total > 50", '2'],
    ["total > 50 AND state = 'paid' OR state = 'open'", '2'],
    ["state = 'void' OR state = 'paid' OR state = 'open' AND total > 50", '2'],
  ])('that AND takes from OR: %s', async (condition, count) => {
    const sql = `SELECT COUNT(*) FROM deal WHERE ${condition}`;
    const doubt = (await doubtsOf(sql)).find(({ kind }) => kind === 'mixed-and-or');
    expect(doubt?.sentence).toMatch(/^AND binds before OR: .* reads as .*\(.* AND .*\).*, and not as \(/u);
    expect(await rowsOf(doubt?.mendedSql)).toEqual([[count]]);
  });

  it.each([
    "state = 'paid' OR (state = 'open' AND total > 50)",
    "(state = 'paid' OR state = 'open') AND total > 50",
    "total > 95 OR state = 'open' AND total > 50",
  ])('that say what they mean: %s', async (condition) => {
    expect(await doubtsOf(`SELECT COUNT(*) FROM deal WHERE ${condition}`)).toEqual([]);
  });

  it('that AND binds before OR are looked at so', async () => {
    // Read from left to right, no row passes.
    const sql = "SELECT COUNT(*) FROM deal WHERE state = 'paid' OR total > 500 AND state = 'void'";
    expect((await doubtsOf(sql)).filter(({ kind }) => kind === 'no-rows')).toEqual([]);
  });

  it('of sums of different values, which a join repeats all the same', async () => {
    const sql = 'SELECT SUM(DISTINCT d.total) FROM deal d JOIN part p ON p.deal_id = d.id';
    const [doubt] = await doubtsOf(sql);
    expect(doubt).toMatchObject({ kind: 'fan-out', evidence: { rows: 6, own: 5 } });
    // Two of the five have the same total.
    expect(await rowsOf(sql)).not.toEqual(await rowsOf(doubt?.mendedSql));
    expect(await rowsOf(doubt?.mendedSql)).toEqual([['280']]);
  });

  it('of sums over a subquery or a CTE whose join repeats them', async () => {
    const joined = 'SELECT d.id, d.total, d.state, p.id AS part FROM deal d JOIN part p ON p.deal_id = d.id';
    for (const sql of [
      `SELECT SUM(total) FROM (${joined}) AS j`,
      `WITH j AS (${joined}) SELECT SUM(total), COUNT(part) FROM j`,
      `SELECT state, AVG(total) FROM (${joined}) AS j GROUP BY state`,
    ]) {
      const [doubt] = await doubtsOf(sql);
      expect(doubt?.sentence, sql).toMatch(
        /^The join with part repeats the rows of deal: 6 are (?:summed|averaged) where there are 5/u,
      );
    }
    for (const sql of [
      `SELECT part, SUM(total) FROM (${joined}) AS j GROUP BY part`,
      `SELECT SUM(part) FROM (${joined}) AS j`,
    ]) {
      expect(await doubtsOf(sql), sql).toEqual([]);
    }
  });

  it('of a CASE of one column, unless it translates all that there may be', async () => {
    const [doubt] = await doubtsOf("SELECT SUM(CASE state WHEN 'Paid' THEN total ELSE 0 END) FROM deal");
    expect(doubt).toMatchObject({ kind: 'unknown-value' });
    expect(await rowsOf(doubt?.mendedSql)).toEqual([['110']]);
    const all = "CASE state WHEN 'open' THEN 1 WHEN 'paid' THEN 2 WHEN 'void' THEN 3 WHEN 'lost' THEN 4 END";
    expect(await doubtsOf(`SELECT id FROM deal ORDER BY ${all}, id`)).toEqual([]);
  });

  it('that leave no row of one side of a UNION, which the other side has', async () => {
    const sql = 'SELECT id FROM deal WHERE total > 500 UNION SELECT id FROM deal WHERE total < 50';
    expect(await doubtsOf(sql)).toEqual([]);
  });

  it('that a NULL in a sum makes', async () => {
    const [doubt] = await doubtsOf('SELECT SUM(total - rebate) FROM deal');
    expect(doubt).toMatchObject({ kind: 'null-left-out', evidence: { column: 'deal.rebate', nulls: 2 } });
    expect(await rowsOf(doubt?.mendedSql)).toEqual([['265']]);
    expect(await doubtsOf('SELECT SUM(total - COALESCE(rebate, 0)) FROM deal')).toEqual([]);
    expect(await doubtsOf('SELECT SUM(total * rebate) FROM deal')).toEqual([]);
  });

  it('that leave out the groups of an outer join', async () => {
    const sql =
      "SELECT b.name, COUNT(d.id) FROM buyer b LEFT JOIN deal d ON d.buyer_id = b.id WHERE d.state = 'paid' GROUP BY b.id, b.name ORDER BY b.name";
    const doubt = (await doubtsOf(sql)).find(({ kind }) => kind === 'outer-join');
    expect(doubt?.sentence).toContain(
      '3 rows that have no such deal are left out, in spite of the outer join.',
    );
    expect(await rowsOf(doubt?.mendedSql)).toEqual([
      ['Ann', '2'],
      ['Bob', '0'],
      ['Cy', '0'],
      ['Di', '0'],
    ]);
    const listed =
      "SELECT b.name, d.total FROM buyer b LEFT JOIN deal d ON d.buyer_id = b.id WHERE d.state = 'paid'";
    expect((await doubtsOf(listed)).filter(({ kind }) => kind === 'outer-join')).toEqual([]);
  });
});
