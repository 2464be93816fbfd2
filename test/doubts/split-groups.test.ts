import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const rows = [
  ...Array.from({ length: 5 }, () => ['Berlin', 'canceled']),
  ...Array.from({ length: 3 }, () => ['berlin', 'cancelled']),
  ...Array.from({ length: 2 }, () => [' Berlin', 'open']),
  ...Array.from({ length: 4 }, () => ['Paris', 'open']),
];
const script = [
  'CREATE TABLE trip (id INTEGER PRIMARY KEY, city VARCHAR(20), state VARCHAR(20), km INTEGER)',
  `INSERT INTO trip VALUES ${rows.map(([city, state], index) => `(${index + 1}, '${city}', '${state}', ${index})`).join(', ')}`,
  'CREATE TABLE place (name VARCHAR(20) PRIMARY KEY, big INTEGER)',
  "INSERT INTO place VALUES ('Rome', 1), ('ROME', 0)",
];

describeDoubts('groups', script, ({ doubtsOf, rowsOf }) => {
  const splitsOf = async (sql: string) => (await doubtsOf(sql)).filter(({ kind }) => kind === 'split-groups');

  it.each([
    ['SELECT city, COUNT(*) AS n FROM trip GROUP BY city ORDER BY n DESC', [['10'], ['4']]],
    ['SELECT t.city, SUM(t.km) FROM trip t WHERE t.id > 0 GROUP BY 1 ORDER BY t.city', [['45'], ['46']]],
    ['SELECT COUNT(DISTINCT city) FROM trip', [['2']]],
  ])('spellings that make groups of their own are counted, and joined: %s', async (sql, numbers) => {
    const [doubt] = await splitsOf(sql);
    expect(doubt).toMatchObject({ evidence: { column: 'trip.city', groups: 4, different: 2 } });
    expect(doubt?.sentence).toContain(
      "'Berlin' (5), 'berlin' (3), ' Berlin' (2); 4 in all, of which 2 are different",
    );
    expect((await rowsOf(doubt?.mendedSql)).map((row) => row.slice(-1))).toEqual(numbers);
  });

  it('spellings that are shown as different ones', async () => {
    const [doubt] = await splitsOf('SELECT DISTINCT city FROM trip');
    expect(doubt?.sentence).toContain('which are shown as different ones');
    expect(await rowsOf(doubt?.mendedSql)).toHaveLength(2);
  });

  it('words that are spelt otherwise in another country, by their names', async () => {
    const sql = 'SELECT state, COUNT(*) AS n FROM trip GROUP BY state ORDER BY n, state';
    const [doubt] = await splitsOf(sql);
    expect(doubt).toMatchObject({ evidence: { values: ['canceled', 'cancelled'] } });
    expect(await rowsOf(doubt?.mendedSql)).toEqual([
      ['open', '6'],
      ['canceled', '8'],
    ]);
    // Groups that the answer leaves out in either spelling make no other answer.
    expect(await splitsOf('SELECT city FROM trip GROUP BY city HAVING COUNT(*) > 100')).toEqual([]);
  });

  it.each([
    'SELECT id, city, COUNT(*) FROM trip GROUP BY id, city',
    'SELECT name, SUM(big) FROM place GROUP BY name',
    "SELECT city, COUNT(*) FROM trip WHERE city IN ('Berlin', 'Paris') GROUP BY city",
    'SELECT LOWER(TRIM(city)), COUNT(*) FROM trip GROUP BY LOWER(TRIM(city))',
    'SELECT COUNT(*) FROM trip WHERE city IN (SELECT DISTINCT city FROM trip)',
  ])('none where something else tells them apart: %s', async (sql) => {
    expect(await splitsOf(sql)).toEqual([]);
  });
});
