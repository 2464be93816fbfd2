import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row, Value } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { query } from '../../support/statements.ts';

const signal = new AbortController().signal;
const options = { access: 'read', timeoutMilliseconds: 5000, hide: [] } as const;
const column = (name: string, kind: ResultColumn['kind']): ResultColumn => ({ name, kind, type: '' });

async function ask(columns: readonly ResultColumn[], rows: readonly Row[], sql: string) {
  const database = await sqlite.open(
    { engine: 'sqlite', path: ':memory:', content: { columns, rows } },
    options,
    signal,
  );
  try {
    const result = await query(database, sql, { signal });
    const found: Row[] = [];
    for await (const batch of result.batches) {
      found.push(...batch);
    }
    return { columns: result.columns, rows: found };
  } finally {
    await database.close();
  }
}

describe('rows in memory', () => {
  const values: readonly (readonly [string, ResultColumn['kind'], readonly Value[]])[] = [
    ['whole numbers past 2^53', 'number', [9007199254740993n, -9223372036854775808n, null]],
    ['numerals past 64 bits', 'number', ['123456789012345678901234567890', '1']],
    ['decimals of one scale', 'number', ['12.50', '-0.05', '100.00']],
    ['decimals of many digits', 'number', ['0.12345678901234567890', '1.5']],
    ['decimals of several scales', 'number', ['12.5', '3.25']],
    ['floating-point numbers', 'real', [0.1, 5e-324, -0, 3]],
    ['truths', 'boolean', [true, false, null]],
    ['texts', 'text', ["it's", '', '007', '🎷', null]],
    ['JSON', 'json', ['{"a": 1}', '[]']],
    ['bytes', 'bytes', [new Uint8Array([0, 255]), null]],
  ];
  it.each(values)('come back as they came: %s', async (_name, kind, list) => {
    const rows = list.map((value) => [value]);
    const result = await ask([column('a', kind)], rows, 'SELECT a FROM last');
    const text = (value: Value | undefined): string =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
    expect(result.rows.map(([value]) => text(value))).toEqual(list.map(text));
    expect(result.columns[0]?.kind).toBe(kind);
  });

  it('sort and compare as numbers where they are numbers', async () => {
    const rows = [['9.50'], ['100.00'], ['20.00']];
    const { rows: sorted } = await ask(
      [column('a', 'number')],
      rows,
      'SELECT a FROM last WHERE a > 9.6 ORDER BY a',
    );
    expect(sorted).toEqual([['20.00'], ['100.00']]);
  });

  it('sort and compare as numbers where they have more digits than SQLite keeps, and come back whole', async () => {
    const rows = [
      '9.5000000000000000',
      '100.1666666666666667',
      '-20.3333333333333333',
      '12345678901234567890.5000000000000000',
      null,
    ].map((value) => [value]);
    const columns = [column('a', 'number')];
    const all = await ask(columns, rows, 'SELECT a FROM last WHERE a < 200 ORDER BY a DESC');
    expect(all.rows).toEqual([['100.1666666666666667'], ['9.5000000000000000'], ['-20.3333333333333333']]);
    expect((await ask(columns, rows, 'SELECT max(a) > 1e19, min(a) < -20 FROM last')).rows).toEqual([
      [1n, 1n],
    ]);
    const thirds = ['0.3333333333333333333', '0.6666666666666666667'].map((value) => [value]);
    expect((await ask(columns, thirds, 'SELECT sum(a), avg(a) FROM last')).rows).toEqual([[1, 0.5]]);
  });

  it.each([
    [['0.10', '0.20'], 'SELECT sum(a), avg(a) FROM last', [0.3, 0.15]],
    [['1.005', '-0.005', null], 'SELECT sum(a), count(a) FROM last', [1, 2n]],
    [['1', '2'], 'SELECT sum(a) + 9007199254740993 FROM last', [9007199254740996n]],
    [[null], 'SELECT sum(a), avg(a) FROM last', [null, null]],
    [
      ['0.1', '0.2', '0.3'],
      'SELECT sum(a) OVER (ORDER BY a ROWS 1 PRECEDING) FROM last ORDER BY 1 DESC LIMIT 1',
      [0.5],
    ],
  ])('add up decimals as decimals: %j', async (list, sql, expected) => {
    const { rows } = await ask(
      [column('a', 'number')],
      list.map((value) => [value]),
      sql,
    );
    expect(rows).toEqual([expected]);
  });

  it('have columns of different names', async () => {
    const { columns } = await ask(
      [column('a', 'text'), column('A', 'text'), column('', 'text')],
      [],
      'SELECT * FROM last',
    );
    expect(columns.map(({ name }) => name)).toEqual(['a', 'A_2', 'column3']);
  });

  it.each(["ATTACH 'x' AS y", 'DELETE FROM last', 'PRAGMA writable_schema = 1'])(
    'stay what they are: %s',
    async (sql) => {
      await expect(ask([column('a', 'text')], [['x']], sql)).rejects.toMatchObject({ code: 'refused' });
    },
  );
});
