import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { createCsvRenderer } from '../../../src/render/csv.ts';
import { readCsv } from '../../support/csv-text.ts';
import { postgresTarget } from '../../support/postgres-engine.ts';
import { query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('CSV that PostgreSQL writes', () => {
  let opened: Database;
  beforeAll(async () => {
    opened = await postgres.open(
      postgresTarget(inject('postgresUrl') ?? ''),
      { access: 'read', timeoutMilliseconds: 20_000, hide: [] },
      never,
    );
  });
  afterAll(() => opened?.close());

  const byServer = async (sql: string): Promise<{ text: string; rows: number }> => {
    const csv = await queryCsv(opened, sql, { signal: never });
    if (!csv) {
      throw new Error('no CSV');
    }
    return readCsv(csv);
  };
  const byRenderer = async (sql: string): Promise<{ text: string; rows: number }> => {
    const result = await query(opened, sql, { signal: never });
    const renderer = createCsvRenderer({ csvSafe: false });
    renderer.begin(result.columns);
    let text = '';
    let rows = 0;
    for await (const batch of result.batches) {
      text += renderer.rows(batch);
      rows += batch.length;
    }
    return { text, rows };
  };

  it.each([
    "SELECT true, false, NULL::bool, '\\x00ff'::bytea, ''::bytea, 1.50, 'NaN'::float8, 1e300::float8, NULL",
    "SELECT ARRAY['a,b', '\"'], ROW(1, 'x y'), '{\"a\": \"b\"}'::jsonb, DATE '2024-01-01', INTERVAL '1 day 2 hours'",
    "SELECT '', ' ', E'\\n', E'\\r', '\"', ',', 'a;b', E'a\\tb', 'NULL', E'\\\\N'",
    'SELECT * FROM generate_series(1, 3) AS x ORDER BY x DESC -- the end',
    'SELECT x > 1 AS same, x AS same FROM generate_series(1, 3) AS x ORDER BY x DESC /* the end */',
    'SELECT FROM generate_series(1, 2)',
    'WITH a AS (SELECT 1 AS x) SELECT x, x = 1 FROM a;',
    'VALUES (1, true), (2, NULL)',
    'TABLE pg_namespace',
    'SELECT 1 WHERE false',
    ';; (SELECT true UNION ALL SELECT false) ORDER BY 1 ;',
  ])('is what this program writes: %s', async (sql) => {
    expect(await byServer(sql)).toEqual(await byRenderer(sql));
  });

  it('is what this program writes, of whatever text', async () => {
    const text = fc.oneof(
      fc.string({
        unit: fc.constantFrom('"', ',', '\n', '\r', '\\', '.', ' ', 'a', "'", 'é', '🎉', '\t', '\u001b'),
      }),
      fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '')),
      fc.constant(null),
    );
    const literal = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.boolean(), text), { minLength: 1, maxLength: 5 }),
        async (rows) => {
          const values = rows.map(([a, b, c]) => `(${literal(a)}::text, ${b}, ${literal(c)}::text)`);
          const sql = `SELECT * FROM (VALUES ${values.join(', ')}) AS t(a, b, c)`;
          const [server, renderer] = [await byServer(sql), await byRenderer(sql)];
          expect(server).toEqual(renderer);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not there for what is no SELECT', async () => {
    expect(await queryCsv(opened, 'SHOW search_path', { signal: never })).toBeNull();
    expect(await queryCsv(opened, 'EXPLAIN SELECT 1', { signal: never })).toBeNull();
  });

  it('ends a row that is too large for any memory, and says so', async () => {
    const own = await postgres.open(
      postgresTarget(inject('postgresUrl') ?? ''),
      { access: 'read', timeoutMilliseconds: 20_000, hide: [] },
      never,
    );
    const reading = (async () => {
      for await (const _batch of (
        await query(own, "SELECT string_agg(repeat('x', 1000000), '') FROM generate_series(1, 600)", {
          signal: never,
        })
      ).batches) {
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/row.*larger/),
    });
    await own.close();
  });
});
