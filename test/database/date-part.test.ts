import { afterAll, describe, expect, inject, it } from 'vitest';
import type { DatePart } from '../../src/database/dialect.ts';
import { dialectOf, type Engine } from '../../src/database/engines.ts';
import { createDuckdb } from '../support/duckdb-engine.ts';
import { runProgram } from '../support/program.ts';

/** A Sunday whose ISO week belongs to the year before. */
const day = '2021-01-03';
const expected: Readonly<Record<DatePart, string>> = {
  year: '2021',
  quarter: '2021-Q1',
  month: '2021-01',
  week: '2020-W53',
  day,
  weekday: 'Sunday',
  'weekday number': '0',
};
const parts: readonly DatePart[] = ['year', 'quarter', 'month', 'week', 'day', 'weekday', 'weekday number'];

const duckdb = await createDuckdb([]);
afterAll(() => duckdb.destroy());

function databaseOf(engine: Engine): string | null {
  if (engine === 'sqlite') {
    return 'sample';
  }
  if (engine === 'duckdb') {
    return duckdb.path;
  }
  if (engine === 'postgres') {
    return inject('postgresUrl');
  }
  const url = inject('mariadbUrl');
  return url === null ? null : Object.assign(new URL(url), { pathname: 'mysql' }).href;
}

describe.each<Engine>(['sqlite', 'duckdb', 'postgres', 'mysql'])('parts of a date on %s', (engine) => {
  const database = databaseOf(engine);
  it.skipIf(database === null)('are the same text', async () => {
    const date = engine === 'sqlite' ? `'${day}'` : `CAST('${day}' AS date)`;
    const list = parts.map((part) => dialectOf(engine).writeDatePart(part, 'd')).join(', ');
    const sql = `SELECT ${list} FROM (SELECT ${date} AS d) AS t`;
    const { stdout, stderr } = await runProgram(['run', '--db', database ?? '', '--format', 'json', sql]);
    expect(stderr).not.toContain('sqlq:');
    const [row = {}] = JSON.parse(stdout);
    expect(Object.values(row).map(String)).toEqual(parts.map((part) => expected[part]));
  });

  it.skipIf(database === null)('are told of days that are kept as text or as numbers', async () => {
    const { writeDatePart, writeStoredDate, writeWeekdayNumber } = dialectOf(engine);
    const kept = [
      ['day first', "'03.01.2021'"],
      ['day first, slashes', "'03/01/2021'"],
      ['month first, slashes', "'01/03/2021'"],
      ['digits', "'20210103'"],
      ['seconds', '1609632000'],
      ['milliseconds', '1609632000000'],
    ] as const;
    const list = kept.map(
      ([form, value], at) => `${writeDatePart('day', writeStoredDate(form, value))} AS c${at}`,
    );
    const sunday = `${writeDatePart('weekday number', engine === 'sqlite' ? `'${day}'` : `CAST('${day}' AS date)`)} = ${writeWeekdayNumber(0)}`;
    const sql = `SELECT ${list.join(', ')} WHERE ${sunday}`.replace(
      ' WHERE',
      ' FROM (SELECT 1 AS one) AS t WHERE',
    );
    const { stdout, stderr } = await runProgram(['run', '--db', database ?? '', '--format', 'json', sql]);
    expect(stderr).not.toContain('sqlq:');
    expect(JSON.parse(stdout)).toEqual([Object.fromEntries(kept.map((_, at) => [`c${at}`, day]))]);
  });
});
