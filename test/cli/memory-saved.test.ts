import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { parseSaved } from '../../src/memory/saved.ts';
import { type Ended, emptyEnvironment, runProgram } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

const shop = [
  'CREATE TABLE orders (id integer PRIMARY KEY, country varchar(40), placed date, total decimal(10,2))',
  `INSERT INTO orders VALUES (1, 'Norway', '2024-12-31', 10.25), (2, 'Norway', '2025-01-01', 20.25),
   (3, 'O''Hara', '2025-06-01', 30.25), (4, 'Norway', '2025-12-31', 40.5), (5, 'Norway', '2026-01-01', 50.75)`,
];

const total =
  "SELECT count(*) AS n, sum(total) AS total FROM orders WHERE placed >= '2025-01-01' AND placed < '2026-01-01' AND country = 'Norway'";

const mariadbServer = inject('mariadbUrl') ?? '';

let postgres: string;
let mariadb: string;
let sqlite: string;

beforeAll(async () => {
  const admin = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await admin.connect();
  await admin.query('DROP DATABASE IF EXISTS sqlq_memory_saved');
  await admin.query('CREATE DATABASE sqlq_memory_saved');
  await admin.end();
  postgres = `${inject('postgresUrl')}/sqlq_memory_saved`;
  const own = new pg.Client({ connectionString: postgres });
  await own.connect();
  for (const sql of shop) {
    await own.query(sql);
  }
  await own.end();
  const maria = await mysql.createConnection(mariadbServer);
  await maria.query('CREATE OR REPLACE DATABASE sqlq_memory_saved');
  await maria.changeUser({ database: 'sqlq_memory_saved' });
  for (const sql of shop) {
    await maria.query(sql);
  }
  await maria.end();
  mariadb = `${mariadbServer.replace(/\/+$/u, '')}/sqlq_memory_saved`;
  const { default: Driver } = await import('better-sqlite3');
  sqlite = join(mkdtempSync(join(tmpdir(), 'sqlq-saved-')), 'shop.sqlite');
  const file = new Driver(sqlite);
  for (const sql of shop) {
    file.exec(sql);
  }
  file.close();
});
afterAll(async () => {
  const admin = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await admin.connect();
  await admin.query('DROP DATABASE IF EXISTS sqlq_memory_saved');
  await admin.end();
  const maria = await mysql.createConnection(mariadbServer);
  await maria.query('DROP DATABASE IF EXISTS sqlq_memory_saved');
  await maria.end();
});

let environment: Record<string, string>;
let folder: string;

beforeEach(() => {
  environment = emptyEnvironment();
  folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
});

const sqlq = (...argv: readonly string[]): Promise<Ended> => runProgram(argv, { environment, folder });

/** Saves a statement under a name, as the answer to a question. */
async function save(name: string, db: string, sql: string): Promise<Ended> {
  const ask = () =>
    sqlq('ask', '--db', db, '--profile', 'offline', '--yes', '-q', 'how many orders are there?');
  await ask();
  await sqlq('bad', '--sql', sql);
  await ask();
  return sqlq('save', name, '--db', db);
}

const engines = [
  ['SQLite', () => sqlite],
  ['PostgreSQL', () => postgres],
  ['MariaDB', () => mariadb],
] as const;

describe.each(engines)('a saved question on %s', (_engine, place) => {
  it('runs with other values, bound by the driver', async () => {
    const db = place();
    const saved = await save('norway', db, total);
    expect(saved.stderr).toContain('sqlq run norway --year 2025 --country Norway');
    const text = readFileSync(join(folder, '.sqlq', 'norway.sql'), 'utf8');
    expect(text).toContain('-- how many orders are there?\n');
    expect(text).toContain('-- parameter year: year = 2025\n-- parameter country: text = Norway\n');
    expect(text).toMatch(/^-- reads orders: country \S+.*, placed date, total decimal|numeric/imu);
    expect(text).not.toContain("'");
    const run = async (...flags: readonly string[]) =>
      (await sqlq('run', 'norway', '--db', db, ...flags)).stdout.split('\n')[1];
    expect(await run()).toMatch(/^2,60\.750?$/u);
    expect(await run('--year', '2024')).toMatch(/^1,10\.250?$/u);
    expect(await run('--country', "O'Hara")).toMatch(/^1,30\.250?$/u);
    for (const attack of [
      "x' OR '1'='1",
      "\\' OR 1=1 -- ",
      "'; DROP TABLE orders; --",
      '$1',
      ':year_from',
      '?',
    ]) {
      expect(await run(`--country=${attack}`)).toBe('0,');
    }
    expect(await run('--format', 'csv')).toMatch(/^2,/u);
  });

  it('binds numbers as numbers, and counts of rows', async () => {
    const db = place();
    await save('top', db, 'SELECT id FROM orders WHERE total > 15.05 AND id <> 99 ORDER BY id LIMIT 2');
    const rows = async (...flags: readonly string[]) =>
      (await sqlq('run', 'top', '--db', db, ...flags)).stdout;
    expect(await rows()).toBe('id\n2\n3\n');
    expect(await rows('--top', '1', '--min-total', '40.51')).toBe('id\n5\n');
    expect(await rows('--not-id=2', '--min-total', '-1')).toBe('id\n1\n3\n');
  });

  it('is reported where the schema has changed', async () => {
    const db = place();
    await save('norway', db, total);
    const path = join(folder, '.sqlq', 'norway.sql');
    writeFileSync(path, readFileSync(path, 'utf8').replace('country ', 'countree text, country '));
    const ended = await sqlq('run', 'norway', '--db', db);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('orders.countree is gone');
    expect(ended.stderr).toContain('sqlq save norway --force');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/countree text, country [^,]+,/u, 'country blob,'),
    );
    const warned = await sqlq('run', 'norway', '--db', db);
    expect(warned).toMatchObject({ code: 0 });
    expect(warned.stderr).toContain('orders.country was blob and is ');
  });
});

/** Files that a colleague may have planted: what a careless reader sees differs from what a server does. */
const planted = [
  ['postgres', "/* /* */ :n */ SELECT pg_read_file('/etc/hostname'), :n::text"],
  ['postgres', "SELECT 1 /* /* */ :n */, pg_read_file('/etc/hostname') || :n::text"],
  ['postgres', "SELECT E':n\\'', pg_read_file('/etc/hostname'), :n::text, ''"],
  ['postgres', "SELECT $$:n$$, pg_read_file('/etc/hostname') || :n::text"],
  ['mysql', "SELECT 1 # :n\n, load_file('/etc/hostname'), :n"],
  ['mysql', "SELECT 1 --:n\n, load_file('/etc/hostname'), :n"],
  ['mysql', "SELECT ':n\\', load_file('/etc/hostname'), ':n'"],
  ['mysql', "SELECT /*! load_file('/etc/hostname'), */ :n"],
  ['sqlite', "SELECT ':n', load_extension('/etc/hostname'), :n"],
  ['sqlite', 'SELECT 1 -- :n\n; DELETE FROM orders'],
] as const;

describe('a planted file', () => {
  const places = { sqlite: () => sqlite, postgres: () => postgres, mysql: () => mariadb };

  it.each(planted)('on %s does nothing with %s', async (engine, sql) => {
    const db = places[engine]();
    mkdirSync(join(folder, '.sqlq'));
    for (const value of ['*/ SELECT 1 --', "'", '\\']) {
      const header = `-- q\n-- database: ${engine}\n-- parameter n: text = ${JSON.stringify(value)}\n\n`;
      writeFileSync(join(folder, '.sqlq', 'x.sql'), header + sql);
      const ended = await sqlq('run', 'x', '--db', db);
      expect(ended.stdout, value).toBe('');
      expect(ended.code, value).toBeGreaterThan(0);
    }
  });

  it.each([
    ['sqlite', "SELECT 1 /* ' */, 'x' -- 'y\nFROM orders", "SELECT 1 , 'x'\nFROM orders"],
    ['postgres', "SELECT 1 /* /* ' */ , 2 */, 'x' FROM orders", "SELECT 1 , 'x' FROM orders"],
    ['mysql', "SELECT 1 # '\n, 'x' FROM orders -- y", "SELECT 1\n, 'x' FROM orders"],
  ] as const)('on %s loses its comments when it is read', async (engine, sql, bare) => {
    expect(parseSaved(`-- q\n-- database: ${engine}\n\n${sql}`, 'x.sql').sql).toBe(bare);
    expect(() => parseSaved(`-- q\n-- database: ${engine}\n\nSELECT $$ -- $$ /* x`, 'x.sql')).toThrow(
      /comments can not be told/,
    );
  });
});

it.each(engines)("a comment in a model's SQL is not saved on %s", async (_engine, place) => {
  const db = place();
  const saved = await save(
    'hidden',
    db,
    "SELECT count(*) AS n FROM orders /* ' */ WHERE country = 'Norway' -- */, x",
  );
  expect(saved.code).toBe(0);
  const text = readFileSync(join(folder, '.sqlq', 'hidden.sql'), 'utf8');
  expect(text.slice(text.lastIndexOf('-- reads'))).not.toMatch(/\/\*|\*\/|\n.*, x/u);
  expect((await sqlq('run', 'hidden', '--db', db)).stdout).toBe('n\n4\n');
});

describe('parameters', () => {
  it('are listed where one is unknown, missing or wrong', async () => {
    await save('norway', sqlite, total);
    for (const [flags, message] of [
      [['--yaer', '2025'], 'norway has no parameter --yaer. Did you mean --year?'],
      [['--year'], '--year has no value.'],
      [['--year', 'last'], '--year takes a year such as 2025, not "last".'],
      [['2025'], '"2025" stands alone'],
    ] as const) {
      const ended = await sqlq('run', 'norway', '--db', sqlite, ...flags);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(message);
    }
    const path = join(folder, '.sqlq', 'norway.sql');
    writeFileSync(path, readFileSync(path, 'utf8').replace('year: year = 2025', 'year: year'));
    const missing = await sqlq('run', 'norway', '--db', sqlite);
    expect(missing.stderr).toContain('norway needs --year.');
    expect(missing.stderr).toContain('--country  text, Norway unless given');
  });

  it('leave the flags of SQL as they were', async () => {
    expect((await sqlq('run', '--frmat', 'csv')).stderr).toContain('--format');
    expect(await sqlq('run', '--db', sqlite, 'SELECT 1', 'AS n')).toMatchObject({ code: 2 });
    expect(await sqlq('run', '--db', sqlite, 'SELECT 1 AS n', '--limit', '1')).toMatchObject({
      stdout: 'n\n1\n',
    });
  });
});

describe('the files', () => {
  it('are listed, not replaced without a word, and named where a name is misspelt', async () => {
    await save('norway', sqlite, total);
    expect((await sqlq('saved')).stdout).toBe('norway  how many orders are there?  --year --country\n');
    expect((await sqlq('save', 'norway', '--db', sqlite)).stderr).toContain('--force');
    expect((await sqlq('save', 'norway', '--db', sqlite, '--force')).code).toBe(0);
    expect((await sqlq('save', '../norway', '--db', sqlite)).code).toBe(2);
    expect(existsSync(join(folder, 'norway.sql'))).toBe(false);
    expect((await sqlq('run', 'norwya', '--db', sqlite)).stderr).toContain('Did you mean norway?');
  });

  it.each([
    ['-- q\n\nSELECT 1', 'line 1: it does not say which database it is for'],
    ['-- q\n-- database: sqlite\n-- parameter x = 1\n\nSELECT 1', 'line 3'],
    ['-- q\n-- database: sqlite\n\nSELECT :x', ':x, which is no parameter'],
    ['-- q\n-- database: oracle\n\nSELECT 1', 'no database is called "oracle"'],
    ['-- q\n-- database: sqlite\n', 'there is no SQL'],
  ])('say what is wrong: %j', async (text, message) => {
    await save('norway', sqlite, total);
    writeFileSync(join(folder, '.sqlq', 'norway.sql'), text);
    const ended = await sqlq('run', 'norway', '--db', sqlite);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  it('can not write, whatever they hold', async () => {
    await save('norway', sqlite, total);
    for (const sql of ['DELETE FROM orders WHERE id = :id', 'SELECT 1; DELETE FROM orders WHERE id = :id']) {
      const text = `-- q\n-- database: sqlite\n-- parameter id: integer = 1\n\n${sql}\n`;
      writeFileSync(join(folder, '.sqlq', 'norway.sql'), text);
      expect(await sqlq('run', 'norway', '--db', sqlite)).toMatchObject({ code: 3, stdout: '' });
      expect(await sqlq('run', 'norway', '--db', sqlite, '--write', '--yes')).toMatchObject({ code: 3 });
    }
    expect((await sqlq('run', '--db', sqlite, 'SELECT count(*) AS n FROM orders')).stdout).toBe('n\n5\n');
  });
});

it('offers in a terminal to ask anew where the schema has changed', async () => {
  await save('norway', sqlite, total);
  const path = join(folder, '.sqlq', 'norway.sql');
  writeFileSync(path, readFileSync(path, 'utf8').replace('country ', 'countree text, country '));
  const terminal = startInTerminal(['run', 'norway', '--db', sqlite, '--yes'], { environment, folder });
  await terminal.waitFor('orders.countree is gone');
  await terminal.waitFor('Ask the question anew');
  terminal.type(keys.enter);
  await terminal.waitFor('60.75');
  expect(await terminal.exited).toBe(0);
});
