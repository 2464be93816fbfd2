import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { sqlite } from '../../../../src/database/sqlite/connect.ts';
import { query, verdictOf } from '../../../support/statements.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'sqlq-hidden-'));
const path = join(folder, 'people.sqlite');

const schema = `
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, ssn TEXT, tail TEXT AS (substr(ssn, -4)), code TEXT AS (tail || 'x') STORED);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER, ssn_seen INTEGER, total REAL);
CREATE TABLE guesses (ssn TEXT, name TEXT);
CREATE TABLE pairs (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX by_ssn ON people (ssn, name);
CREATE INDEX by_part ON people (name) WHERE ssn IS NOT NULL;
CREATE INDEX by_length ON people (length(ssn));
CREATE VIEW plain AS SELECT id, name FROM people;
CREATE VIEW disguised AS SELECT id, ssn AS label FROM people;
CREATE VIEW filtered AS SELECT id FROM people WHERE ssn LIKE '078%';
CREATE VIEW twice AS SELECT label AS again FROM disguised;
CREATE VIRTUAL TABLE search USING fts5 (name, ssn);
CREATE VIRTUAL TABLE outside USING fts5 (label, content='disguised', content_rowid='id');
CREATE VIRTUAL TABLE words USING fts5vocab ('outside', 'row');
CREATE VIRTUAL TABLE names USING fts5 (name, content='plain', content_rowid='id');
CREATE VIEW behind AS SELECT label AS seen FROM outside;
CREATE TRIGGER keep AFTER INSERT ON people BEGIN INSERT INTO guesses VALUES (new.ssn, new.name); END;
INSERT INTO people (id, name, ssn) VALUES (1, 'Ada', '078-05-1120'), (2, 'Bob', '219-09-9999');
INSERT INTO orders VALUES (1, 1, 0, 9.5), (2, 2, 1, 12);
INSERT INTO pairs VALUES ('x', 'y');
INSERT INTO search SELECT name, ssn FROM people;
INSERT INTO outside (outside) VALUES ('rebuild');
INSERT INTO names (names) VALUES ('rebuild');
ANALYZE;
`;

describe('hidden columns of SQLite', () => {
  let database: Database;
  beforeAll(async () => {
    const file = new SQLite(path);
    file.exec(schema);
    file.close();
    database = await sqlite.open(
      { engine: 'sqlite', path },
      { access: 'read', timeoutMilliseconds: 1000, hide: ['people.ssn', 'search.ssn', 'pairs.b'] },
      never,
    );
  });
  afterAll(async () => {
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    'SELECT ssn FROM people',
    'SELECT "SSN" FROM people',
    'SELECT [ssn] FROM main.people',
    'SELECT p.`ssn` AS name FROM people AS p',
    'SELECT * FROM people',
    'SELECT p.* FROM people p, orders',
    'SELECT tail FROM people',
    'SELECT code FROM people',
    'SELECT id FROM people WHERE ssn = 1',
    'SELECT id FROM people ORDER BY ssn',
    'SELECT id FROM people ORDER BY "ssn"',
    'SELECT count(*) FROM people GROUP BY ssn',
    'SELECT count(DISTINCT ssn) FROM people',
    'SELECT id FROM people GROUP BY id HAVING max(ssn) > 1',
    'SELECT length(ssn), typeof(ssn), ssn IS NULL FROM people',
    'SELECT count(ssn) FROM people',
    'SELECT 1 FROM people JOIN guesses USING (ssn)',
    'SELECT 1 FROM people NATURAL JOIN guesses',
    'SELECT people.name FROM guesses NATURAL LEFT JOIN people',
    'SELECT c FROM (SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d, 5 AS e UNION ALL SELECT * FROM people)',
    'WITH p(a, b, c, d, e) AS (SELECT * FROM people) SELECT c FROM p',
    'WITH p AS (SELECT ssn FROM people) SELECT count(*) FROM p',
    'SELECT (SELECT ssn FROM people LIMIT 1)',
    "SELECT EXISTS (SELECT 1 FROM people WHERE ssn GLOB '0*')",
    'SELECT json_group_array(ssn) FROM people',
    "SELECT json_object('x', p.ssn) FROM people p",
    "SELECT value FROM people, json_each('[\"' || ssn || '\"]')",
    'SELECT max(id, ssn) FROM people',
    'SELECT first_value(ssn) OVER () FROM people',
    'SELECT id, row_number() OVER (ORDER BY ssn) FROM people',
    'SELECT sum(1) FILTER (WHERE ssn > 1) FROM people',
    'SELECT CASE ssn WHEN 1 THEN 2 END FROM people',
    'SELECT * FROM people INDEXED BY by_ssn WHERE ssn > 0',
    'SELECT name FROM people INDEXED BY by_part WHERE ssn IS NOT NULL',
    'SELECT (id, ssn) IN (SELECT 1, 2) FROM people',
    'SELECT 1 FROM orders WHERE person IN (SELECT ssn FROM people)',
    'SELECT label FROM disguised',
    'SELECT * FROM disguised',
    'SELECT id FROM filtered',
    'SELECT again FROM twice',
    'SELECT id FROM disguised WHERE label > 1',
    'SELECT ssn FROM search',
    'SELECT name FROM search',
    "SELECT highlight(search, 1, '', '') FROM search",
    "SELECT * FROM search('1120')",
    'SELECT c1 FROM search_content',
    'SELECT * FROM search_data',
    'SELECT label FROM outside',
    "SELECT rowid FROM outside WHERE outside MATCH '1120'",
    "SELECT highlight(outside, 0, '', '') FROM outside",
    'SELECT term FROM words',
    'SELECT seen FROM behind',
    'SELECT block FROM outside_data',
    'SELECT b FROM pairs',
    'SELECT * FROM pairs',
    'SELECT sql FROM sqlite_schema',
    'SELECT * FROM sqlite_stat1',
    'SELECT * FROM sqlite_stat4',
    "SELECT name FROM pragma_table_info('people')",
    "SELECT * FROM pragma_index_info('by_ssn')",
    'PRAGMA table_info(people)',
    'PRAGMA index_xinfo(by_ssn)',
    'SELECT * FROM dbstat',
    'EXPLAIN SELECT ssn FROM people',
    'EXPLAIN QUERY PLAN SELECT 1 FROM people WHERE ssn = 1',
    "SELECT 'x' AS ssn FROM people WHERE people.ssn = ssn",
    'VALUES ((SELECT ssn FROM people))',
  ])('are refused: %s', async (sql) => {
    const verdict = await verdictOf(database, sql, never);
    expect(verdict.kind).toBe('forbidden');
    await expect(query(database, sql, { signal: never })).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    'SELECT id, name FROM people',
    'SELECT count(*) FROM people',
    'SELECT p.name, sum(o.total) FROM people p JOIN orders o ON o.person = p.id GROUP BY p.id',
    'SELECT * FROM plain',
    'SELECT * FROM orders',
    'SELECT * FROM orders JOIN (SELECT id, name FROM people) AS p ON p.id = orders.person',
    'SELECT id FROM disguised',
    'SELECT ssn_seen FROM orders',
    'SELECT ssn FROM guesses',
    "SELECT name FROM names WHERE names MATCH 'ada'",
    "SELECT 'ssn' FROM people",
    'SELECT id AS ssn FROM people',
    'SELECT a FROM pairs',
    'WITH p AS (SELECT id, name FROM people) SELECT * FROM p',
    'SELECT rowid FROM people WHERE id BETWEEN 1 AND 2 ORDER BY name',
  ])('leave the rest to read: %s', async (sql) => {
    expect(await verdictOf(database, sql, never)).toEqual({ kind: 'read', reason: null });
    const result = await query(database, sql, { signal: never });
    const rows: unknown[] = [];
    for await (const batch of result.batches) {
      rows.push(...batch);
    }
    expect(rows.length).toBeGreaterThan(0);
  });
});
