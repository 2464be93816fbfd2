import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveTarget } from '../../src/config/database/target.ts';
import type { Environment } from '../../src/config/environment.ts';
import type { ServerTarget } from '../../src/database/target.ts';
import { freePort } from '../support/free-port.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-client-'));
});
afterEach(() => rm(home, { recursive: true }));

async function server(
  text: string | null,
  environment: Environment = {},
  untrusted: string | null = null,
): Promise<ServerTarget> {
  const target = await resolveTarget(text, {
    environment,
    workingDirectory: home,
    homeFolder: home,
    untrusted,
  });
  if ('path' in target) {
    throw new Error('a file');
  }
  return target;
}

const found = '/project/.sqlqrc';

describe("a service of libpq's", () => {
  const text =
    '[live]\nhost=db.example.com\nport=5433\nuser=ann\npassword=secret\ndbname=shop\n\n[other]\nhost=h\n';
  beforeEach(() => writeFile(join(home, '.pg_service.conf'), text));
  const live = { host: 'db.example.com', port: 5433, user: 'ann', password: 'secret', database: 'shop' };

  test.each<[string | null, Environment]>([
    [null, { PGSERVICE: 'live' }],
    ['service=live', {}],
    ['postgres://?service=live', {}],
    ['postgresql:///', { PGSERVICE: 'live', PGHOST: 'elsewhere' }],
  ])('says the rest of %s', async (url, environment) => {
    expect(await server(url, environment)).toMatchObject(live);
  });

  test('gives its password to its own place alone', async () => {
    expect(await server('postgres://other.example.com/d?service=live')).toMatchObject({ password: null });
    expect(await server('postgres://eve@/d?service=live')).toMatchObject({ password: null });
    expect(await server('postgres://db.example.com:1/d?service=live', {}, found)).toMatchObject({
      password: null,
    });
    // A file that was found may name it: it is the user's own place.
    expect(await server('service=live', {}, found)).toMatchObject(live);
    expect(await server('postgres:///shop', { PGSERVICE: 'live' }, found)).toMatchObject(live);
  });

  test('may lie elsewhere, and is named where there is none', async () => {
    await writeFile(join(home, 'services'), '[x]\nhost=there\n');
    expect(await server('service=x', { PGSERVICEFILE: join(home, 'services') })).toMatchObject({
      host: 'there',
    });
    await expect(server('service=x')).rejects.toThrow('There is no service "x"');
  });
});

describe('~/.my.cnf', () => {
  beforeEach(() =>
    writeFile(
      join(home, '.my.cnf'),
      '[client]\nuser = ann\npassword = "se cret"\nhost=127.0.0.1\nport=3307\n[mysqld]\nport=1\n',
    ),
  );

  test('says the rest, and its password goes where it belongs', async () => {
    expect(await server('mysql:///shop')).toMatchObject({ user: 'ann', password: 'se cret', port: 3307 });
    expect(await server('mysql://127.0.0.1/shop')).toMatchObject({ user: 'ann', password: 'se cret' });
    expect(await server('mysql://bob@127.0.0.1/shop')).toMatchObject({ user: 'bob', password: null });
    expect(await server('mysql://db.example.com/shop')).toMatchObject({ password: null });
    expect(await server('mysql://127.0.0.1:6666/shop', {}, found)).toMatchObject({ password: null });
    expect(await server('mysql:///shop', {}, found)).toMatchObject({ password: 'se cret' });
    expect((await server('postgres:///shop', { USER: 'eve' })).user).toBe('eve');
  });
});

describe('several hosts', () => {
  test('the first that takes a connection', async () => {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const closed = await freePort();
    const url = `postgres://u@127.0.0.1:${closed},localhost:${port},127.0.0.1:${closed}/d`;
    expect(await server(url)).toMatchObject({ host: 'localhost', port });
    listener.close();
    await expect(server(`postgres://u@127.0.0.1:${closed},localhost:${closed}/d`)).rejects.toMatchObject({
      code: 'failed',
      message: `No server answers at any of 127.0.0.1:${closed}, localhost:${closed}.`,
    });
  });
});

test('a path behind three slashes is of this folder where it is there alone', async () => {
  const options = { environment: {}, workingDirectory: home, homeFolder: home };
  await writeFile(join(home, 'rel.db'), '');
  expect(await resolveTarget('sqlite:///rel.db', options)).toMatchObject({ path: join(home, 'rel.db') });
  expect(await resolveTarget(`sqlite:///${join(home, 'rel.db')}`, options)).toMatchObject({
    path: join(home, 'rel.db'),
  });
  expect(await resolveTarget('sqlite:///none.db', options)).toMatchObject({ path: '/none.db' });
});
