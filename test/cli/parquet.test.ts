import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, inject, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'sqlq-parquet-'));

/** Writes a result to `rows.parquet`, and reads what came of it: the types of its columns, and its rows as JSON. */
async function roundTrip(place: string, db: string, sql: string) {
  const file = join(place, 'rows.parquet');
  const written = await runProgram(['run', '--db', db, '--output', file, sql]);
  expect(written).toMatchObject({ code: 0, stdout: '' });
  const read = async (query: string): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(['run', '--db', file, '--format', 'ndjson', query]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return stdout.trimEnd();
  };
  const described = await read('DESCRIBE rows');
  const types = described.split('\n').map((line) => {
    const { column_name, column_type } = JSON.parse(line) as Record<string, unknown>;
    return `${column_name} ${column_type}`;
  });
  return { types, rows: (await read('SELECT * FROM rows')).split('\n'), notes: written.stderr, read };
}

/** A SQLite database of one table `t`. */
function sqliteWith(place: string, columns: string, values: readonly string[]): string {
  const path = join(place, 't.db');
  const database = new Database(path);
  database.exec(`CREATE TABLE t (${columns}); INSERT INTO t VALUES ${values.join(', ')}`);
  database.close();
  return path;
}

describe('--output rows.parquet', () => {
  it('has the values of SQLite with the types that they have', async () => {
    const place = folder();
    const db = sqliteWith(
      place,
      'i INTEGER, r REAL, zip TEXT, b BLOB, d DATE, at TIMESTAMP, mixed, never NUMERIC, bad DATE',
      [
        "(1, 1.5, '01234', x'00ff', '2024-02-29', '2024-02-29 12:34:56.789', 1, NULL, '2024-02-30')",
        "(9007199254740993, 2, 'ü', x'', '1969-12-31', '1900-01-01T00:00:00', 'x', NULL, '2024-02-29')",
        "(NULL, NULL, '', NULL, NULL, NULL, x'ff', NULL, NULL)",
        "(-9223372036854775808, -0.0, '😀', NULL, '0001-01-01', '9999-12-31 23:59:59.999999', 1.5, NULL, NULL)",
      ],
    );
    const { types, rows, notes } = await roundTrip(place, db, 'SELECT *, i AS i FROM t');
    expect(types).toEqual([
      'i BIGINT',
      'r DOUBLE',
      'zip VARCHAR',
      'b BLOB',
      'd DATE',
      'at TIMESTAMP',
      'mixed VARCHAR',
      'never VARCHAR',
      'bad VARCHAR',
      'i_2 BIGINT',
    ]);
    expect(rows).toEqual([
      String.raw`{"i":1,"r":1.5,"zip":"01234","b":"\\x00ff","d":"2024-02-29","at":"2024-02-29 12:34:56.789","mixed":"1","never":null,"bad":"2024-02-30","i_2":1}`,
      String.raw`{"i":9007199254740993,"r":2.0,"zip":"ü","b":"\\x","d":"1969-12-31","at":"1900-01-01 00:00:00","mixed":"x","never":null,"bad":"2024-02-29","i_2":9007199254740993}`,
      String.raw`{"i":null,"r":null,"zip":"","b":null,"d":null,"at":null,"mixed":"\\xff","never":null,"bad":null,"i_2":null}`,
      `{"i":-9223372036854775808,"r":0.0,"zip":"😀","b":null,"d":"0001-01-01","at":"9999-12-31 23:59:59.999999","mixed":"1.5","never":null,"bad":null,"i_2":-9223372036854775808}`,
    ]);
    expect(notes).toContain('columns are called otherwise in it: i_2.');
    expect(notes).toContain('no one type of Parquet holds all their values: mixed.');
  });

  it('has the values of PostgreSQL with the types that they have', async () => {
    const sql = `SELECT * FROM (VALUES
      (1::bigint, 2::smallint, true, 12345678901234567890123456.789::numeric, -0.05::numeric(10,2), 'NaN'::float8,
        date '2024-02-29', timestamp '2024-02-29 12:34:56.123456', timestamptz '2024-07-01 00:00:00.5+05:30',
        'ü'::text, '\\x00ff'::bytea, '{"a": [1, null]}'::jsonb, '4b1f5cd3-52f2-4e2f-9a6c-30f0c77a24e6'::uuid, 'infinity'::date),
      (9223372036854775807, NULL, false, 0.1, 99999999.99, 0.1, date '0001-01-01', timestamp '1969-12-31 23:59:59.999999',
        timestamptz '1960-01-01 00:00:00-03', '', '', 'null', NULL, date '2024-01-01'),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ) AS t (id, small, truth, exact, price, real, day, at, zoned, name, raw, doc, key, late)`;
    const { types, rows, notes, read } = await roundTrip(folder(), `${inject('postgresUrl')}/postgres`, sql);
    expect(types).toEqual([
      'id BIGINT',
      'small BIGINT',
      'truth BOOLEAN',
      'exact DECIMAL(38,3)',
      'price DECIMAL(38,2)',
      'real DOUBLE',
      'day DATE',
      'at TIMESTAMP',
      'zoned TIMESTAMP WITH TIME ZONE',
      'name VARCHAR',
      'raw BLOB',
      'doc VARCHAR',
      'key VARCHAR',
      'late VARCHAR',
    ]);
    const kept = rows.map((row) => row.replace(/"zoned":"[^"]*",/u, ''));
    expect(kept).toEqual([
      String.raw`{"id":1,"small":2,"truth":true,"exact":12345678901234567890123456.789,"price":-0.05,"real":"NaN","day":"2024-02-29","at":"2024-02-29 12:34:56.123456","name":"ü","raw":"\\x00ff","doc":"{\"a\": [1, null]}","key":"4b1f5cd3-52f2-4e2f-9a6c-30f0c77a24e6","late":"infinity"}`,
      String.raw`{"id":9223372036854775807,"small":null,"truth":false,"exact":0.100,"price":99999999.99,"real":0.1,"day":"0001-01-01","at":"1969-12-31 23:59:59.999999","name":"","raw":"\\x","doc":"null","key":null,"late":"2024-01-01"}`,
      `{"id":null,"small":null,"truth":null,"exact":null,"price":null,"real":null,"day":null,"at":null,"zoned":null,"name":null,"raw":null,"doc":null,"key":null,"late":null}`,
    ]);
    expect(await read('SELECT epoch_us(zoned) AS moment FROM rows WHERE zoned IS NOT NULL')).toBe(
      `{"moment":${Date.UTC(2024, 5, 30, 18, 30, 0, 500)}000}\n{"moment":${Date.UTC(1960, 0, 1, 3)}000}`,
    );
    expect(notes).toContain('no one type of Parquet holds all their values: late.');
  });

  it('has every row of a long result, in groups, and bounds that leave out none', async () => {
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
      SELECT i, 'é' || char(128000 + i % 200) || i AS t, -i * 0.5 AS r FROM n`;
    const { read } = await roundTrip(folder(), 'sample', sql);
    expect(
      await read('SELECT count(*) AS n, sum(i)::BIGINT AS s, sum(r) AS r, count(DISTINCT t) AS t FROM rows'),
    ).toBe('{"n":120000,"s":7200060000,"r":-3600030000.0,"t":120000}');
    expect(
      await read("SELECT i FROM rows WHERE t = 'é' || chr(128100) || '119900' OR i = 50001 OR r = -60000"),
    ).toBe('{"i":50001}\n{"i":119900}\n{"i":120000}');
  });

  it('can be without rows', async () => {
    const place = folder();
    const file = join(place, 'rows.parquet');
    const written = await runProgram([
      'run',
      '--db',
      'sample',
      '--output',
      file,
      'SELECT id, name FROM products WHERE id < 0',
    ]);
    expect(written.code).toBe(0);
    const read = await runProgram(['run', '--db', file, 'SELECT count(*) AS n, max(id) AS id FROM rows']);
    expect(read).toMatchObject({ code: 0, stdout: 'n,id\n0,\n' });
  });

  it('is not there where a late value has another type than the many before it', async () => {
    const file = join(folder(), 'rows.parquet');
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
      SELECT CASE WHEN i = 55555 THEN 'many' ELSE i END AS amount FROM n`;
    const ended = await runProgram(['run', '--db', 'sample', '--output', file, sql]);
    expect(ended).toMatchObject({ code: expect.any(Number), stdout: '' });
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain("Row 55,555 has 'many' in the column amount");
    expect(existsSync(file)).toBe(false);
  });

  it('goes through a pipe too', async () => {
    const { code, stdout } = await runProgram([
      'run',
      '--db',
      'sample',
      '--format',
      'parquet',
      'SELECT 1 AS n',
    ]);
    expect([code, stdout.slice(0, 4), stdout.slice(-4)]).toEqual([0, 'PAR1', 'PAR1']);
  });
});
