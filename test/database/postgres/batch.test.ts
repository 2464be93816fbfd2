import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { arrayText, runBatch, type TextRow } from '../../../src/database/postgres/wire/batch.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('several statements in one message', () => {
  const database = uniquePostgresName('batch');
  let server: ServerTarget;
  let client: Client;

  beforeAll(async () => {
    const admin = postgresTarget(inject('postgresUrl') ?? '');
    server = { ...admin, database };
    await runPostgres(admin, [`CREATE DATABASE ${database}`]);
    await runPostgres(server, [
      'CREATE TABLE kept (id int)',
      'CREATE SCHEMA other',
      'CREATE VIEW other.hashes AS SELECT rolpassword FROM pg_authid',
      'CREATE TABLE hashes (rolpassword text)',
    ]);
    client = await connectTo(server);
  });
  afterAll(async () => {
    await client?.end();
    await runPostgres({ ...server, database: 'postgres' }, [
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
    ]);
  });
  beforeEach(() => client.query('TRUNCATE kept'));

  it('gives the rows of each, with values as they were given', async () => {
    const odd = ['a"b', 'c\\d', '{e,f}', null, 'NULL', ''];
    expect(
      await runBatch(client, [
        { text: 'BEGIN' },
        { text: 'SELECT unnest($1::text[])', values: [arrayText(odd)] },
        { text: 'SELECT $1::text IS NULL, 2', values: [null] },
        { text: 'ROLLBACK' },
      ]),
    ).toEqual([[], odd.map((text) => [text]), [['t', '2']], []]);
  });

  it('runs nothing after what has failed, though no transaction had begun', async () => {
    const seen: TextRow[][] = [];
    const batch = [{ text: 'SELECT 1' }, { text: 'BEGIN nonsense' }, { text: 'INSERT INTO kept VALUES (1)' }];
    await expect(runBatch(client, batch, seen)).rejects.toMatchObject({ code: '42601' });
    expect(seen).toEqual([[['1']]]);
    expect((await client.query('SELECT * FROM kept')).rows).toEqual([]);
  });

  it('looks a name up where the search path leads now, not where it led before', async () => {
    const role = uniquePostgresName('moved');
    await runPostgres(server, [`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'moved'`]);
    const opened = await postgres.open(
      { ...server, user: role, password: 'moved' },
      { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
      never,
    );
    const sql = 'SELECT * FROM hashes';
    try {
      expect((await verdictOf(opened, sql, never)).kind).toBe('read');
      // The role's own schema stands before `public` on the path.
      await runPostgres(server, [`ALTER SCHEMA other RENAME TO ${role}`]);
      expect(await verdictOf(opened, sql, never)).toMatchObject({ kind: 'forbidden' });
      await runPostgres(server, [`ALTER SCHEMA ${role} RENAME TO other`]);
      expect((await verdictOf(opened, sql, never)).kind).toBe('read');
    } finally {
      await opened.close();
      await runPostgres(server, [`DROP ROLE ${role}`]);
    }
  });
});
