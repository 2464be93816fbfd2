import { beforeAll, describe, expect, it } from 'vitest';
import { loadParser, type Parser } from '../../../src/database/postgres/guard/parser.ts';
import { findAll } from '../../../src/database/postgres/guard/walk/find.ts';

const times = (count: number, part: (index: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, index) => part(index)).join(separator);
const product = (count: number, factor: string) => `SELECT ${times(count, () => factor, ' * ')}`;

describe('what planning or one row may cost', () => {
  let parser: Parser;
  beforeAll(async () => {
    parser = await loadParser();
  });
  const refusals = (sql: string): readonly string[] => {
    const parsed = parser.parse(sql);
    if ('problem' in parsed) {
      throw new Error(parsed.problem);
    }
    return findAll(parsed.tag, parsed.body, 'rows').refusals;
  };

  it.each([
    [
      'joins',
      `SELECT 1 FROM t a0 ${times(300, (i) => `LEFT JOIN t a${i + 1} ON a${i + 1}.id = a${i}.id`, ' ')}`,
    ],
    ['windows', `SELECT ${times(600, (i) => `sum(a) OVER (PARTITION BY a + ${i})`)} FROM t`],
    [
      'named windows',
      `SELECT ${times(600, (i) => `sum(a) OVER (w ORDER BY a + ${i})`)} FROM t WINDOW w AS (PARTITION BY b)`,
    ],
    ['sorted aggregates', `SELECT ${times(300, (i) => `count(DISTINCT a + ${i})`)} FROM t`],
    ['a cube', `SELECT count(*) FROM t GROUP BY CUBE (${times(12, (i) => `a${i}`)})`],
    [
      'rollups that multiply',
      `SELECT count(*) FROM t GROUP BY ${times(4, (i) => `ROLLUP (a${i}, b${i}, c${i}, d${i}, e${i})`)}`,
    ],
    ['factorials', product(400, 'factorial(15000)')],
    ['one factorial', 'SELECT factorial(32177)'],
    ['powers', product(300, '(3::numeric ^ 130000)')],
    [
      'a power under another name',
      `SELECT ${times(300, () => 'x', ' * ')} FROM (SELECT 3::numeric ^ 130000 AS x) s`,
    ],
    ['VALUES', `SELECT ${times(200, () => 'v', ' * ')} FROM (VALUES (power(3::numeric, 130000))) q(v)`],
    [
      'an exponent from elsewhere',
      `WITH n AS (SELECT 130000 AS k) SELECT ${times(60, () => 'power(3::numeric, k)', ' * ')} FROM n`,
    ],
    [
      'squares of squares',
      `WITH ${times(18, (i) => (i === 0 ? 'a0 AS (SELECT 7.7 AS x)' : `a${i} AS (SELECT x * x AS x FROM a${i - 1})`))} SELECT ${times(200, () => 'x', ' * ')} FROM a17`,
    ],
    [
      'recursion',
      `WITH RECURSIVE r(n, x) AS (SELECT 1, 7.7 UNION ALL SELECT n + 1, x * x FROM r WHERE n < 18) SELECT ${times(200, () => 'x', ' * ')} FROM r`,
    ],
    ['digits written out', product(400, '9'.repeat(300))],
    ['digits in a text', product(4, "repeat('7', 130000)::numeric")],
    ['exponentials', product(50, 'exp(200000::numeric)')],
    ['a text of a gigabyte', "SELECT md5(repeat('x', 1000000000))"],
    ['a repetition repeated', "SELECT repeat(repeat('x', 10000), 100000)"],
    ['a length from elsewhere', "SELECT repeat('x', n) FROM (SELECT 1000000000 AS n) s"],
    ['a product of a length', "SELECT repeat('x', n * n) FROM (SELECT 30000 AS n) s"],
    [
      'a product two deep',
      "SELECT repeat('x', m) FROM (SELECT n * 1000 AS m FROM (SELECT 1000000 AS n) a) b",
    ],
    ['a product renamed', "SELECT lpad('x', m * m) FROM (VALUES (30000)) v(m)"],
    [
      'a product in WITH',
      "WITH a(n) AS (SELECT 30000), b AS (SELECT n * n AS m FROM a) SELECT repeat('x', m::int) FROM b",
    ],
    ['a product of a scalar query', "SELECT repeat('x', (SELECT 30000) * (SELECT 30000))"],
    ['a squared length', "SELECT repeat('x', (n ^ 2)::int) FROM (SELECT 30000 AS n) s"],
    ['a shifted length', "SELECT repeat('x', n << 20) FROM (SELECT 1000 AS n) s"],
    [
      'a length by recursion',
      "WITH RECURSIVE r(n) AS (SELECT 2 UNION ALL SELECT n * n FROM r WHERE n < 60000) SELECT repeat('x', n) FROM r",
    ],
    ['padding', "SELECT lpad('x', 1000000000)"],
    ['a format', "SELECT format('%1000000000s', 'x')"],
    ['many long texts', `SELECT ${times(50, () => "md5(repeat('x', 2000000))")}`],
  ])('refuses %s', (_what, sql) => {
    expect(refusals(sql)).toEqual([expect.stringMatching(/may not end|makes texts/)]);
  });

  it.each([
    "WITH r AS (SELECT country, sum(price * quantity) AS revenue, count(*) AS n FROM orders GROUP BY country) SELECT country, repeat('#', (revenue * 40 / max(revenue) OVER ())::int), repeat('*', n::int) FROM r",
    "WITH RECURSIVE t(id, depth) AS (SELECT id, 0 FROM node WHERE parent IS NULL UNION ALL SELECT c.id, depth + 1 FROM node c JOIN t ON t.id = c.parent) SELECT repeat('  ', depth * 2) || id FROM t",
    "SELECT lpad((a * b)::text, 12, '0') FROM (SELECT price * 100 AS a, quantity AS b FROM orders WHERE id > 100000) s",
    'SELECT principal * power(1 + rate / 12, months) * rate / (power(1 + rate / 12, months) - 1) FROM loans',
    'SELECT exp(sum(ln(x))), 10 ^ 6, 2 ^ 10, x ^ 2, factorial(10) FROM t GROUP BY x',
    "SELECT repeat('#', (n / 100)::int), lpad(n::text, 12, '0') FROM t WHERE year > 2023",
    'WITH a AS (SELECT x * y AS z FROM t), b AS (SELECT z * w AS v FROM a), c AS (SELECT v * q AS u FROM b) SELECT sum(u * u) FROM c',
    'SELECT round(100.0 * sum(a) / nullif(sum(b), 0), 2), count(*) * 1000000000 * price FROM t GROUP BY price',
    `SELECT ${times(40, (i) => `sum(a${i} * b${i}) / nullif(sum(c${i}), 0)`)} FROM t`,
    `SELECT ${times(60, (i) => `sum(a${i}) OVER (ORDER BY at)`)} FROM t`,
    `SELECT 1 FROM t a0 ${times(40, (i) => `LEFT JOIN t a${i + 1} ON a${i + 1}.id = a0.id`, ' ')}`,
    `SELECT * FROM t WHERE id IN (${times(2000, (i) => String(i * 1_000_000))})`,
    'SELECT count(*) FROM t GROUP BY ROLLUP (year, quarter, month), CUBE (country, product, channel)',
    product(500, '9999'),
  ])('admits %j', (sql) => {
    expect(refusals(sql)).toEqual([]);
  });
});
