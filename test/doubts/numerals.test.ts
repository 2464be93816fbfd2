import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const script = [
  'CREATE TABLE car (id INTEGER PRIMARY KEY, power VARCHAR(10), doors VARCHAR(10) NOT NULL)',
  "INSERT INTO car VALUES (1, '98', '2'), (2, '230', '4'), (3, 'null', '4'), (4, '45', '2'), (5, NULL, '5'), (6, '150', '3')",
];

describeDoubts('numerals', script, ({ doubtsOf, rowsOf }) => {
  const numeralsOf = async (sql: string) =>
    (await doubtsOf(sql)).filter(({ kind }) => kind === 'text-as-number');

  it.each([
    ['SELECT id FROM car WHERE id <> 5 ORDER BY power DESC LIMIT 1', '2'],
    ['SELECT id FROM car WHERE id <> 5 ORDER BY power LIMIT 1', '4'],
    ["SELECT COUNT(*) FROM car WHERE power > '100'", '2'],
    ["SELECT COUNT(*) FROM car WHERE power BETWEEN '50' AND '100'", '1'],
    ['SELECT COUNT(*) FROM car WHERE power > (SELECT MIN(power) FROM car)', '3'],
  ])('are ordered and compared as numbers, their placeholders as nothing: %s', async (sql, right) => {
    const [doubt] = await numeralsOf(sql);
    expect(doubt?.sentence).toContain("'98' comes after '230'");
    expect(await rowsOf(doubt?.mendedSql)).toEqual([[right]]);
  });

  it.each([
    'SELECT MAX(doors) FROM car',
    "SELECT COUNT(*) FROM car WHERE power >= '10' AND id = 2",
    'SELECT id FROM car WHERE id IN (2, 6) ORDER BY power',
  ])('are in no doubt where the answer is the same: %s', async (sql) => {
    expect(await numeralsOf(sql)).toEqual([]);
  });
});
