import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { postgresTarget, runPostgres } from '../../support/postgres-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

/** Encodings of one byte a character, each with a locale that folds its letters: its source, its characters, its name. */
const encodings = {
  LATIN1: ['de_DE', 'ISO-8859-1', 'de_DE.iso88591'],
  LATIN9: ['de_DE@euro', 'ISO-8859-15', 'de_DE.iso885915@euro'],
  WIN1252: ['de_DE', 'CP1252', 'de_DE.cp1252'],
  LATIN5: ['tr_TR', 'ISO-8859-9', 'tr_TR.iso88599'],
  KOI8R: ['ru_RU', 'KOI8-R', 'ru_RU.koi8r'],
  WIN1253: ['el_GR', 'CP1253', 'el_GR.cp1253'],
} as const;

/** Those locales, in a folder of their own; null where this machine has nothing to make one of. */
async function madeLocales(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-locale-'));
  try {
    await Promise.all(
      Object.values(encodings).map(([source, characters, name]) =>
        promisify(execFile)('localedef', [
          '--force',
          '-i',
          source,
          '-f',
          characters,
          join(folder, name),
        ]).catch(
          // It ends with 1 where it warns, as of a locale that names a character which this set has not.
          async (error: unknown) => {
            if (!existsSync(join(folder, name, 'LC_CTYPE'))) {
              throw error;
            }
          },
        ),
      ),
    );
    await chmod(folder, 0o755);
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
}

const locales = await madeLocales();

let server: TestServer | undefined;

beforeAll(async () => {
  if (locales !== null) {
    // The package that starts the server takes the environment when it is loaded.
    process.env['LOCPATH'] = locales;
    const { startPostgres } = await import('../../support/postgres-server.ts');
    server = await startPostgres();
  }
}, 120_000);
afterAll(async () => {
  await server?.stop();
  if (locales !== null) {
    await rm(locales, { recursive: true });
  }
});

/** A database in one of the encodings, whose letters fold. */
async function databaseIn(
  encoding: keyof typeof encodings,
  statements: readonly string[],
): Promise<ServerTarget> {
  const admin = postgresTarget(server?.url ?? '');
  const database = encoding.toLowerCase();
  await runPostgres(admin, [
    `CREATE DATABASE ${database} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE '${encodings[encoding][2]}' TEMPLATE template0`,
  ]);
  await runPostgres({ ...admin, database }, statements);
  return { ...admin, database };
}

describe.skipIf(locales === null)('a database whose encoding folds letters that Unicode text keeps', () => {
  let opened: Database;

  beforeAll(async () => {
    const latin = await databaseIn('LATIN1', [
      'CREATE TABLE lohn (id int, "prämie" int, name text)',
      "INSERT INTO lohn VALUES (1, 4711, 'Jörg')",
      'CREATE TABLE log (t text)',
      'CREATE FUNCTION "lösche"() RETURNS text LANGUAGE sql AS $$ DELETE FROM log RETURNING t $$',
      'CREATE FUNCTION "weiß"() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 7 $$',
      'CREATE FUNCTION reads() RETURNS int LANGUAGE sql STABLE AS $$ SELECT PRÄMIE FROM lohn $$',
      'CREATE FUNCTION calls() RETURNS text LANGUAGE sql STABLE AS $$ SELECT LÖSCHE() $$',
      'CREATE FUNCTION reads_too() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT max(PRÄMIE) FROM lohn); END $$',
    ]);
    opened = await postgres.open(
      latin,
      { access: 'read', timeoutMilliseconds: 20_000, hide: ['*.prämie'] },
      never,
    );
  }, 120_000);
  afterAll(() => opened?.close());

  it.each([
    ['SELECT PRÄMIE FROM lohn', /^prämie is hidden/],
    ['SELECT l.PRÄMIE FROM lohn l', /prämie is hidden/],
    ['SELECT prämie FROM lohn', /prämie is hidden/],
    ['SELECT LÖSCHE()', /^lösche\(\) may change something/],
    ['SELECT reads()', /hidden/],
    ['SELECT reads_too()', /hidden/],
    ['SELECT calls()', /lösche\(\) may change something/],
    ['SELECT name AS € FROM lohn', /encoding of this database has not/],
    [`SELECT 1 AS "${'ä'.repeat(40)}"`, /too long/],
  ])('judges %j as the server reads it', async (sql, reason) => {
    expect(await verdictOf(opened, sql, never)).toMatchObject({
      kind: 'forbidden',
      reason: expect.stringMatching(reason),
    });
  });

  it('runs what it has judged', async () => {
    const rows = [];
    const result = await query(
      opened,
      `SELECT WEIß() AS größe, 'Ü' AS Ä, name AS "Ö" FROM lohn WHERE name = 'Jörg' /* Ö */`,
      { signal: never },
    );
    for await (const batch of result.batches) {
      rows.push(...batch);
    }
    expect(rows).toEqual([[7, 'Ü', 'Jörg']]);
    expect(result.columns.map(({ name }) => name)).toEqual(['größe', 'ä', 'Ö']);
  });
});

/** For each encoding: a column and a function as they are made, and how they may be written besides. */
describe.skipIf(locales === null).each([
  ['LATIN9', 'prämie', 'PRÄMIE', 'lösche', 'LÖSCHE', 'šek', 'ŠEK'],
  ['WIN1252', 'prämie', 'PRÄMIE', 'lösche', 'LÖSCHE', 'œuvre', 'ŒUVRE'],
  ['LATIN5', 'prığm', 'PRıĞM', 'sil_şunu', 'SİL_ŞUNU', 'çok', 'ÇOK'],
  ['KOI8R', 'премия', 'ПРЕМИЯ', 'удали', 'УДАЛИ', 'счёт', 'СЧЁТ'],
  ['WIN1253', 'μισθός', 'ΜΙΣΘΌς', 'σβήσε', 'ΣΒΉΣΕ', 'πόλη', 'ΠΌΛΗ'],
] as const)('a database in %s', (encoding, hidden, hiddenToo, volatile, volatileToo, open, openToo) => {
  let opened: Database;
  beforeAll(async () => {
    const target = await databaseIn(encoding, [
      `CREATE TABLE pay (id int, "${hidden}" int, "${open}" int)`,
      'INSERT INTO pay VALUES (1, 4711, 7)',
      'CREATE TABLE log (t text)',
      `CREATE FUNCTION "${volatile}"() RETURNS text LANGUAGE sql AS $$ DELETE FROM log RETURNING t $$`,
      `CREATE FUNCTION calls() RETURNS text LANGUAGE sql STABLE AS $$ SELECT ${volatileToo}() $$`,
      `CREATE FUNCTION reads() RETURNS int LANGUAGE sql STABLE AS $$ SELECT ${hiddenToo} FROM pay $$`,
    ]);
    opened = await postgres.open(
      target,
      { access: 'read', timeoutMilliseconds: 20_000, hide: [`*.${hidden}`] },
      never,
    );
  }, 60_000);
  afterAll(() => opened?.close());

  it('is judged as the server reads it', async () => {
    for (const sql of [
      `SELECT ${hidden} FROM pay`,
      `SELECT ${hiddenToo} FROM pay`,
      `SELECT p.${hiddenToo} FROM pay p`,
      'SELECT reads()',
      `SELECT ${volatile}()`,
      `SELECT ${volatileToo}()`,
      'SELECT calls()',
    ]) {
      expect(await verdictOf(opened, sql, never), sql).toMatchObject({
        kind: 'forbidden',
        reason: expect.stringMatching(/hidden|may change something/),
      });
    }
    const rows: unknown[] = [];
    const written = `SELECT ${open}, p.${openToo}, "${open}", '${openToo}' FROM pay AS p`;
    for await (const batch of (await query(opened, written, { signal: never })).batches) {
      rows.push(...batch);
    }
    expect(rows).toEqual([[7, 7, 7, openToo]]);
  });

  it('is not tricked by a letter that becomes one of ASCII', async () => {
    // `İ` becomes `i` in Turkish; the other encodings have no such letter.
    expect((await verdictOf(opened, 'SELECT pg_advİsory_lock(1)', never)).kind).toBe('forbidden');
  });
});
