import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { describeDoubts } from '../support/doubted-database.ts';

/** Sales of whole numbers, with a version that is always the same. */
const script = [
  'CREATE TABLE sale (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL, units INTEGER NOT NULL, amount INTEGER NOT NULL, version INTEGER NOT NULL, day DATE NOT NULL)',
  `INSERT INTO sale VALUES ${Array.from({ length: 40 }, (_, index) => `(${index + 1}, ${(index % 3) + 1}, ${(index % 4) + 1}, ${(index + 1) * 10}, 3, '2024-0${(index % 9) + 1}-15')`).join(', ')}`,
];

describeDoubts('numbers', script, ({ name, doubtsOf, rowsOf }) => {
  const kindsOf = async (sql: string) => (await doubtsOf(sql)).map(({ kind }) => kind);
  const dropped = dialectOf(name).dropsFractions ? ['integer-quotient'] : [];

  it.each([
    'SELECT (SELECT COUNT(*) FROM sale WHERE shop = 1) / (SELECT COUNT(*) FROM sale)',
    'SELECT 100 * SUM(CASE WHEN shop = 2 THEN 1 ELSE 0 END) / COUNT(*) FROM sale',
    'SELECT few.n / total.n FROM (SELECT COUNT(*) AS n FROM sale WHERE shop = 1) AS few, (SELECT COUNT(*) AS n FROM sale) AS total',
    'WITH few AS (SELECT COUNT(*) AS n FROM sale WHERE shop = 1), total AS (SELECT COUNT(*) AS n FROM sale) SELECT few.n / total.n FROM few, total',
    'SELECT COALESCE(units, 0) / 2 FROM sale',
    'SELECT COUNT(*) FROM sale WHERE units / amount >= 0',
    'SELECT shop FROM sale GROUP BY shop HAVING SUM(units) / COUNT(*) > 1',
  ])('a quotient of integers: %s', async (sql) => {
    expect(await kindsOf(sql)).toEqual(dropped);
  });

  it.each([
    'SELECT 1.0 * SUM(units) / COUNT(*) FROM sale',
    'SELECT amount / 5 FROM sale',
    'SELECT amount / 100 * 100 AS step, COUNT(*) FROM sale GROUP BY amount / 100 * 100',
    'SELECT AVG(units) / 2 FROM sale',
  ])('no quotient whose fraction is wanted, or is not there: %s', async (sql) => {
    expect(await kindsOf(sql)).toEqual([]);
  });

  it('no quotient where whole numbers are asked for', async () => {
    const sql = 'SELECT units / 3 FROM sale';
    expect(
      (await doubtsOf(sql, { question: 'units by three, as integer numbers' })).map(({ kind }) => kind),
    ).toEqual([]);
  });

  it('offers the quotient with its fraction', async () => {
    const [doubt] = await doubtsOf(
      'SELECT (SELECT COUNT(*) FROM sale WHERE shop = 1) / (SELECT COUNT(*) FROM sale)',
    );
    expect(doubt === undefined ? 0.35 : Number((await rowsOf(doubt.mendedSql))[0]?.[0])).toBeCloseTo(0.35);
  });

  it('groups that no HAVING lets pass, and what there is instead', async () => {
    const [doubt] = await doubtsOf('SELECT shop, COUNT(*) FROM sale GROUP BY shop HAVING COUNT(*) > 100');
    expect(doubt).toMatchObject({
      kind: 'no-rows',
      sentence: 'None of the 3 groups passes COUNT(*) > 100. COUNT(*) goes from 13 to 14.',
    });
    expect(await kindsOf('SELECT shop, COUNT(*) FROM sale GROUP BY shop HAVING COUNT(*) > 13')).toEqual([]);
  });

  it('a column of one value, where its mean or an end is taken or rows are grouped by it', async () => {
    for (const sql of [
      'SELECT AVG(version) FROM sale',
      'SELECT version, COUNT(*) FROM sale GROUP BY version',
    ]) {
      expect(await doubtsOf(sql), sql).toMatchObject([
        {
          kind: 'constant-column',
          sentence: 'sale.version has the same value, 3, in all 40 rows that have one.',
        },
      ]);
    }
    expect(await kindsOf('SELECT SUM(version) FROM sale')).toEqual([]);
    expect(await kindsOf('SELECT shop, AVG(units) FROM sale GROUP BY shop')).toEqual([]);
  });

  it('a tie at the cut of all columns', async () => {
    const [doubt] = await doubtsOf('SELECT * FROM sale ORDER BY units DESC LIMIT 3');
    expect(doubt).toMatchObject({ kind: 'tie', evidence: { tied: 7 } });
    expect(await rowsOf(doubt?.mendedSql)).toHaveLength(10);
    expect(await kindsOf('SELECT * FROM sale ORDER BY amount DESC LIMIT 3')).toEqual([]);
  });

  describe('a tie at the cut of numbered rows', () => {
    const best = (over: string, condition: string, columns = 'shop, units, id'): string =>
      `SELECT ${columns} FROM (SELECT sale.*, ROW_NUMBER() OVER (${over}) AS rn FROM sale) AS numbered WHERE ${condition}`;

    it('of all', async () => {
      const [doubt, ...others] = await doubtsOf(best('ORDER BY units DESC', 'rn <= 3'));
      expect(doubt).toMatchObject({
        kind: 'tie',
        sentence:
          '7 other rows have the same value (4) as the last one shown: which of them is shown is chance.',
      });
      expect(others).toEqual([]);
      expect(await rowsOf(doubt?.mendedSql)).toHaveLength(10);
    });

    it('of each group, in a CTE too', async () => {
      const sql =
        'WITH numbered AS (SELECT shop, id, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY units) AS rn FROM sale) SELECT shop, id FROM numbered WHERE rn = 1';
      const [doubt] = await doubtsOf(sql);
      expect(doubt).toMatchObject({
        kind: 'tie',
        sentence: expect.stringMatching(
          /^3 groups, such as [123], are cut between rows of the same place: which of them is shown is chance\.$/u,
        ),
      });
      expect((await rowsOf(doubt?.mendedSql)).length).toBeGreaterThan(3);
    });

    it.each([
      ['the order tells all apart', best('PARTITION BY shop ORDER BY units, id', 'rn < 3')],
      ['the rows read the same', best('ORDER BY units DESC', 'rn <= 3', 'units')],
      [
        'another condition leaves none of them',
        best('PARTITION BY shop ORDER BY units', 'rn = 1 AND id > 99'),
      ],
      ['they are counted', best('ORDER BY units DESC', 'rn <= 3', 'COUNT(*)')],
    ])('but not where %s', async (_why, sql) => {
      expect((await kindsOf(sql)).filter((kind) => kind === 'tie')).toEqual([]);
    });
  });

  it('a day of another form is no day that its month has not', async () => {
    if (name === 'postgres') {
      return;
    }
    const sentences = (await doubtsOf("SELECT COUNT(*) FROM sale WHERE day = '15.03.2024'")).map(
      ({ sentence }) => sentence,
    );
    expect(sentences.join(' ')).not.toMatch(/that month has|Near it: '2024-(?!03-15)/u);
    expect(sentences).toContainEqual(
      expect.stringMatching(/written otherwise|no date as this database reads them/u),
    );
  });
});
