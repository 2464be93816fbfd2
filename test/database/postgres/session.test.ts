import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OpenOptions } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { type Changes, type LyingProxy, startLyingProxy } from '../../support/lying-proxy.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { startPostgres, type TestServer } from '../../support/postgres-server.ts';
import { beginWrite, planOf, query } from '../../support/statements.ts';

const never = new AbortController().signal;
const reading: OpenOptions = { access: 'read', timeoutMilliseconds: 20_000, hide: [] };
const server = postgresTarget(inject('postgresUrl') ?? '');

async function shown(target: ServerTarget, options: OpenOptions, name: string): Promise<unknown> {
  const opened = await postgres.open(target, options, never);
  try {
    const rows: unknown[] = [];
    for await (const batch of (await query(opened, `SHOW ${name}`, { signal: never })).batches) {
      rows.push(...batch.flat());
    }
    return rows[0];
  } finally {
    await opened.close();
  }
}

describe("an administrator's settings", () => {
  const database = uniquePostgresName('admin');
  const target = { ...server, database };
  beforeAll(async () => {
    await runPostgres(server, [
      `CREATE DATABASE ${database}`,
      `ALTER DATABASE ${database} SET statement_timeout = '1s'`,
      `ALTER DATABASE ${database} SET lock_timeout = '700ms'`,
      `ALTER DATABASE ${database} SET idle_in_transaction_session_timeout = '2min'`,
      `ALTER DATABASE ${database} SET work_mem = '1MB'`,
    ]);
    await runPostgres(target, ['CREATE TABLE things (id integer)']);
  });
  afterAll(() => runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]));

  it.each([
    ['statement_timeout', '1s'],
    ['lock_timeout', '700ms'],
    ['work_mem', '1MB'],
  ])('hold where they are smaller: %s', async (name, value) => {
    expect(await shown(target, reading, name)).toBe(value);
  });

  it('do not hold where ours are smaller', async () => {
    const options = { ...reading, timeoutMilliseconds: 300 };
    expect(await shown(target, options, 'statement_timeout')).toBe('300ms');
    expect(await shown(target, options, 'idle_in_transaction_session_timeout')).toBe('60300ms');
  });

  it('are what ended a query, and doctor tells them', async () => {
    const opened = await postgres.open(target, reading, never);
    const slow = 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d';
    const ended = (async () => {
      for await (const _batch of (await query(opened, slow, { signal: never })).batches) {
      }
    })();
    await expect(ended).rejects.toMatchObject({
      code: 'limit',
      message: 'The server ended the query after 1 s.',
      hint: expect.stringMatching(/administrator has set .*statement_timeout/),
    });
    expect((await opened.facts(never)).notes?.join('\n')).toMatch(/statement_timeout to 1 s/);
    await opened.close();
  });

  it('forbid a change where they make transactions read-only', async () => {
    await runPostgres(server, [`ALTER DATABASE ${database} SET default_transaction_read_only = on`]);
    const opened = await postgres.open(target, { ...reading, access: 'write' }, never);
    await expect(beginWrite(opened, 'INSERT INTO things VALUES (1)', never)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/read-only/),
      hint: expect.stringMatching(/default_transaction_read_only/),
    });
    await opened.close();
    expect(await shown(target, reading, 'transaction_read_only')).toBe('on');
  });
});

it('reads where the default isolation is serializable', async () => {
  const role = uniquePostgresName('serializable');
  await runPostgres(server, [
    `CREATE ROLE ${role} LOGIN PASSWORD 'x'`,
    `ALTER ROLE ${role} SET default_transaction_isolation = serializable`,
  ]);
  expect(await shown({ ...server, user: role, password: 'x' }, reading, 'transaction_isolation')).toBe(
    'repeatable read',
  );
  await runPostgres(server, [`DROP ROLE ${role}`]);
});

/** A server that speaks the protocol and is another: what it says and hears is changed, letter for letter. */
describe('a server that nods', () => {
  const open: LyingProxy[] = [];
  afterAll(() => Promise.all(open.map((proxy) => proxy.close())));

  async function nodding(heard: Changes, said: Changes = []): Promise<ServerTarget> {
    const proxy = await startLyingProxy(server, heard, said);
    open.push(proxy);
    return { ...server, port: proxy.port };
  }

  it.each<[string, readonly [string, string], RegExp]>([
    ['takes READ ONLY and is not', ['REPEATABLE READ READ ONLY', 'REPEATABLE READ'], /transaction_read_only/],
    [
      'keeps no limit',
      ["set_config('statement_timeout', E'20000'", "set_config('statement_timeout', E'0'"],
      /statement_timeout/,
    ],
    [
      'reads strings otherwise',
      ["set_config('standard_conforming_strings', E'on'", "set_config('standard_conforming_strings', E'no'"],
      /standard_conforming_strings/,
    ],
  ])('is refused where it %s', async (_what, change, message) => {
    const target = await nodding([change]);
    await expect(postgres.open(target, reading, never)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(message),
    });
  });

  it('has to refuse a change where its name is not known, whatever its settings say', async () => {
    const name: readonly [string, string] = ['-bit', ', Qx'];
    const honest = await nodding([], [name]);
    const opened = await postgres.open(honest, reading, never);
    await opened.close();
    const lying = await nodding([['DELETE FROM pg_catalog.pg_description WHERE false', 'SELECT 1']], [name]);
    await expect(postgres.open(lying, reading, never)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/lets a read-only transaction change rows.*PostgreSQL/),
      hint: expect.stringContaining('--trust-guard'),
    });
    const trusted = await postgres.open(lying, { ...reading, trustGuard: true }, never);
    expect(trusted.warnings).toEqual([
      expect.stringMatching(/lets a read-only transaction change rows.* the guard alone stands/),
    ]);
    await trusted.close();
  });

  it('is told from PostgreSQL by what it says', async () => {
    const target = await nodding([], [['\0\0\0', '\x7f\x7f\x7f']]);
    const error: unknown = await postgres.open(target, reading, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/protocol/),
      hint: expect.any(String),
    });
  });
});

describe('a hot standby whose transactions are serializable by default', () => {
  let standby: TestServer | null = null;
  beforeAll(async () => {
    standby = await startPostgres({
      standby: true,
      // No fewer connections than those of the server that the cluster is of.
      settings: ['default_transaction_isolation=serializable', 'max_connections=100'],
    });
  }, 60_000);
  afterAll(() => standby?.stop());

  it('is read as any server', async () => {
    const target = postgresTarget(standby?.url ?? '');
    const opened = await postgres.open(target, reading, never);
    try {
      const sql = "SELECT pg_is_in_recovery(), current_setting('transaction_isolation')";
      await planOf(opened, sql, never);
      const rows: unknown[] = [];
      for await (const batch of (await query(opened, sql, { signal: never })).batches) {
        rows.push(...batch);
      }
      expect(rows).toEqual([[true, 'repeatable read']]);
      expect((await opened.introspect({ schemas: [], include: [], exclude: [] }, never)).tables).toEqual([]);
      expect(await opened.fingerprint(never)).not.toBe('');
    } finally {
      await opened.close();
    }
  });

  it('says of a change that it takes none, and where to go', async () => {
    const target = postgresTarget(standby?.url ?? '');
    const opened = await postgres.open(target, { ...reading, access: 'ddl' }, never);
    try {
      await expect(beginWrite(opened, 'CREATE TABLE made (id int)', never)).rejects.toMatchObject({
        code: 'failed',
        message: expect.stringMatching(/standby/),
        hint: expect.stringMatching(/primary/),
      });
    } finally {
      await opened.close();
    }
  });
});

describe('a time limit of one statement', () => {
  it('is put to the server, and ends with the statement', async () => {
    const opened = await postgres.open(server, reading, never);
    const read = async (sql: string, milliseconds: number): Promise<readonly unknown[]> => {
      const rows: unknown[] = [];
      for await (const batch of (await query(opened, sql, { signal: never, milliseconds })).batches) {
        rows.push(...batch.flat());
      }
      return rows;
    };
    try {
      expect(await read('SHOW statement_timeout', 1_234.5)).toEqual(['1235ms']);
      // No more than the connection's own.
      expect(await read('SHOW statement_timeout', 90_000)).toEqual(['20s']);
      const endless = 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d';
      await expect(read(endless, 300)).rejects.toMatchObject({ code: 'limit' });
      expect(await read('SELECT 1', 300)).toEqual([1]);
    } finally {
      await opened.close();
    }
  });
});
