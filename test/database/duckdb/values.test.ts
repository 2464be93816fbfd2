import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Instance } from '../../../src/database/duckdb/session.ts';
import { openInstance } from '../../../src/database/duckdb/session.ts';
import { columnsOf, readersOf } from '../../../src/database/duckdb/values.ts';

let instance: Instance;
let connection: Connection;
beforeAll(async () => {
  instance = await openInstance({
    path: ':memory:',
    access: 'READ_WRITE',
    fill: async ({ rows }) => {
      await rows("SET GLOBAL TimeZone = 'America/New_York'");
      return [];
    },
  });
  connection = await instance.connect();
});
afterAll(() => {
  connection?.close();
  instance?.close();
});

/** Each value of the first column as text and as JSON; null for NULL. */
async function cellsOf(sql: string): Promise<readonly ({ text: string; json: string } | null)[]> {
  const { driver } = connection;
  const result = await driver.query(connection.handle, sql);
  const columns = columnsOf(driver, result);
  const cells: ({ text: string; json: string } | null)[] = [];
  for (;;) {
    const chunk = await driver.fetch_chunk(result);
    if (chunk === null || driver.data_chunk_get_size(chunk) === 0) {
      return cells;
    }
    const [reader] = readersOf(connection, chunk, columns);
    for (let index = 0; index < driver.data_chunk_get_size(chunk); index += 1) {
      cells.push(
        reader === undefined || reader.isNull(index)
          ? null
          : { text: reader.text(index), json: reader.json(index) },
      );
    }
  }
}

/** What DuckDB itself writes for the same values. */
async function castsOf(expression: string, from: string): Promise<readonly (string | null)[]> {
  const rows = await connection.rows(`SELECT CAST(${expression} AS VARCHAR) FROM ${from}`);
  return rows.map(([text]) => (text === null || text === undefined ? null : String(text)));
}

const expressions = [
  "unnest([1e15, 1e16, 123456789012345678, 1e-4, 1e-5, 'nan', 'inf', '-inf', -0.0, 0, 5e-324, 1.7976931348623157e308, 1e22, 0.1, 100, -2.5]::DOUBLE[])",
  "unnest([0.1, 16777216, 33554432, 1e10, 3.4e38, 1e-45, 1.17549435e-38, 'nan', '-inf', 123456.789, 9999999, 0.3333333, 2.5, 1e-5, 8388609]::FLOAT[])",
  "unnest(['a,b', 'it''s', '', 'NULL', 'null', NULL, ' x ', '{', '\"', '\\', 'a b', E'tab\\t', E'x\\ny', '(1)', '[1]', 'a=b', 'a:b', 'a;b', '🦆', 'ſ'])",
  "['a,b', 'it''s', '', 'NULL', 'nUll', NULL, ' x ', '{', '\"', '\\', 'a b', E'tab\\t', E'x\\ny', E'\\nx', '(1)', '[1]', 'a=b', 'a:b', 'a;b', '🦆', 'nan', '1', 'true']",
  "{'a b': 1, 'c''d': 'x', 'E\"': NULL, 'back\\': '\\'}",
  "MAP {'k,': 1, 'NULL': 2, '': 3}",
  'MAP {1: 2.50, 3: NULL}',
  "MAP {[1, 2]: {'a': MAP {DATE '2020-01-01': 'x'}}}",
  '[1.50, 2]',
  "['nan'::FLOAT, 0.1]",
  "['inf'::DOUBLE, -0.0, 1e300]",
  "union_value(k := 'x y')",
  "[union_value(k := 'x, y')]",
  'union_value(k := [1, NULL])',
  "['\\x00\\xFF''\"\\x5Ca'::BLOB]",
  "'\\x00\\xFF''\"\\x5C abc~\\x7F'::BLOB",
  "['2020-01-01'::DATE, 'infinity', '-infinity']",
  "[INTERVAL 1 MONTH, INTERVAL '-1 day 2 hours', INTERVAL '1 year 2 months -3 days 04:05:06.789']",
  '[TRUE, NULL]',
  'ROW(1, 2)',
  "ROW('a', [ROW(NULL)])",
  "['01010'::BIT]",
  "'0'::BIT",
  '[1::BIGNUM, -1::BIGNUM, (-170141183460469231731687303715884105728)::BIGNUM * 1]',
  "['2938869f-a3b1-455a-a597-8ee50828a2b9'::UUID]",
  "unnest(['-1 day 2 hours'::INTERVAL, '1 month', '-13 months', '100:00:00', '-00:00:00.000001', '0 days', '1 day -1 second'])",
  "unnest(['00:00:00', '24:00:00', '12:00:00.5', '12:00:00.000001']::TIME[])",
  "unnest(['12:00:00+05:30', '12:00:00-15:59:59', '00:00:00.25+00']::TIMETZ[])",
  "unnest(['0001-01-01 (BC)', '0044-03-15 (BC)', '12345-01-01', '0999-12-31', '1600-02-29', '2000-02-29', 'infinity', '-infinity', '1969-12-31']::DATE[])",
  "unnest(['2024-01-01 00:00:00.120', '1969-12-31 23:59:59.999999', '0044-03-15 (BC) 00:00:00', 'infinity']::TIMESTAMP[])",
  "unnest(['2024-01-01 00:00:00.123456789', '1969-12-31 23:59:59.999999999', '-infinity']::TIMESTAMP_NS[])",
  "unnest(['2024-01-01 00:00:01', '1900-01-01 00:00:00', 'infinity']::TIMESTAMP_S[])",
  "unnest(['2024-01-01 00:00:01.5', '1900-01-01 00:00:00', 'infinity']::TIMESTAMP_MS[])",
  "unnest(['2024-01-01 12:00:00+00', '2024-07-01 12:00:00+00', '2024-03-10 06:59:59.999999+00', '2024-03-10 07:00:00+00', '1880-01-01 00:00:00+00', '2500-07-01 00:00:00+00', '0044-03-15 (BC) 00:00:00+00', 'infinity', '-infinity']::TIMESTAMPTZ[])",
  "['2024-07-01 12:00:00+00'::TIMESTAMPTZ]",
  "[TIME '12:00:00.5', TIME '12:00:00']",
  '[1]::INTEGER[1]',
  "[['a', NULL], NULL]::VARCHAR[2][2]",
  "[{'a': [1]}, NULL, {'a': NULL}]",
  '[\'{"a": [1, "x"]}\'::JSON, NULL]',
  "{'j': '[1, null]'::JSON}",
  '(-1)::HUGEINT * 170141183460469231731687303715884105727',
  '340282366920938463463374607431768211455::UHUGEINT',
  'unnest([0.01, -0.01, 99999999999999999999999999999999999.99, NULL]::DECIMAL(38,2)[])',
  'unnest([0.1, -9.9]::DECIMAL(2,1)[])',
  '12345678901234.5678::DECIMAL(18,4)',
  '5::DECIMAL(38,0)',
  "'b'::ENUM('a', 'b, c', 'b')",
  "['b, c'::ENUM('a', 'b, c')]",
];

describe('a value is written as DuckDB casts it', () => {
  it.each(expressions)('%s', async (expression) => {
    const cells = await cellsOf(`SELECT ${expression}`);
    expect(cells.map((cell) => cell?.text ?? null)).toEqual(
      await castsOf('x', `(SELECT ${expression} AS x)`),
    );
  });

  it('of every type that DuckDB has', async () => {
    const types = await connection.rows('SELECT column_name FROM (DESCRIBE SELECT * FROM test_all_types())');
    expect(types.length).toBeGreaterThan(50);
    for (const [name] of types) {
      // Its last value lies beyond what a TIMESTAMPTZ holds, and DuckDB's own text of it is of another moment.
      const rows = `(SELECT "${String(name)}" AS x FROM test_all_types() LIMIT ${name === 'timestamp_tz' ? 0 : 3})`;
      const cells = await cellsOf(`SELECT x FROM ${rows}`);
      expect(
        cells.map((cell) => cell?.text ?? null),
        String(name),
      ).toEqual(await castsOf('x', rows));
    }
  });

  it('whatever text stands in a list, a struct or a map', async () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab ,[]{}()=:;\'"\\\n\t\r|&NULLnull'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (texts) => {
        const list = `[${texts.map((one) => `'${one.replaceAll("'", "''")}'`).join(', ')}]`;
        const nested = `{'list': ${list}, 'map': map_from_entries([(${list}[1], ${list})])}`;
        const [cell] = await cellsOf(`SELECT ${nested}`);
        expect([cell?.text]).toEqual(await castsOf('x', `(SELECT ${nested} AS x)`));
        expect(JSON.parse(cell?.json ?? '')).toEqual({ list: texts, map: { [texts[0] ?? '']: texts } });
      }),
      { numRuns: 200 },
    );
  });

  it('of floating-point numbers of either size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double(), fc.float()), { minLength: 20, maxLength: 60 }),
        async (numbers) => {
          const list = (values: readonly number[], type: string): string =>
            `unnest([${values.map((value) => `'${Object.is(value, -0) ? '-0' : value}'`).join(', ')}]::${type}[])`;
          for (const [at, type] of [
            [0, 'DOUBLE'],
            [1, 'FLOAT'],
          ] as const) {
            const expression = list(
              numbers.map((pair) => pair[at]),
              type,
            );
            const cells = (await cellsOf(`SELECT ${expression}`)).map((cell) => cell?.text ?? '');
            const casts = await castsOf('x', `(SELECT ${expression} AS x)`);
            // DuckDB's digits of a FLOAT are not always the fewest; they mean the same one.
            const meant = (text: string | null): unknown =>
              type === 'DOUBLE' || Number.isNaN(Number(text)) ? text : Math.fround(Number(text));
            expect(cells.map(meant)).toEqual(casts.map(meant));
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a nested value is JSON', () => {
  it.each([
    ['[1, NULL, 9007199254740993]', '[1,null,9007199254740993]'],
    ["{'a': 1.50, 'b': 'x\"y'}", '{"a":1.50,"b":"x\\"y"}'],
    ["MAP {1: ['a'], 2: NULL}", '{"1":["a"],"2":null}'],
    ["union_value(k := 'x')", '{"k":"x"}'],
    ['ROW(1, [2])', '[1,[2]]'],
    ["['nan'::DOUBLE, 'inf', 1]", '["NaN","Infinity",1.0]'],
    ["{'d': DATE '2020-01-01', 'b': '\\xFF'::BLOB, 't': TRUE}", '{"d":"2020-01-01","b":"\\\\xFF","t":true}'],
    ["{'j': '{\"k\": [1, 2]}'::JSON}", '{"j":{"k": [1, 2]}}'],
    ['[170141183460469231731687303715884105727]', '[170141183460469231731687303715884105727]'],
    ['[]', '[]'],
    ['[[], NULL, [NULL]]::INTEGER[][]', '[[],null,[null]]'],
  ])('%s', async (expression, json) => {
    const [cell] = await cellsOf(`SELECT ${expression}`);
    expect(cell?.json).toBe(json);
    JSON.parse(json);
  });
});

describe('a value of a type without a reader', () => {
  it.each(['1::VARIANT', '[1::VARIANT]', "{'a': 1::VARIANT}"])(
    'is an error that says what to do: %s',
    async (value) => {
      await expect(cellsOf(`SELECT ${value}`)).rejects.toMatchObject({
        code: 'failed',
        message: 'Values of the type VARIANT can not be read as they are.',
        hint: expect.stringContaining('CAST(… AS VARCHAR)'),
      });
      expect(await cellsOf('SELECT CAST(1::VARIANT AS VARCHAR)')).toEqual([{ text: '1', json: '"1"' }]);
    },
  );
});
