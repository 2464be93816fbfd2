import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };
const folder = mkdtempSync(join(tmpdir(), 'sqlq-hostile-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tables = `
  CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, ssn TEXT UNIQUE, copy TEXT AS (lower(ssn)));
  CREATE TABLE visit (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person, note TEXT);
  INSERT INTO person (name, ssn) VALUES ('Ada', 'secret-ssn'), ('Bob', 'other-ssn');
  INSERT INTO visit VALUES (1, 1, 'first');
  CREATE VIEW visits AS SELECT v.id, p.name FROM visit v JOIN person p ON p.id = v.person_id;
  ANALYZE;`;

function fileOf(name: string, ...scripts: readonly string[]): string {
  const path = join(folder, name);
  const file = new SQLite(path);
  for (const script of scripts) {
    file.exec(script);
  }
  file.close();
  return path;
}

const open = (path: string, hide: readonly string[] = []): Promise<Database> =>
  sqlite.open({ engine: 'sqlite', path }, { access: 'read', timeoutMilliseconds: 10_000, hide }, never);

/** Every table-valued pragma, and everything else of the engine's own that a name in a file can stand before. */
const shadows = new SQLite(':memory:')
  .prepare<[], string>('SELECT name FROM pragma_pragma_list')
  .pluck()
  .all()
  .map((name) => `pragma_${name}`);

describe('names in a file that stand before those of the engine', () => {
  const lying = shadows.map(
    (name) =>
      `CREATE VIEW ${name} AS SELECT 'visits' AS name, 'main' AS schema, 'table' AS type, 0 AS wr, 0 AS strict, 0 AS pk, 0 AS hidden, 0 AS cid, 'x' AS "from", 'x' AS "to", 'x' AS "table", 0 AS "unique", 0 AS partial, 'c' AS origin, 0 AS seq, 0 AS seqno, 0 AS id;`,
  );
  let honest: Database;
  let shadowed: Database;
  beforeAll(async () => {
    honest = await open(fileOf('honest.db', tables), ['person.ssn']);
    shadowed = await open(fileOf('shadowed.db', tables, ...lying), ['person.ssn']);
  });
  afterAll(async () => {
    await honest?.close();
    await shadowed?.close();
  });

  it('are told as the views that they are, and change nothing else', async () => {
    const clean = await honest.introspect(everything, never);
    const seen = await shadowed.introspect(everything, never);
    expect(shadows.length).toBeGreaterThan(40);
    const own = seen.tables.filter(({ name }) => !name.startsWith('pragma_'));
    expect(own).toEqual(clean.tables);
    expect(own.find(({ name }) => name === 'person')?.columns.map(({ name }) => name)).toEqual([
      'id',
      'name',
    ]);
  });

  it.each([
    'SELECT ssn FROM person',
    'SELECT copy FROM person',
    'SELECT * FROM person',
    'SELECT max(ssn) FROM visit JOIN person',
    'SELECT * FROM pragma_table_list',
    "SELECT * FROM pragma_table_info('person')",
    'SELECT sql FROM sqlite_master',
    'SELECT sql FROM sqlite_schema',
    'SELECT name FROM person ORDER BY ssn',
    "SELECT name FROM person WHERE ssn LIKE 's%'",
    'SELECT 1 FROM person GROUP BY ssn',
  ])('hide as before: %s', async (sql) => {
    expect((await verdictOf(honest, sql, never)).kind).toBe('forbidden');
    expect((await verdictOf(shadowed, sql, never)).kind).toBe('forbidden');
  });

  it('do not open what is not hidden, nor what may be read', async () => {
    for (const sql of ['SELECT name FROM person', 'SELECT * FROM visits', 'SELECT count(*) FROM visit']) {
      expect(await verdictOf(shadowed, sql, never), sql).toEqual({ kind: 'read', reason: null });
    }
    const columns = ['ssn', 'copy', 'name'].map((column) => ({ schema: 'main', table: 'person', column }));
    expect(await shadowed.distinctValues(columns, 10, never)).toEqual([null, null, ['Ada', 'Bob']]);
  });
});

describe('full-text tables over a hidden column', () => {
  const script = `${tables}
    CREATE VIRTUAL TABLE found USING fts5(name, ssn, content='person', content_rowid='id');
    CREATE VIRTUAL TABLE renamed USING fts5(a, b, content='person_view', content_rowid='id');
    CREATE VIEW person_view AS SELECT id, name AS a, ssn AS b FROM person;
    CREATE VIRTUAL TABLE terms USING fts5vocab('found', 'row');
    CREATE VIRTUAL TABLE old USING fts4(content="person", name, ssn);
    INSERT INTO found(found) VALUES ('rebuild');`;
  let database: Database;
  beforeAll(async () => {
    database = await open(fileOf('fts.db', script), ['person.ssn']);
  });
  afterAll(() => database?.close());

  it('are told neither to a model nor to the index of values', async () => {
    const { tables: seen } = await database.introspect(everything, never);
    expect(seen.map(({ name }) => name)).toEqual(['person', 'person_view', 'visit', 'visits']);
    const columns = [
      ['found', 'ssn'],
      ['found', 'name'],
      ['renamed', 'b'],
      ['terms', 'term'],
      ['old', 'ssn'],
      ['found_content', 'c1'],
      ['found_data', 'block'],
      ['person_view', 'b'],
    ].map(([table = '', column = '']) => ({ schema: 'main', table, column }));
    expect(await database.distinctValues(columns, 100, never)).toEqual(columns.map(() => null));
  });

  it.each([
    'SELECT ssn FROM found',
    'SELECT * FROM renamed',
    'SELECT term FROM terms',
    "SELECT snippet(found, 1, '', '', '', 9) FROM found",
    'SELECT b FROM person_view',
    "SELECT rowid FROM found WHERE found MATCH 'ssn:secret'",
  ])('are closed: %s', async (sql) => {
    expect((await verdictOf(database, sql, never)).kind).toBe('forbidden');
  });
});

describe('a file of which a part can not be read', () => {
  it('is read but for views that are made of too many others', async () => {
    const chain = Array.from(
      { length: 3000 },
      (_, index) =>
        `CREATE VIEW v${index} AS SELECT id, name FROM ${index === 0 ? 'person' : `v${index - 1}`};`,
    );
    const wide = Array.from(
      { length: 18 },
      (_, index) =>
        `CREATE VIEW w${index} AS SELECT a.id FROM ${index === 0 ? 'person a' : `w${index - 1} a, w${index - 1} b`};`,
    );
    const path = fileOf('deep.db', tables, `BEGIN;${[...chain, ...wide].join('')}COMMIT`);
    for (const hide of [[], ['person.ssn']]) {
      const database = await open(path, hide);
      const start = performance.now();
      const schema = await database.introspect({ ...everything, exclude: ['v1*', 'v2*'] }, never);
      expect(performance.now() - start).toBeLessThan(20_000);
      const names = schema.tables.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['person', 'visit', 'v0', 'v90', 'w5']));
      expect(names).not.toContain('w17');
      expect(schema.warnings?.join('\n')).toContain('it is made of too many views');
      expect((await verdictOf(database, 'SELECT name FROM person', never)).kind).toBe('read');
      await database.close();
    }
  }, 60_000);

  it('is read but for tables of a module, a function or a collation that is not here', async () => {
    const path = fileOf('missing.db', tables);
    const file = new SQLite(path);
    file.function('ours', { deterministic: true }, (value: unknown) => value);
    file.exec(`CREATE VIEW called AS SELECT ours(name) AS n FROM person;
      CREATE TABLE sorted (a TEXT COLLATE NOCASE, b TEXT);
      INSERT INTO sorted VALUES ('x', 'y');`);
    file.unsafeMode(true);
    file.pragma('writable_schema = 1');
    file.exec(`INSERT INTO sqlite_master VALUES ('table', 'gone', 'gone', 0, 'CREATE VIRTUAL TABLE gone USING no_such_module(a)');
      UPDATE sqlite_master SET sql = replace(sql, 'NOCASE', 'FINNISH') WHERE name = 'sorted'`);
    file.close();
    const database = await open(path);
    const schema = await database.introspect(everything, never);
    expect(schema.tables.map(({ name }) => name)).toEqual(['person', 'sorted', 'visit', 'visits']);
    expect(schema.warnings).toEqual([
      expect.stringMatching(/^Left out, .*view called: no such function: ours/),
      expect.stringMatching(/^Left out, .*virtual gone: no such module: no_such_module/),
    ]);
    const columns = ['a', 'b'].map((column) => ({ schema: 'main', table: 'sorted', column }));
    expect((await database.distinctValues(columns, 10, never))[1]).toEqual(['y']);
    expect((await verdictOf(database, 'SELECT b FROM sorted', never)).kind).toBe('read');
    await database.close();
  });

  it('runs no statement that stands in the place of a view', async () => {
    const path = fileOf('planted.db', tables);
    const file = new SQLite(path);
    file.unsafeMode(true);
    file.pragma('writable_schema = 1');
    file.exec(
      `INSERT INTO sqlite_master VALUES ('view', 'evil', 'evil', 0, 'CREATE TABLE evil AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n')`,
    );
    file.close();
    const database = await open(path, ['person.ssn']).catch((error: unknown) => error);
    if (database instanceof Error) {
      return expect(database.message).toMatch(/malformed|damaged/);
    }
    const opened = database as Database;
    const run = opened.introspect(everything, never).catch((error: unknown) => error);
    expect(await run).toBeDefined();
    await opened.close();
  });
});

describe('what is no file', () => {
  it.each([
    ['pipe', 'a pipe'],
    ['socket', 'a socket'],
    ['folder', 'a folder'],
    ['/dev/zero', 'a device'],
    ['/dev/null', 'a device'],
  ])('is told at once: %s', async (name, kind) => {
    const path = name.startsWith('/') ? name : join(folder, name);
    if (name === 'pipe') {
      execFileSync('mkfifo', [path]);
    }
    if (name === 'folder') {
      execFileSync('mkdir', [path]);
    }
    const server = createServer();
    if (name === 'socket') {
      await new Promise<void>((resolve) => server.listen(path, resolve));
    }
    await expect(open(path)).rejects.toMatchObject({
      code: 'failed',
      message: `${path} can not be opened: it is ${kind}, not a file`,
    });
    server.close();
  });
});
