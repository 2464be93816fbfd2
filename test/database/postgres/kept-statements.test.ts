import { DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { runBatch } from '../../../src/database/postgres/wire/batch.ts';
import { keptStatements } from '../../../src/database/postgres/wire/kept-statements.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { planOf, query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('statements that the server keeps', () => {
  const database = uniquePostgresName('kept');
  let server: ServerTarget;
  let opened: Database;

  async function rows(sql: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for await (const batch of (await query(opened, sql, { signal: never })).batches) {
      found.push(...batch);
    }
    return found;
  }

  beforeAll(async () => {
    const admin = postgresTarget(inject('postgresUrl') ?? '');
    server = { ...admin, database };
    await runPostgres(admin, [`CREATE DATABASE ${database}`]);
    await runPostgres(server, [
      "CREATE TYPE mood AS ENUM ('glad')",
      'CREATE TABLE people (id int, mood mood)',
      'CREATE VIEW moods AS SELECT mood FROM people',
    ]);
    opened = await postgres.open(server, { access: 'read', timeoutMilliseconds: 10_000, hide: [] }, never);
  });
  afterAll(async () => {
    await opened?.close();
    await runPostgres({ ...server, database: 'postgres' }, [`DROP DATABASE ${database} WITH (FORCE)`]);
  });

  it('are of random names, and are planned once', async () => {
    const select = 'SELECT name, generic_plans FROM pg_prepared_statements ORDER BY prepare_time';
    await planOf(opened, 'SELECT * FROM moods', never);
    const before = await rows(select);
    await planOf(opened, 'SELECT * FROM moods', never);
    const after = await rows(select);
    expect(before.length).toBeGreaterThan(2);
    expect(after).toHaveLength(before.length);
    expect(after).toEqual(
      before.map(() => [expect.stringMatching(/^sqlq_[0-9a-f]{16}$/), expect.anything()]),
    );
  });

  it('are done without once the connection turns out to be of another backend', async () => {
    expect((await verdictOf(opened, 'SELECT * FROM moods', never)).kind).toBe('read');
    const client = await connectTo(server);
    const kept = keptStatements(true);
    const step = kept.step('SELECT $1::text', ['a']);
    expect(await runBatch(client, [step])).toEqual([[['a']]]);
    expect(step.kept?.isThere).toBe(true);
    await client.query('DEALLOCATE ALL');
    const error: unknown = await runBatch(client, [kept.step('SELECT $1::text', ['b'])]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DatabaseError);
    expect(kept.learnFrom(error)).toBe(true);
    expect(await runBatch(client, [kept.step('SELECT $1::text', ['c'])])).toEqual([[['c']]]);
    expect((await client.query('SELECT 1 FROM pg_prepared_statements')).rows).toEqual([]);
    await client.end();
  });

  it('have another name when the first time failed', async () => {
    const client = await connectTo(server);
    const kept = keptStatements(true);
    const ask = (value: string) => runBatch(client, [kept.step('SELECT 1 / $1::int', [value])]);
    const error: unknown = await ask('0').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: '22012' });
    expect(kept.learnFrom(error)).toBe(false);
    expect(await ask('1')).toEqual([[['1']]]);
    await client.end();
  });
});

describe('a statement runs in the transaction that it was judged in', () => {
  let opened: Database;
  beforeAll(async () => {
    const target = postgresTarget(inject('postgresUrl') ?? '');
    opened = await postgres.open(target, { access: 'read', timeoutMilliseconds: 9_000, hide: [] }, never);
  });
  afterAll(() => opened?.close());

  it('with nothing of what our own queries set', async () => {
    const sql = `SELECT current_setting('search_path'), current_setting('jit'), current_setting('transaction_read_only'),
      current_setting('statement_timeout'), now() = statement_timestamp()`;
    const { statement } = await opened.admit(sql, [], never);
    if (statement === null) {
      throw new Error('not admitted');
    }
    const found: unknown[] = [];
    for await (const batch of (await opened.query(statement, { signal: never })).batches) {
      found.push(...batch);
    }
    expect(found).toEqual([['"$user", public', expect.stringMatching(/^o/), 'on', '9s', false]]);
  });

  it('which ends where the statement is not run after all', async () => {
    await opened.admit('SELECT 1', [], never);
    expect((await opened.facts(never)).superuser).toBe(true);
    await opened.admit('SELECT 2', [], never);
    expect((await verdictOf(opened, 'DELETE FROM pg_class', never)).kind).toBe('forbidden');
    const found: unknown[] = [];
    for await (const batch of (await query(opened, 'SELECT 3', { signal: never })).batches) {
      found.push(...batch);
    }
    expect(found).toEqual([[3]]);
  });

  it('or where its operation has ended', async () => {
    const watcher = await connectTo(postgresTarget(inject('postgresUrl') ?? ''));
    const state = async (): Promise<unknown> => {
      const pid = opened.session?.split('/')[0];
      return (await watcher.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid])).rows[0];
    };
    await opened.admit('SELECT 4', [], never);
    expect(await state()).toEqual({ state: 'idle in transaction' });
    await opened.settle?.();
    expect(await state()).toEqual({ state: 'idle' });
    await watcher.end();
  });

  it('and still may not become one that writes', async () => {
    for (const sql of ['SET TRANSACTION READ WRITE', 'RELEASE sqlq', 'ROLLBACK TO sqlq']) {
      expect((await verdictOf(opened, sql, never)).kind).toBe('forbidden');
    }
  });
});
