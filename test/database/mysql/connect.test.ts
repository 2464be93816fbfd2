import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { productOf } from '../../../src/database/mysql/server/product.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { freePort } from '../../support/free-port.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import { query } from '../../support/statements.ts';

const never = new AbortController().signal;
const options = { access: 'read', timeoutMilliseconds: 5000, hide: [] } as const;

describe('productOf', () => {
  it.each([
    ['10.11.19-MariaDB-0+deb12u1', 'MariaDB', '10.11.19'],
    ['5.5.5-10.3.39-MariaDB', 'MariaDB', '10.3.39'],
    ['11.8.2-MariaDB-ubu2404', 'MariaDB', '11.8.2'],
    ['8.4.3', 'MySQL', '8.4.3'],
    ['8.0.36-0ubuntu0.22.04.1', 'MySQL', '8.0.36'],
    ['9.3.0-commercial', 'MySQL', '9.3.0'],
  ])('reads %s', (version, product, short) => {
    expect(productOf(version, version, '').dialect).toEqual({ engine: 'mysql', product, version: short });
  });

  it.each([
    ['10.11.19-MariaDB-0+deb12u1', 'Debian 12', 'MariaDB', true],
    ['9.7.4-2', '(Debian)', 'MySQL', true],
    ['8.4.3', 'MySQL Community Server - GPL', 'MySQL', true],
    ['8.0.36-28', 'Percona Server (GPL), Release 28', 'MySQL', true],
    ['8.0.11-TiDB-v7.5.1', 'TiDB Server (Apache License 2.0)', 'TiDB', false],
    ['8.0.30-Vitess', 'Version: 24.0.0', 'Vitess', false],
    ['8.0.33', 'Dolt', 'Dolt', false],
    ['5.7.25-OceanBase-v4.2.1', '', 'OceanBase', false],
    ['8.0.31', '', 'MySQL', false],
  ])('knows %s (%s) as %s', (version, comment, product, isKnown) => {
    const known = productOf(version, version, comment);
    expect([known.dialect.product, known.isKnown, known.isGate]).toEqual([product, isKnown, false]);
  });

  it('hears of a gate before several servers by its greeting alone', () => {
    expect(productOf('8.4.6-Vitess', '9.7.4-2', '(Debian)')).toEqual({
      dialect: { engine: 'mysql', product: 'Vitess', version: '8.4.6' },
      isKnown: false,
      isGate: true,
    });
  });
});

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: connecting`, () => {
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const database = uniqueName('connect');
    const poor = uniqueName('poor');
    const elsewhere = uniqueName('elsewhere');
    const busy = uniqueName('busy');

    beforeAll(() =>
      runAsOwner(server, [
        `CREATE DATABASE ${database}`,
        `CREATE USER ${poor}@'%' IDENTIFIED BY 'pw'`,
        `CREATE USER ${elsewhere}@'10.255.255.1' IDENTIFIED BY 'pw'`,
        `CREATE USER ${busy}@'%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1`,
        `GRANT SELECT ON ${database}.* TO ${busy}@'%'`,
      ]),
    );
    afterAll(() =>
      runAsOwner(server, [
        `DROP DATABASE ${database}`,
        `DROP USER ${poor}@'%'`,
        `DROP USER ${elsewhere}@'10.255.255.1'`,
        `DROP USER ${busy}@'%'`,
      ]),
    );

    const failure = (changes: Partial<ServerTarget>): Promise<unknown> =>
      mysql.open({ ...server, database, ...changes }, options, never).then(
        async (opened) => {
          await opened.close();
          return null;
        },
        (error: unknown) => error,
      );

    it.each<[string, Partial<ServerTarget>, RegExp, RegExp]>([
      [
        'a wrong password',
        { password: 'wrong' },
        /refused user "admin": wrong user or password/,
        /Check user/,
      ],
      ['no password', { password: null }, /wants a password for user "admin"/, /MYSQL_PWD/],
      ['an unknown user', { user: 'nobody_here' }, /refused user "nobody_here"/, /Check user/],
      ['a user of another machine', { user: elsewhere, password: 'pw' }, /refused user/, /Check user/],
      ['an unknown database', { database: 'no_such_db' }, /no database "no_such_db"/, /last slash/],
      ['no database', { database: null }, /names no database/, /Add its name: mysql:.*NAME/],
      [
        'an unknown host',
        { host: 'no-such-host.invalid' },
        /"no-such-host.invalid" is not known/,
        /host name/,
      ],
      ['a missing socket', { socket: '/nowhere/mysql.sock' }, /no socket \/nowhere/, /running/],
    ])('tells of %s', async (_, changes, message, hint) => {
      expect(await failure(changes)).toMatchObject({
        name: 'SqlqError',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    });

    it('tells of a database that the user may not use', async () => {
      expect(await failure({ user: poor, password: 'pw' })).toMatchObject({
        message: expect.stringMatching(/may not use database/),
        hint: expect.stringMatching(/GRANT SELECT/),
      });
    });

    it('tells of a port where nothing listens', async () => {
      expect(await failure({ port: await freePort() })).toMatchObject({
        message: expect.stringMatching(/Nothing listens at 127\.0\.0\.1:\d+/),
      });
    });

    it('tells of too many connections', async () => {
      const first = await mysql.open({ ...server, database, user: busy, password: 'pw' }, options, never);
      expect(await failure({ user: busy, password: 'pw' })).toMatchObject({
        message: expect.stringMatching(/too many connections/),
      });
      await first.close();
    });

    it('never shows the password', async () => {
      const error = await failure({ password: 'canary-password' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary-password');
    });

    describe('to something that is no MySQL', () => {
      let silent: Server;
      let port = 0;
      beforeAll(async () => {
        port = await freePort();
        silent = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
        await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
      });
      afterAll(() => void silent.close());

      it('fails in plain words', async () => {
        expect(await failure({ port })).toMatchObject({ name: 'SqlqError', code: 'failed' });
      });
    });

    it('stops connecting when told to', async () => {
      const silent = createServer(() => {});
      const port = await freePort();
      await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await expect(mysql.open({ ...server, port, database }, options, controller.signal)).rejects.toThrow(
        'enough',
      );
      silent.close();
    });

    it('speaks through a unix socket', async () => {
      const admin = await mysql.open({ ...server, database }, options, never);
      const result = await query(admin, 'SELECT @@socket', { signal: never });
      let socket = '';
      for await (const [row] of result.batches) {
        socket = String(row?.[0]);
      }
      await admin.close();
      const local = await mysql.open(
        { ...server, database, socket, host: 'elsewhere.invalid' },
        options,
        never,
      );
      expect((await local.facts(never)).encryption).toBeNull();
      await local.close();
    });
  });
}
