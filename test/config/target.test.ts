import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveTarget } from '../../src/config/database/target.ts';
import type { TargetContext } from '../../src/config/database/target-context.ts';
import type { Environment } from '../../src/config/environment.ts';
import { isFile, type ServerTarget } from '../../src/database/target.ts';
import { SqlqError } from '../../src/errors.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-target-'));
  await writeFile(join(home, 'ca.pem'), 'CA');
  await writeFile(join(home, 'client.pem'), 'CERTIFICATE');
  await writeFile(join(home, 'client.key'), 'KEY');
});
afterAll(() => rm(home, { recursive: true }));

type Options = Partial<Omit<TargetContext, 'environment'>>;

function resolve(text: string | null, environment: Environment = {}, options: Options = {}) {
  return resolveTarget(text, { environment, workingDirectory: '/work/folder', homeFolder: home, ...options });
}

async function server(
  text: string | null,
  environment?: Environment,
  options?: Options,
): Promise<ServerTarget> {
  const target = await resolve(text, environment, options);
  if (isFile(target)) {
    throw new Error('a file');
  }
  return target;
}

async function refusal(
  text: string | null,
  environment?: Environment,
  options?: Options,
): Promise<SqlqError> {
  const error = await resolve(text, environment, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SqlqError) {
    return error;
  }
  throw new Error('resolved');
}

describe('files', () => {
  test.each([
    ['shop.db', '/work/folder/shop.db'],
    ['sqlite:data/shop.db', '/work/folder/data/shop.db'],
    ['/data/shop.db', '/data/shop.db'],
  ])('%s is %s', async (text, path) => {
    expect(await resolve(text)).toEqual({ engine: 'sqlite', path });
  });

  test('~ is the home folder', async () => {
    expect(await resolve('~/shop.db')).toEqual({ engine: 'sqlite', path: join(home, 'shop.db') });
    expect(await resolve('sqlite:~/shop.db')).toEqual({ engine: 'sqlite', path: join(home, 'shop.db') });
    expect(await resolve('~shop.db')).toEqual({ engine: 'sqlite', path: '/work/folder/~shop.db' });
  });
});

describe('which variables name the database', () => {
  const all = { DATABASE_URL: 'sqlite:a.db', PGHOST: 'pg', MYSQL_HOST: 'my', USER: 'ann' };

  test('DATABASE_URL, then PostgreSQL’s, then MySQL’s', async () => {
    expect(await resolve(null, all)).toEqual({ engine: 'sqlite', path: '/work/folder/a.db' });
    expect(await resolve(null, { ...all, DATABASE_URL: '' })).toMatchObject({
      engine: 'postgres',
      host: 'pg',
    });
    expect(await resolve(null, { MYSQL_HOST: 'my', USER: 'ann' })).toMatchObject({
      engine: 'mysql',
      host: 'my',
    });
    expect(await resolve(null, { MYSQL_DATABASE: 'shop' })).toMatchObject({
      engine: 'mysql',
      database: 'shop',
    });
  });

  test('with none, the error says every way', async () => {
    const error = await refusal(null);
    expect(error).toMatchObject({ code: 'usage', message: 'No database is named.' });
    expect(error.hint).toMatch(/--db .*DATABASE_URL.*--db sample/u);
  });
});

describe('what variables fill in', () => {
  test('PostgreSQL: only what the URL leaves out', async () => {
    const environment = {
      PGHOST: 'other',
      PGPORT: '6000',
      PGUSER: 'eve',
      PGPASSWORD: 'pw',
      PGDATABASE: 'db',
    };
    expect(await server('postgres://h', environment)).toMatchObject({
      host: 'h',
      port: 6000,
      user: 'eve',
      password: 'pw',
      database: 'db',
    });
    expect(await server('postgres://ann:own@h:1/shop', environment)).toMatchObject({
      host: 'h',
      port: 1,
      user: 'ann',
      password: 'own',
      database: 'shop',
    });
  });

  test('PostgreSQL: nothing said is this machine, and the user is the database', async () => {
    expect(await server('postgres://', { USER: 'ann' })).toEqual({
      engine: 'postgres',
      host: 'localhost',
      port: 5432,
      socket: null,
      user: 'ann',
      password: null,
      database: 'ann',
      tls: { mode: 'disable', ca: null, certificate: null, key: null },
    });
  });

  test('a folder in PGHOST is a socket’s', async () => {
    expect(await server(null, { PGHOST: '/run/postgresql', PGUSER: 'ann' })).toMatchObject({
      host: 'localhost',
      socket: '/run/postgresql',
      tls: { mode: 'disable' },
    });
    expect(await server('postgres://h/d', { PGHOST: '/run/postgresql' })).toMatchObject({
      host: 'h',
      socket: null,
    });
  });

  test('MySQL', async () => {
    const environment = {
      MYSQL_TCP_PORT: '3307',
      MYSQL_USER: 'eve',
      MYSQL_PWD: 'pw',
      MYSQL_UNIX_PORT: '/run/my.sock',
    };
    expect(await server('mysql:///shop', environment)).toMatchObject({
      socket: '/run/my.sock',
      port: 3307,
      user: 'eve',
      password: 'pw',
      database: 'shop',
    });
    expect(await server('mysql://h', environment)).toMatchObject({ host: 'h', socket: null, database: null });
    expect(await server('mysql://h', { MYSQL_PASSWORD: 'image' })).toMatchObject({
      password: 'image',
      user: 'root',
    });
  });

  test('a port that is none is named', async () => {
    expect((await refusal('postgres://h', { PGPORT: '5432x' })).message).toBe(
      'PGPORT is "5432x", which is no port.',
    );
  });

  test('the password file is asked last, and its warning passed on', async () => {
    const file = join(home, '.pgpass');
    await writeFile(file, 'h:*:*:*:filed\nlocalhost:*:*:*:socketed\n', { mode: 0o600 });
    expect(await server('postgres://u@h/d')).toMatchObject({ password: 'filed' });
    expect(await server('postgres:///d?host=/run')).toMatchObject({ password: 'socketed' });
    expect(await server('postgres://u@h/d', { PGPASSWORD: 'pw' })).toMatchObject({ password: 'pw' });
    const warnings: string[] = [];
    await server('postgres://u@h/d', { PGPASSFILE: home }, { warn: (text) => warnings.push(text) });
    expect(warnings).toEqual([`The password file ${home} is no plain file, and is not used.`]);
    await rm(file);
  });
});

describe('TLS', () => {
  test.each([
    ['postgres://db.example.com/d', 'verify-full'],
    ['postgres://10.0.0.1/d', 'verify-full'],
    ['mysql://db/d', 'verify-full'],
    ['postgres://localhost/d', 'disable'],
    ['postgres://LOCALHOST/d', 'disable'],
    ['mysql://127.0.0.9/d', 'disable'],
    ['mysql://[::1]/d', 'disable'],
    ['postgres://localhost.example.com/d', 'verify-full'],
    ['postgres://127.0.0.1.example.com/d', 'verify-full'],
    ['postgres:///d?host=/run', 'disable'],
    ['mysql://h/d?socket=/run/my.sock', 'disable'],
    ['postgres://h/d?sslmode=disable', 'disable'],
    ['postgres://h/d?sslmode=prefer', 'require'],
    ['postgres://h/d?sslmode=allow', 'require'],
    ['postgres://h/d?sslmode=require', 'require'],
    ['postgres://h/d?sslmode=require&sslrootcert=~/ca.pem', 'verify-ca'],
    ['postgres://h/d?sslmode=verify-ca', 'verify-ca'],
    ['postgres://localhost/d?sslmode=verify-full', 'verify-full'],
    ['mysql://h/d?ssl-mode=REQUIRED', 'require'],
    ['mysql://h/d?ssl-mode=VERIFY_CA', 'verify-ca'],
    ['mysql://h/d?ssl-mode=VERIFY_IDENTITY', 'verify-full'],
  ])('%s is %s', async (url, mode) => {
    expect((await server(url)).tls.mode).toBe(mode);
  });

  test('said by a setting, unless the URL says it, and by a variable last', async () => {
    expect((await server('postgres://h/d', { PGSSLMODE: 'disable' })).tls.mode).toBe('disable');
    expect((await server('postgres://h/d', { PGSSLMODE: 'disable' }, { tls: 'require' })).tls.mode).toBe(
      'require',
    );
    expect((await server('postgres://h/d?sslmode=verify-ca', {}, { tls: 'require' })).tls.mode).toBe(
      'verify-ca',
    );
  });

  test('reads the PEM files', async () => {
    const url = `postgres://h/d?sslrootcert=~/ca.pem&sslcert=${home}/client.pem`;
    const environment = { PGSSLKEY: join(home, 'client.key') };
    expect((await server(url, environment)).tls).toEqual({
      mode: 'verify-full',
      ca: 'CA',
      certificate: 'CERTIFICATE',
      key: 'KEY',
    });
    expect((await server('postgres://h/d?sslrootcert=system')).tls).toMatchObject({
      mode: 'verify-full',
      ca: null,
    });
  });

  test('names what can’t be read and what is not known', async () => {
    expect((await refusal('postgres://h/d?sslrootcert=none.pem')).message).toMatch(
      /^The root certificate \/work\/folder\/none\.pem can't be read: ENOENT/u,
    );
    const error = await refusal('mysql://h/d?ssl-mode=some');
    expect(error.message).toBe('The TLS mode "some" is not known.');
    expect(error.hint).toBe('Take disable, require, verify-ca or verify-full.');
  });
});

describe('a URL of a file that was merely found', () => {
  const stranger = '/repository/.sqlqrc';

  test('gets no password from variables for a host of its own', async () => {
    const environment = { PGPASSWORD: 'canary', MYSQL_PWD: 'canary' };
    expect(await server('postgres://evil.example/d', environment, { untrusted: stranger })).toMatchObject({
      password: null,
    });
    expect(await server('mysql://evil.example/d', environment, { untrusted: stranger })).toMatchObject({
      password: null,
    });
    expect(await server('postgres://localhost/d', environment, { untrusted: stranger })).toMatchObject({
      password: 'canary',
    });
    expect(
      await server('postgres:///d', { ...environment, PGHOST: 'mine' }, { untrusted: stranger }),
    ).toMatchObject({
      host: 'mine',
      password: 'canary',
    });
  });

  test('gets one from the password file where a line names the host', async () => {
    const file = join(home, 'passwords');
    await writeFile(file, '*:*:*:*:canary\ndb.example.com:*:*:*:meant\n', { mode: 0o600 });
    const environment = { PGPASSFILE: file };
    expect(await server('postgres://evil.example/d', environment, { untrusted: stranger })).toMatchObject({
      password: null,
    });
    expect(await server('postgres://db.example.com/d', environment, { untrusted: stranger })).toMatchObject({
      password: 'meant',
    });
  });

  test('can’t lower the protection of the connection', async () => {
    for (const mode of ['disable', 'prefer', 'require', 'verify-ca']) {
      expect((await refusal(`postgres://h/d?sslmode=${mode}`, {}, { untrusted: stranger })).message).toBe(
        `/repository/.sqlqrc asks for the TLS mode "${mode}", which checks less than usual.`,
      );
    }
    expect((await refusal('postgres://h/d', {}, { untrusted: stranger, tls: 'disable' })).message).toMatch(
      /TLS mode "disable"/u,
    );
    expect(await server('postgres://h/d', { PGSSLMODE: 'require' }, { untrusted: stranger })).toMatchObject({
      tls: { mode: 'require' },
    });
    expect(await server('postgres://localhost/d?sslmode=disable', {}, { untrusted: stranger })).toMatchObject(
      {
        tls: { mode: 'disable' },
      },
    );
    expect(await server('postgres://h/d?sslmode=verify-full', {}, { untrusted: stranger })).toMatchObject({
      tls: { mode: 'verify-full' },
    });
  });
});
