import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { postgresTarget, runPostgres } from '../../support/postgres-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

/** A German locale in Latin 1, in a folder of its own; null where this machine has nothing to make one of. */
async function germanLocale(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-locale-'));
  try {
    await promisify(execFile)('localedef', [
      '-i',
      'de_DE',
      '-f',
      'ISO-8859-1',
      join(folder, 'de_DE.iso88591'),
    ]);
    await chmod(folder, 0o755);
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
}

const locales = await germanLocale();

describe.skipIf(locales === null)('a database whose encoding folds letters that Unicode text keeps', () => {
  let server: TestServer;
  let opened: Database;

  beforeAll(async () => {
    // The package that starts the server takes the environment when it is loaded.
    process.env['LOCPATH'] = locales ?? '';
    const { startPostgres } = await import('../../support/postgres-server.ts');
    server = await startPostgres();
    const target = postgresTarget(server.url);
    await runPostgres(target, [
      "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'de_DE.iso88591' TEMPLATE template0",
    ]);
    const latin = { ...target, database: 'latin' };
    await runPostgres(latin, [
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
  afterAll(async () => {
    await opened?.close();
    await server?.stop();
    if (locales !== null) {
      await rm(locales, { recursive: true });
    }
  });

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
