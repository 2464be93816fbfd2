import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database, OpenOptions } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { type Pooler, startPgbouncer } from '../../support/pgbouncer.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { emptyEnvironment, programFile } from '../../support/program.ts';
import { beginWrite, planOf, query, queryCsv, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const options: OpenOptions = { access: 'read', timeoutMilliseconds: 7_000, hide: [] };
const endless = 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d';

async function rowsOf(opened: Database, sql: string): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const { batches } = await query(opened, sql, { signal: never });
  for await (const batch of batches) {
    rows.push(...batch);
  }
  return rows;
}

/** What the pool's next client finds of a session that went before. */
async function traces(client: Client): Promise<unknown> {
  const { rows } = await client.query(`
    SELECT current_setting('transaction_read_only') AS "readOnly",
           (SELECT json_object_agg(name, setting) FROM pg_settings
             WHERE source = 'session' AND name NOT IN ('application_name', 'client_encoding')) AS settings,
           (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
           (SELECT count(*)::int FROM pg_class WHERE relnamespace = pg_my_temp_schema()) AS temporary,
           (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`);
  return rows[0];
}

const nothing = { readOnly: 'off', settings: null, prepared: 0, temporary: 0, locks: 0 };

describe.each(['installed', 'newest'] as const)('the %s PgBouncer', (source) => {
  const database = uniquePostgresName(`pooled_${source}`);
  const server: ServerTarget = { ...postgresTarget(inject('postgresUrl') ?? ''), database };
  const started: Pooler[] = [];

  async function pool(
    ...[mode, settings]: [Parameters<typeof startPgbouncer>[2], string[]?]
  ): Promise<ServerTarget> {
    const pooler = await startPgbouncer(source, server, mode, settings);
    if (pooler === null) {
      throw new Error('PgBouncer can be had neither from the PATH nor from Debian');
    }
    started.push(pooler);
    return pooler.target;
  }

  /** How many statements with this mark the server runs now. */
  async function running(mark: string): Promise<number> {
    const watcher = await connectTo(server);
    const { rows } = await watcher.query(
      "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
      [`%${mark}%`],
    );
    await watcher.end();
    return rows.length;
  }

  beforeAll(async () => {
    await runPostgres({ ...server, database: 'postgres' }, [`CREATE DATABASE ${database}`]);
    await runPostgres(server, ['CREATE TABLE things (id integer)', 'INSERT INTO things VALUES (1)']);
  });
  afterAll(async () => {
    for (const pooler of started) {
      await pooler.stop();
    }
    await runPostgres({ ...server, database: 'postgres' }, [`DROP DATABASE ${database} WITH (FORCE)`]);
  });

  describe.each([
    ['transaction', []],
    ['transaction', ['ignore_startup_parameters = extra_float_digits,options']],
    // Nothing is reset for the next client but what a client has to undo itself.
    ['session', ['server_reset_query =']],
  ] as const)('in mode %s %j', (mode, settings) => {
    let target: ServerTarget;
    beforeAll(async () => {
      target = await pool(mode, [...settings]);
    });

    it('has limits and read-only in force, run after run', async () => {
      for (let run = 0; run < 3; run++) {
        const opened = await postgres.open(target, options, never);
        const shown: unknown[] = [];
        for (const name of [
          'default_transaction_read_only',
          'transaction_read_only',
          'statement_timeout',
          'standard_conforming_strings',
        ]) {
          shown.push(...(await rowsOf(opened, `SHOW ${name}`)).flat());
        }
        expect(shown).toEqual(['on', 'on', '7s', 'on']);
        expect((await verdictOf(opened, 'SELECT pg_sleep(1)', never)).kind).toBe('forbidden');
        expect((await opened.facts(never)).notes?.join()).toMatch(/pooler/);
        await opened.close();
      }
    });

    it('leaves nothing to the next client', async () => {
      const opened = await postgres.open(target, options, never);
      await opened.introspect({ schemas: [], include: [], exclude: [] }, never);
      await opened.fingerprint(never);
      await planOf(opened, 'SELECT id FROM things', never);
      await rowsOf(opened, 'SELECT id FROM things');
      for await (const _chunk of (await queryCsv(opened, 'SELECT * FROM things', { signal: never }))
        ?.chunks ?? []) {
      }
      await opened.distinctValues([{ schema: 'public', table: 'things', column: 'id' }], 10, never);
      await expect(rowsOf(opened, 'SELECT 1/0')).rejects.toThrow(/division by zero/);
      if (mode === 'session') {
        await opened.close();
      }
      const other = await connectTo(target);
      expect(await traces(other)).toEqual(nothing);
      await other.query('INSERT INTO things VALUES (2)');
      await other.query('DELETE FROM things WHERE id = 2');
      await other.end();
      await opened.close();
    });

    it('leaves nothing after a change, whether it was made or taken back', async () => {
      const opened = await postgres.open(target, { ...options, access: 'write' }, never);
      await (await beginWrite(opened, 'INSERT INTO things VALUES (3)', never)).rollback();
      await (await beginWrite(opened, 'INSERT INTO things VALUES (4)', never)).commit();
      await opened.close();
      const other = await connectTo(target);
      expect(await traces(other)).toEqual(nothing);
      expect((await other.query('SELECT id FROM things ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 4 }]);
      await other.query('DELETE FROM things WHERE id = 4');
      await other.end();
    });
  });

  it('ends what took too long, and nothing of another client', async () => {
    const target = await pool('transaction', ['default_pool_size = 2']);
    const opened = await postgres.open(target, { ...options, timeoutMilliseconds: 1_500 }, never);
    await rowsOf(opened, 'SELECT id FROM things');
    // The server's connection that the login had is another's from now on.
    const other = await connectTo(target);
    const sleeping = other.query("SELECT pg_sleep(3)::text AS slept, 'pooled_other' AS mark");
    await expect(rowsOf(opened, `${endless} WHERE 'pooled_deadline' <> ''`)).rejects.toMatchObject({
      code: 'limit',
    });
    expect(await running('pooled_deadline')).toBe(0);
    expect((await sleeping).rows).toEqual([{ slept: '', mark: 'pooled_other' }]);
    await other.end();
    await opened.close();
  });

  it('cancels what runs, and nothing of another client', async () => {
    const target = await pool('transaction', ['default_pool_size = 2']);
    const opened = await postgres.open(target, { ...options, timeoutMilliseconds: 60_000 }, never);
    await rowsOf(opened, 'SELECT id FROM things');
    const other = await connectTo(target);
    const sleeping = other.query("SELECT pg_sleep(3)::text AS slept, 'pooled_other' AS mark");
    const stop = new AbortController();
    const asked = query(opened, `${endless} WHERE 'pooled_cancel' <> ''`, { signal: stop.signal });
    const reading = asked.then(async ({ batches }) => {
      for await (const _batch of batches) {
      }
    });
    const ended = expect(reading).rejects.toThrow(/enough/);
    await expect.poll(() => running('pooled_cancel'), { timeout: 30_000 }).toBe(1);
    stop.abort(new Error('enough'));
    await ended;
    expect(await running('pooled_cancel')).toBe(0);
    expect((await sleeping).rows).toEqual([{ slept: '', mark: 'pooled_other' }]);
    // The connection is of use after that.
    expect(await rowsOf(opened, 'SELECT id FROM things')).toEqual([[1]]);
    await other.end();
    await opened.close();
  });

  it('ends by Ctrl-C what runs, and says what nobody can know', { retry: 2 }, async () => {
    const target = await pool('transaction', ['default_pool_size = 2']);
    const other = await connectTo(target);
    const sleeping = other.query("SELECT pg_sleep(4)::text AS slept, 'pooled_other' AS mark");
    // Where the test fails before it waits for it.
    sleeping.catch(() => {});
    const url = `postgres://${target.user}:${target.password}@${target.host}:${target.port}/${database}?sslmode=disable`;
    const program = spawn(
      process.execPath,
      [programFile, 'run', '--db', url, `${endless} WHERE 'pooled_process' <> ''`],
      { env: emptyEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    program.stderr.on('data', (text) => {
      said += String(text);
    });
    const ended = once(program, 'close');
    await expect.poll(() => running('pooled_process'), { timeout: 30_000 }).toBe(1);
    // What was seen may have been its plan, which is over in no time.
    await sleep(1000);
    await expect.poll(() => running('pooled_process'), { timeout: 30_000 }).toBe(1);
    program.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await running('pooled_process')).toBe(0);
    expect(said).toMatch(/Cancelled\.[\s\S]*A pooler stands between/);
    expect((await sleeping).rows).toEqual([{ slept: '', mark: 'pooled_other' }]);
    await other.end();
  });

  it('is refused where it lends a connection for one statement at a time', async () => {
    const target = await pool('statement');
    await expect(postgres.open(target, options, never)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/one statement at a time/),
      hint: expect.stringMatching(/pool_mode = transaction or session/),
    });
  });
});
