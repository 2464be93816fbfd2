import { expect, it } from 'vitest';
import { overLast } from '../../src/repl/commands/last.ts';

it.each([
  ['', 'SELECT * FROM last'],
  ['WHERE a > 1 ORDER BY b;', 'SELECT * FROM last WHERE a > 1 ORDER BY b'],
  ['limit 3', 'SELECT * FROM last limit 3'],
  ['group by country', 'SELECT country, count(*) AS rows FROM last group by country'],
  [
    'GROUP BY a, b HAVING count(*) > 1 ORDER BY 1',
    'SELECT a, b, count(*) AS rows FROM last GROUP BY a, b HAVING count(*) > 1 ORDER BY 1',
  ],
  ['SELECT sum(a) FROM last', 'SELECT sum(a) FROM last'],
])('.last %s is %s', (text, sql) => expect(overLast(text)).toBe(sql));
