import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, OpenOptions } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import type { Schema, Table } from '../../../src/schema/schema.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

const script = `
CREATE TABLE "made" (
  -- the number on the box
  id INTEGER PRIMARY KEY AUTOINCREMENT, /* never used again */
  price REAL DEFAULT (1.5), -- in euros, without tax
  net REAL GENERATED ALWAYS AS (price * 0.8) STORED,
  label TEXT AS ('no ' || id), -- 'quoted', (not, a, column)
  untyped,
  CONSTRAINT positive CHECK (price > 0 AND (id < 10 OR price IN (1, 2))),
  CHECK (label <> '')
);
CREATE TABLE strict_one (a INTEGER PRIMARY KEY, b ANY, c BLOB NOT NULL DEFAULT x'00') STRICT;
CREATE TABLE keyed (b TEXT, a TEXT COLLATE NOCASE, c VARCHAR(10), PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE loose (code TEXT PRIMARY KEY, n INT UNIQUE, m INT);
CREATE UNIQUE INDEX loose_pair ON loose (n, m);
CREATE UNIQUE INDEX loose_partial ON loose (m) WHERE m > 0;
CREATE UNIQUE INDEX loose_expression ON loose (lower(code));
CREATE TABLE child (id INTEGER PRIMARY KEY, made_id REFERENCES made, b TEXT, a TEXT,
  parent INTEGER REFERENCES CHILD (id), gone INTEGER REFERENCES nowhere,
  FOREIGN KEY (a, b) REFERENCES keyed);
CREATE VIEW shown AS SELECT id, price FROM made;
CREATE VIEW broken AS SELECT id FROM no_such_table;
CREATE VIRTUAL TABLE words USING fts5 (title, body, content='');
CREATE VIRTUAL TABLE old_words USING fts4 (body);
CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1);
INSERT INTO loose VALUES ('a', 1, 1), ('b', 2, 2), ('c', 3, 3);
ANALYZE;
`;

describe('introspection of SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-introspect-'));
  const path = join(folder, 'all.sqlite');
  let database: Database;
  let schema: Schema;

  const open = (options: Partial<OpenOptions> = {}): Promise<Database> =>
    sqlite.open(
      { engine: 'sqlite', path },
      { access: 'read', timeoutMilliseconds: 5000, hide: [], ...options },
      never,
    );
  const table = (name: string): Table => {
    const found = schema.tables.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new Error(`no ${name}`);
    }
    return found;
  };

  beforeAll(async () => {
    const file = new SQLite(path);
    file.exec(script);
    file.close();
    database = await open();
    schema = await database.introspect(everything, never);
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  it('leaves out what SQLite and its modules keep for themselves', () => {
    expect(schema.tables.map(({ name }) => name)).toEqual([
      'boxes',
      'child',
      'keyed',
      'loose',
      'made',
      'old_words',
      'shown',
      'strict_one',
      'words',
    ]);
  });

  it('tells kinds and traits', () => {
    expect([table('words').kind, table('words').traits]).toEqual(['virtual table', ['fts5']]);
    expect(table('words').columns.map(({ name }) => name)).toEqual(['title', 'body']);
    expect(table('old_words').traits).toEqual(['fts4']);
    expect(table('boxes').traits).toEqual(['rtree']);
    expect(table('strict_one').traits).toEqual(['STRICT']);
    expect(table('keyed').traits).toEqual(['WITHOUT ROWID']);
    expect(schema.warnings).toEqual([
      'Left out, since it can not be read: view broken: no such table: main.no_such_table',
    ]);
  });

  it('reads what only the text of the definition tells', () => {
    const made = table('made');
    expect(made.comment).toBeNull();
    expect(made.checks).toEqual(['price > 0 AND (id < 10 OR price IN (1, 2))', "label <> ''"]);
    expect(made.columns.map(({ name, comment }) => [name, comment])).toEqual([
      ['id', 'the number on the box never used again'],
      ['price', 'in euros, without tax'],
      ['net', null],
      ['label', "'quoted', (not, a, column)"],
      ['untyped', null],
    ]);
    expect(made.columns.map(({ generated }) => generated)).toEqual([
      null,
      null,
      'price * 0.8',
      "'no ' || id",
      null,
    ]);
    expect(made.columns.map(({ identity }) => identity)).toEqual([true, false, false, false, false]);
    expect(made.columns.map(({ type }) => type)).toEqual(['INTEGER', 'REAL', 'REAL', 'TEXT', '']);
    expect(made.columns[1]?.default).toBe('1.5');
  });

  it('knows which keys may be NULL', () => {
    expect(table('strict_one').columns.map(({ nullable }) => nullable)).toEqual([false, true, false]);
    expect(table('loose').columns[0]?.nullable).toBe(true);
    expect(table('keyed').columns.map(({ nullable }) => nullable)).toEqual([false, false, true]);
  });

  it('reads keys in the order in which they are declared', () => {
    expect(table('keyed').primaryKey).toEqual(['a', 'b']);
    expect(table('loose').uniqueKeys).toEqual([['n'], ['n', 'm']]);
  });

  it('resolves references that name no column, in whatever case', () => {
    const reference = (name: string, columns: string[]) => ({ schema: 'main', table: name, columns });
    expect(table('child').foreignKeys).toEqual(
      expect.arrayContaining([
        { columns: ['made_id'], references: reference('made', ['id']) },
        { columns: ['parent'], references: reference('child', ['id']) },
        { columns: ['a', 'b'], references: reference('keyed', ['a', 'b']) },
      ]),
    );
    expect(table('child').foreignKeys).toHaveLength(3);
  });

  it('takes estimates from the last ANALYZE', () => {
    expect(table('loose').rowEstimate).toBe(3);
    expect(table('made').rowEstimate).toBeNull();
  });

  it('hides generated columns and views that are made of hidden columns', async () => {
    const hiding = await open({ hide: ['made.price', '*.body'] });
    const { tables } = await hiding.introspect(everything, never);
    const columns = (name: string) =>
      tables.find((one) => one.name === name)?.columns.map((column) => column.name);
    expect(columns('made')).toEqual(['id', 'label', 'untyped']);
    expect(columns('shown')).toEqual(['id']);
    expect(columns('words')).toEqual(['title']);
    expect(JSON.stringify(tables.find(({ name }) => name === 'made'))).not.toContain('price');
    for (const sql of [
      'SELECT net FROM made',
      'SELECT price FROM shown',
      'SELECT * FROM shown',
      'SELECT title FROM words',
      'SELECT c0body FROM old_words_content',
      "SELECT snippet(words) FROM words WHERE words MATCH 'a'",
      'SELECT sql FROM sqlite_schema',
      "SELECT * FROM pragma_table_info('made')",
      'PRAGMA table_info(made)',
      'EXPLAIN SELECT price FROM made',
      'SELECT id FROM made m WHERE EXISTS (SELECT 1 FROM made n WHERE n.price > m.id)',
      'SELECT row_number() OVER (ORDER BY price) FROM made',
      'SELECT 1 WHERE (SELECT "price" FROM made) IS NULL',
      'SELECT [price] FROM made UNION SELECT 1',
    ]) {
      expect((await verdictOf(hiding, sql, never)).kind, sql).toBe('forbidden');
      await expect(query(hiding, sql, { signal: never }), sql).rejects.toMatchObject({ code: 'refused' });
    }
    for (const sql of [
      'SELECT id, label FROM made',
      'SELECT id FROM shown',
      'SELECT count(*) FROM made',
      'SELECT 1',
    ]) {
      expect(await verdictOf(hiding, sql, never), sql).toEqual({ kind: 'read', reason: null });
    }
    await hiding.close();
  });

  it('lets no change carry a hidden column to where it can be read', async () => {
    const writer = await open({ access: 'ddl', hide: ['made.price'] });
    for (const sql of [
      'CREATE TABLE copied AS SELECT * FROM made',
      'CREATE VIEW copied AS SELECT price FROM made',
      'ALTER TABLE made RENAME COLUMN price TO cost',
      'ALTER TABLE made RENAME TO other',
      'UPDATE loose SET code = (SELECT price FROM made)',
      'INSERT INTO strict_one (b) SELECT price FROM made',
      'INSERT INTO loose (code, n) SELECT * FROM shown',
    ]) {
      expect((await verdictOf(writer, sql, never)).kind, sql).toBe('forbidden');
    }
    expect((await verdictOf(writer, "UPDATE made SET untyped = 'x'", never)).kind).toBe('write');
    await writer.close();
  });

  it('hides an index, the rowid and seeks with it', async () => {
    const hiding = await open({ hide: ['loose.n', 'made.id'] });
    for (const sql of [
      'SELECT code FROM loose WHERE n = 1',
      'SELECT code FROM loose ORDER BY n',
      'SELECT max(n) FROM loose',
      'SELECT rowid FROM made',
      'SELECT _rowid_ FROM made',
      'SELECT price FROM made WHERE rowid = 1',
      'SELECT label FROM made',
      'SELECT code FROM loose INDEXED BY loose_pair WHERE n = 1',
    ]) {
      expect((await verdictOf(hiding, sql, never)).kind, sql).toBe('forbidden');
    }
    expect(await verdictOf(hiding, 'SELECT code, m FROM loose', never)).toEqual({
      kind: 'read',
      reason: null,
    });
    await hiding.close();
  });
});
