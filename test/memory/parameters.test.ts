import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { dialectOf } from '../../src/database/engines.ts';
import { boundValues, flagNames, parameterize } from '../../src/memory/parameters.ts';
import { makeSaved, parseSaved, writeSaved } from '../../src/memory/saved.ts';
import { schemaOf } from '../offline/schema.ts';

describe('literals become parameters', () => {
  it.each([
    ["d >= '2025-01-01' AND d < '2026-01-01'", 'd >= :year_from AND d < :year_until', 'year year 2025'],
    ["d BETWEEN '2025-03-01' AND '2025-03-31'", 'd BETWEEN :month_from AND :month_to', 'month month 2025-03'],
    [
      "d >= '2025-01-01' AND d < '2025-01-15'",
      'd >= :d_from AND d < :d_until',
      'd_from date 2025-01-01, d_until date 2025-01-15',
    ],
    ["d >= DATE '2025-01-02'", 'd >= CAST(:d_from AS date)', 'd_from date 2025-01-02'],
    ["strftime('%Y', d) = '2025'", "strftime('%Y', d) = :year", 'year text 2025'],
    ['EXTRACT(YEAR FROM d) = 2025', 'EXTRACT(YEAR FROM d) = :year', 'year integer 2025'],
    [
      "o.total > 10.5 AND o.name LIKE '%x%'",
      'o.total > :min_total AND o.name LIKE :name',
      'min_total number 10.5, name text %x%',
    ],
    ["a IN ('x', 'y') OR b = 'x'", 'a IN (:a, :a_2) OR b = :b', 'a text x, a_2 text y, b text x'],
    ["a = 'x' OR a = 'x'", 'a = :a OR a = :a', 'a text x'],
    [
      "schema = 'x' AND lower(city) = lower('Oslo')",
      'schema = :schema_value AND lower(city) = lower(:city)',
      'schema_value text x, city text Oslo',
    ],
    [
      "round(a, 2) = 1 AND d > date('now', '-7 days')",
      "round(a, 2) = :a AND d > date('now', '-7 days')",
      'a integer 1',
    ],
  ])('%s', (condition, written, described) => {
    const made = parameterize(`SELECT 1 FROM t WHERE ${condition}`, dialectOf('sqlite'));
    expect(made.sql).toBe(`SELECT 1 FROM t WHERE ${written}`);
    expect(
      made.parameters.map(({ name, type, default: value }) => `${name} ${type} ${value}`).join(', '),
    ).toBe(described);
  });

  it('stay as they are where the text can not be read for sure', () => {
    for (const sql of ["SELECT $x$it's$x$", "SELECT a FROM t WHERE a = E'\\''"]) {
      expect(parameterize(sql, dialectOf('postgres'))).toEqual({ sql, parameters: [] });
    }
  });

  it('never take the name of a flag', () => {
    const context: Parameters<typeof createProgram>[2] = JSON.parse('{}');
    const run = createProgram('0', ['run'], context).commands.find((command) => command.name() === 'run');
    const flags = run?.options.flatMap(({ long }) => long?.slice(2).replaceAll('-', '_') ?? []) ?? [];
    expect(flags.length).toBeGreaterThan(10);
    expect(flags.filter((name) => !flagNames.has(name))).toEqual([]);
  });
});

it('a period is bound as the days at which it begins and ends', () => {
  const month = boundValues(
    [{ name: 'month', type: 'month', default: null }],
    new Map([['month', '2024-02']]),
  );
  expect(month.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'month_from 2024-02-01',
    'month_until 2024-03-01',
    'month_to 2024-02-29',
  ]);
});

it('a file is read as it was written', () => {
  const schema = schemaOf(
    'sqlite',
    'orders: id integer, placed date, total decimal\ncustomers: id integer, name text',
  );
  const sql =
    "SELECT sum(total) FROM orders WHERE placed >= '2025-01-01' AND placed < '2026-01-01' AND id <> 5";
  const saved = makeSaved('What did we sell?\nIn one year.', sql, schema);
  expect(saved.reads.map(({ table }) => table)).toEqual(['orders']);
  expect(parseSaved(writeSaved(saved), 'a.sql')).toEqual(saved);
});
