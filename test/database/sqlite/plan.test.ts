import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { planOf } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('the plan of a statement', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-check-'));
  const path = join(folder, 'check.sqlite');
  let database: Database;

  beforeAll(async () => {
    const file = new SQLite(path);
    file.exec(`CREATE TABLE big (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
      CREATE TABLE other (id INTEGER PRIMARY KEY, big_id INTEGER);
      CREATE INDEX other_big ON other (big_id);
      CREATE VIEW seen AS SELECT big.id FROM big JOIN other ON other.big_id = big.id;
      CREATE VIRTUAL TABLE words USING fts5 (body);
      WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000) INSERT INTO big SELECT n, n % 10, 'x' FROM s;
      INSERT INTO other SELECT id, id FROM big;
      ANALYZE;
      CREATE TABLE later (id INTEGER PRIMARY KEY)`);
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

  it('names the tables behind views, indexes and modules', async () => {
    const tables = async (sql: string) => [...(await planOf(database, sql, never)).tables].sort();
    expect(await tables('SELECT * FROM seen')).toEqual(['big', 'other']);
    expect(await tables('SELECT big_id FROM other ORDER BY big_id')).toEqual(['other']);
    expect(await tables("SELECT * FROM words WHERE words MATCH 'a'")).toEqual(['words']);
    expect(await tables('EXPLAIN SELECT * FROM big')).toEqual(['big']);
    expect(await tables('PRAGMA table_info(big)')).toEqual([]);
  });

  it('estimates what it reads, from the numbers of ANALYZE', async () => {
    const rows = async (sql: string) => (await planOf(database, sql, never)).rowsScanned;
    const around = (count: number) => ({ least: count / 2, most: count * 2 });
    for (const [sql, { least, most }] of [
      ['SELECT * FROM big', around(10_000)],
      ['SELECT * FROM big WHERE id = 1', around(1)],
      ['SELECT * FROM big JOIN other ON other.big_id = big.id', around(20_000)],
      ['SELECT * FROM big x, big y', around(100_000_000)],
      ['SELECT * FROM big x WHERE a > (SELECT count(*) FROM big y WHERE y.b = x.b)', around(100_000_000)],
    ] as const) {
      expect(await rows(sql), sql).toBeGreaterThanOrEqual(least);
      expect(await rows(sql), sql).toBeLessThanOrEqual(most);
    }
    expect(await rows('SELECT * FROM big, later')).toBeNull();
    expect((await planOf(database, 'SELECT * FROM big', never)).cost).toBeGreaterThan(10_000);
  });

  it('indents the steps of the plan', async () => {
    const { text } = await planOf(
      database,
      'SELECT a FROM (SELECT a, count(*) FROM big GROUP BY a LIMIT 3)',
      never,
    );
    expect(text).toMatch(/^CO-ROUTINE .*\n {2}SCAN big/);
  });
});
