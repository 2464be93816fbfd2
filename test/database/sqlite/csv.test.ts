import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { createCsvRenderer } from '../../../src/render/csv.ts';
import { readCsv } from '../../support/csv-text.ts';
import { query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('CSV that the adapter writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-csv-'));
  const path = join(folder, 'csv.sqlite');
  let database: Database;

  beforeAll(async () => {
    const file = new SQLite(path);
    file.exec('CREATE TABLE wild (a, b REAL, c TEXT, d INTEGER)');
    file.close();
    database = await sqlite.open(
      { engine: 'sqlite', path },
      { access: 'read', timeoutMilliseconds: 5000, hide: [] },
      never,
    );
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const written = async (sql: string): Promise<string> => {
    return (await readCsv(await queryCsv(database, sql, { signal: never }))).text;
  };
  const rendered = async (sql: string): Promise<string> => {
    const { columns, batches } = await query(database, sql, { signal: never });
    const renderer = createCsvRenderer({ csvSafe: false });
    renderer.begin(columns);
    let text = '';
    for await (const batch of batches) {
      text += renderer.rows(batch);
    }
    return text;
  };

  it('is what the renderer writes, whatever the values', async () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.double({ noNaN: true }),
      // Amounts, which have a way of their own, and their neighbours.
      fc.integer({ min: -(2 ** 33), max: 2 ** 33 }).map((hundredths) => hundredths / 100),
      fc.integer({ min: 0, max: 2 ** 31 }).map((thousandths) => thousandths / 1000),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.constantFrom('', '"', ',', '\n', '\r\n', 'a\0b', ' '),
      fc.uint8Array({ maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value, value, value), { maxLength: 8 }), async (rows) => {
        const file = new SQLite(path);
        file.exec('DELETE FROM wild');
        const insert = file.prepare('INSERT INTO wild VALUES (?, ?, ?, ?)');
        for (const row of rows) {
          insert.run(...row);
        }
        file.close();
        for (const column of ['*', 'a', 'b', 'c', 'd']) {
          const sql = `SELECT ${column} FROM wild WHERE NOT (typeof(a) = 'integer') ORDER BY rowid`;
          expect(await written(sql)).toBe(await rendered(sql));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the type of a value that differs from those of the rows before', async () => {
    const sql = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      SELECT CASE i WHEN 1500 THEN 20.0 WHEN 1501 THEN -0.0 WHEN 1502 THEN 'x' ELSE i END AS a FROM n`;
    const lines = (await written(sql)).split('\n');
    expect(lines.slice(1498, 1503)).toEqual(['1499', '20.0', '-0.0', 'x', '1503']);
    expect(await rendered(sql)).toBe(await written(sql));
  });

  it('keeps whole floating-point numbers and integers apart', async () => {
    expect(await written('SELECT 20.0, 20, 1e21, 0.1 + 0.2, 9007199254740993')).toBe(
      '20.0,20,1e+21,0.30000000000000004,9007199254740993\n',
    );
    const { columns, batches } = await query(database, 'SELECT 20.0 AS a, 20 AS b', { signal: never });
    expect(columns.map(({ kind }) => kind)).toEqual(['real', 'any']);
    for await (const batch of batches) {
      expect(batch).toEqual([[20, 20n]]);
    }
  });
});
