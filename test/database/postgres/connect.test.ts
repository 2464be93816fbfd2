import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database, OpenOptions } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget, Tls } from '../../../src/database/target.ts';
import { SqlqError } from '../../../src/errors.ts';
import { freePort } from '../../support/free-port.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { startPostgres, type TestServer } from '../../support/postgres-server.ts';
import { planOf, query, queryCsv } from '../../support/statements.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const options: OpenOptions = { access: 'read', timeoutMilliseconds: 5_000, hide: [] };

async function failure(target: ServerTarget): Promise<SqlqError> {
  const opened = await postgres.open(target, options, never).then(
    (database) => database.close(),
    (error: unknown) => error,
  );
  expect(opened).toBeInstanceOf(SqlqError);
  return opened as SqlqError;
}

describe('connecting to PostgreSQL', () => {
  const role = uniquePostgresName('connect');
  const idle = uniquePostgresName('connect_nologin');
  let server: ServerTarget;

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    await runPostgres(server, [
      `CREATE ROLE ${role} LOGIN PASSWORD 'right'`,
      `CREATE ROLE ${idle} PASSWORD 'x'`,
    ]);
  });
  afterAll(() => runPostgres(server, [`DROP ROLE ${role}`, `DROP ROLE ${idle}`]));

  it.each<[string, (server: ServerTarget) => Partial<ServerTarget>, RegExp]>([
    ['a wrong password', () => ({ user: role, password: 'wrong' }), /did not accept the password of role/],
    ['no password', () => ({ user: role, password: null }), /wants a password/],
    [
      'an unknown role',
      () => ({ user: 'nobody_here', password: 'x' }),
      /did not accept the password of role nobody_here/,
    ],
    ['a role that may not log in', () => ({ user: idle, password: 'x' }), /may not log in/],
    [
      'an unknown database',
      () => ({ database: 'no_such_database' }),
      /There is no database no_such_database/,
    ],
    ['an unknown host', () => ({ host: 'no-such-host.invalid' }), /host no-such-host\.invalid is not known/],
    ['no socket', () => ({ socket: '/no/such/folder' }), /no PostgreSQL socket in \/no\/such\/folder/],
    [
      'a server without encryption',
      () => ({ tls: { mode: 'verify-full', ca: null, certificate: null, key: null } }),
      /offers no encryption/,
    ],
  ])('says what is wrong: %s', async (_name, change, message) => {
    const error = await failure({ ...server, ...change(server) });
    expect(error.code).toBe('failed');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/\S/);
    expect(`${error.message} ${error.hint}`).not.toContain('wrong');
  });

  it('says that nothing listens', async () => {
    expect((await failure({ ...server, port: await freePort() })).message).toMatch(/No server answers at/);
  });

  it('says that something else listens', async () => {
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    if (address === null || typeof address === 'string') {
      throw new Error('no port');
    }
    expect((await failure({ ...server, port: address.port })).code).toBe('failed');
    stranger.close();
  });

  it('stops when the signal says so', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') {
      throw new Error('no port');
    }
    const opening = postgres.open({ ...server, port: address.port }, options, AbortSignal.timeout(100));
    await expect(opening).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.close();
  });

  describe('the session', () => {
    let opened: Database;
    let watcher: Client;
    beforeAll(async () => {
      opened = await postgres.open(server, options, never);
      watcher = await connectTo(server);
    });
    afterAll(async () => {
      await opened?.close();
      await watcher?.end();
    });

    it.each([
      ['default_transaction_read_only', 'on'],
      ['transaction_read_only', 'on'],
      ['transaction_isolation', 'repeatable read'],
      ['statement_timeout', '5s'],
      ['lock_timeout', '5s'],
      ['standard_conforming_strings', 'on'],
      ['client_encoding', 'UTF8'],
      ['application_name', 'sqlq'],
    ])('has %s = %s', async (name, value) => {
      const rows: unknown[] = [];
      for await (const batch of (await query(opened, `SHOW ${name}`, { signal: never })).batches) {
        rows.push(...batch);
      }
      expect(rows).toEqual([[value]]);
    });

    it('is idle, without a transaction, when nothing runs', async () => {
      const pid = opened.session?.split('/')[0];
      const state = async () =>
        (await watcher.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid])).rows;
      // Nobody waits for its ROLLBACK.
      await expect.poll(state, { timeout: 30_000 }).toEqual([{ state: 'idle' }]);
    });

    it('ends a query that takes too long, as a limit', async () => {
      const impatient = await postgres.open(server, { ...options, timeoutMilliseconds: 200 }, never);
      const slow = 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d';
      const reading = (async () => {
        for await (const _batch of (await query(impatient, slow, { signal: never })).batches) {
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'limit' });
      await impatient.close();
    });

    it('leaves nothing running on the server when its reader goes', async () => {
      const pid = opened.session?.split('/')[0];
      const result = await query(opened, 'SELECT a.oid FROM pg_class a, pg_class b, pg_class c', {
        signal: never,
      });
      for await (const _batch of result.batches) {
        break;
      }
      const state = async () =>
        (await watcher.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid])).rows;
      // Nobody waits for its ROLLBACK.
      await expect.poll(state, { timeout: 30_000 }).toEqual([{ state: 'idle' }]);
    });

    it('says that the server died between rows', async () => {
      const doomed = await postgres.open(server, options, never);
      const pid = doomed.session?.split('/')[0];
      const result = await query(doomed, 'SELECT a.oid FROM pg_class a, pg_class b, pg_class c', {
        signal: never,
      });
      const reading = (async () => {
        for await (const _batch of result.batches) {
          await watcher.query('SELECT pg_terminate_backend($1)', [pid]);
        }
      })();
      await expect(reading).rejects.toMatchObject({ name: 'SqlqError', code: 'failed' });
      await doomed.close();
    });

    it('points at what the server did not like', async () => {
      await expect(planOf(opened, 'SELECT name,\n  nme FROM pg_database', never)).rejects.toMatchObject({
        message: 'column "name" does not exist (line 1, at name)',
      });
      await expect(planOf(opened, 'SELECT datname,\n  nme FROM pg_database', never)).rejects.toMatchObject({
        message: 'column "nme" does not exist (line 2, at nme)',
      });
    });

    it('tells who is connected and what stands behind the guard alone', async () => {
      const facts = await opened.facts(never);
      expect(facts).toMatchObject({ superuser: true, encryption: 'none', role: server.user });
      expect(facts.warnings.join()).toMatch(/superuser/);
      expect(facts.leastPrivilege).toMatch(/GRANT SELECT ON ALL TABLES/);
    });

    it('grants a role nothing in the schemas of extensions', async () => {
      const database = uniquePostgresName('extension');
      await runPostgres(server, [`CREATE DATABASE ${database}`]);
      await runPostgres({ ...server, database }, [
        'CREATE SCHEMA own',
        'CREATE EXTENSION isn',
        'CREATE SCHEMA inside',
        'ALTER EXTENSION isn ADD SCHEMA inside',
      ]);
      const there = await postgres.open({ ...server, database }, options, never);
      const { leastPrivilege } = await there.facts(never);
      await there.close();
      await runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]);
      expect(
        [...(leastPrivilege ?? '').matchAll(/GRANT USAGE ON SCHEMA "(\w+)"/g)].map(([, name]) => name),
      ).toEqual(['own', 'public']);
    });

    it('warns of what a role may do besides', async () => {
      await runPostgres(server, [`GRANT pg_read_server_files TO ${role}`, `ALTER ROLE ${role} BYPASSRLS`]);
      const other = await postgres.open({ ...server, user: role, password: 'right' }, options, never);
      const facts = await other.facts(never);
      expect(facts.superuser).toBe(false);
      expect(facts.warnings.join('\n')).toMatch(/read files of the server[\s\S]*row-level security/);
      await other.close();
    });
  });
});

describe('TLS to PostgreSQL', () => {
  let folder: string;
  let data: string;
  let server: TestServer;
  let target: ServerTarget;
  let ca: string;

  /** Makes a certificate for a host, signed by the test's own authority or by itself, from `days[0]` to `days[1]`. */
  async function certify(
    host: string,
    signer: 'authority' | 'itself',
    notAfter = '20491231235959Z',
  ): Promise<void> {
    const at = (name: string) => join(folder, name);
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('server.key'), '-subj', `/CN=${host}`];
    const names = ['-addext', `subjectAltName=${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`];
    if (signer === 'itself') {
      await run('openssl', ['req', '-x509', ...key, ...names, '-days', '30', '-out', at('server.crt')]);
    } else {
      await run('openssl', ['req', ...key, ...names, '-out', at('server.csr')]);
      await writeFile(at('index.txt'), '');
      await run('openssl', [
        'ca',
        '-batch',
        '-config',
        at('ca.cnf'),
        '-in',
        at('server.csr'),
        '-out',
        at('server.crt'),
        '-startdate',
        '20200101000000Z',
        '-enddate',
        notAfter,
        '-notext',
      ]);
    }
    for (const name of ['server.key', 'server.crt']) {
      await run('cp', [at(name), join(data, name)]);
      await run('chmod', ['600', join(data, name)]);
      if (process.getuid?.() === 0) {
        await run('chown', ['--reference', data, join(data, name)]);
      }
    }
  }

  async function serve(...certificate: Parameters<typeof certify>): Promise<void> {
    await certify(...certificate);
    await runPostgres(target, ['SELECT pg_reload_conf()']);
    // The postmaster reads the files when it sees the signal.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  const tls = (mode: Tls['mode'], authority: string | null = null): Tls => ({
    mode,
    ca: authority,
    certificate: null,
    key: null,
  });

  async function encryption(
    mode: Tls['mode'],
    authority: string | null,
    host = target.host,
  ): Promise<string | null> {
    const opened = await postgres.open({ ...target, host, tls: tls(mode, authority) }, options, never);
    try {
      return (await opened.facts(never)).encryption;
    } finally {
      await opened.close();
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sqlq-tls-'));
    const at = (name: string) => join(folder, name);
    await writeFile(
      at('ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=${folder}\ndatabase=${at('index.txt')}\ncertificate=${at('ca.crt')}\n` +
        `private_key=${at('ca.key')}\ndefault_md=sha256\nrand_serial=yes\npolicy=p\ncopy_extensions=copy\nunique_subject=no\n[p]\ncommonName=supplied\n`,
    );
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at('ca.key'),
      '-subj',
      '/CN=Test authority',
      '-days',
      '3650',
      '-out',
      at('ca.crt'),
    ]);
    ca = await readFile(at('ca.crt'), 'utf8');
    server = await startPostgres({
      settings: ['ssl=on'],
      async prepare(dataFolder) {
        data = dataFolder;
        await certify('localhost', 'authority');
        const rules = join(data, 'pg_hba.conf');
        const usual = await readFile(rules, 'utf8');
        await writeFile(rules, `hostnossl all tls_only 127.0.0.1/32 reject\n${usual}`);
      },
    });
    target = postgresTarget(server.url);
    await runPostgres(target, ["CREATE ROLE tls_only LOGIN PASSWORD 'tls'"]);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes a good certificate', async () => {
    await serve('localhost', 'authority');
    expect(await encryption('verify-full', ca, 'localhost')).toMatch(/^TLSv1\.[23]$/);
    expect(await encryption('disable', null)).toBe('none');
  });

  it('takes a good certificate of an address', async () => {
    await serve('127.0.0.1', 'authority');
    expect(await encryption('verify-full', ca, '127.0.0.1')).toMatch(/^TLS/);
  });

  it('refuses a good certificate whose authority is not trusted here', async () => {
    await serve('localhost', 'authority');
    await expect(encryption('verify-full', null, 'localhost')).rejects.toThrow(/not signed by an authority/);
    await expect(encryption('verify-ca', null, 'localhost')).rejects.toThrow(/not signed by an authority/);
  });

  it('refuses a self-signed certificate unless told not to look', async () => {
    await serve('localhost', 'itself');
    await expect(encryption('verify-full', ca, 'localhost')).rejects.toThrow(/not signed by an authority/);
    expect(await encryption('require', null, 'localhost')).toMatch(/^TLS/);
  });

  it('refuses a certificate of another host, unless only its authority counts', async () => {
    await serve('db.example.com', 'authority');
    await expect(encryption('verify-full', ca, 'localhost')).rejects.toThrow(/not for localhost/);
    expect(await encryption('verify-ca', ca, 'localhost')).toMatch(/^TLS/);
  });

  it('refuses a certificate that has expired', async () => {
    await serve('localhost', 'authority', '20210101000000Z');
    await expect(encryption('verify-full', ca, 'localhost')).rejects.toThrow(/out of date/);
    await expect(encryption('verify-ca', ca, 'localhost')).rejects.toThrow(/out of date/);
  });

  it('says that the server wants encryption', async () => {
    const plain = { ...target, user: 'tls_only', password: 'tls' };
    await expect(postgres.open(plain, options, never)).rejects.toThrow(
      /no unencrypted connection|not let role/,
    );
  });

  it('cancels over TLS too', async () => {
    await serve('localhost', 'authority');
    const secure = { ...target, host: 'localhost', tls: tls('verify-full', ca) };
    const opened = await postgres.open(secure, options, never);
    const result = await query(opened, 'SELECT a.oid FROM pg_class a, pg_class b, pg_class c', {
      signal: never,
    });
    for await (const _batch of result.batches) {
      break;
    }
    const csv = await queryCsv(opened, 'SELECT oid, relname FROM pg_class', { signal: never });
    let rows = 0;
    for await (const chunk of csv?.chunks ?? []) {
      rows += chunk.rows;
    }
    expect(rows).toBeGreaterThan(100);
    await opened.close();
  });
});
