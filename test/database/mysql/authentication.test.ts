import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { freePort } from '../../support/free-port.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';

const plugin = 'caching_sha2_password';
const scramble = Buffer.from('abcdefghijklmnopqrst');
const zero = Buffer.from([0]);

function packet(sequence: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, body]);
}

/** Protocol::HandshakeV10 of a MySQL 8 that offers no TLS. */
const greeting = packet(
  0,
  Buffer.from([10]),
  Buffer.from('8.4.0\0'),
  Buffer.from([1, 0, 0, 0]),
  scramble.subarray(0, 8),
  zero,
  Buffer.from([0xff, 0xf7]),
  Buffer.from([255, 2, 0]),
  Buffer.from([0xff, 0x81]),
  Buffer.from([21]),
  Buffer.alloc(10),
  scramble.subarray(8),
  zero,
  Buffer.from(`${plugin}\0`),
);
const switchPlugin = packet(2, Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), scramble, zero);
const wantPassword = packet(4, Buffer.from([1, 4]));

describe('caching_sha2_password over plain TCP', () => {
  const received: Buffer[] = [];
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    server = createServer((socket) => {
      let turn = 0;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        if (typeof data !== 'string') {
          received.push(data);
        }
        turn += 1;
        if (turn === 1) {
          socket.write(switchPlugin);
        }
        if (turn === 2) {
          socket.write(wantPassword);
        }
      });
      socket.write(greeting);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  const connect = async (host: string): Promise<unknown> => {
    received.length = 0;
    const target = mysqlTarget('mysql://somebody:canary-password@localhost:1', { host, port, database: 'x' });
    return mysql
      .open(target, { access: 'read', timeoutMilliseconds: 1000, hide: [] }, AbortSignal.timeout(1500))
      .catch((error: unknown) => error);
  };
  /** The client asked for the key with which it would encrypt the password. */
  const askedForKey = (): boolean => received.some((data) => data.length === 5 && data[4] === 2);

  it('asks no unverified server for a key', async () => {
    // The address is the loopback's, but does not say so.
    expect(await connect('::ffff:127.0.0.1')).toMatchObject({
      name: 'SqlqError',
      message: expect.stringMatching(/encrypted connection only/),
      hint: expect.stringContaining('sslmode'),
    });
    expect(askedForKey()).toBe(false);
    expect(Buffer.concat(received).toString('latin1')).not.toContain('canary-password');
  });

  it('asks a server on this machine', async () => {
    await connect('127.0.0.1');
    expect(askedForKey()).toBe(true);
  });
});

describe.skipIf(inject('mariadbUrl') === null)("MariaDB's ed25519", () => {
  let own: TestServer | null = null;
  const user = uniqueName('signs');
  // As long as no seed of RFC 8032 is.
  const password = 'pässwörd of more than thirty-two bytes';
  const database = uniqueName('signed');

  const server = () => mysqlTarget(own?.url ?? '');
  // A server of its own: another test may look at the plugins of the one that all share.
  beforeAll(async () => {
    own = await startMariadb(['--plugin-load-add=auth_ed25519']);
    await runAsOwner(server(), [
      `CREATE DATABASE ${database}`,
      `CREATE USER ${user}@'%' IDENTIFIED VIA ed25519 USING PASSWORD('${password}')`,
      `GRANT SELECT ON ${database}.* TO ${user}@'%'`,
    ]);
  });
  afterAll(() => own?.stop());

  const open = (given: string) =>
    mysql.open(
      { ...server(), user, password: given, database },
      { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
      new AbortController().signal,
    );

  it('logs in with the whole password', async () => {
    const opened = await open(password);
    expect((await opened.facts(new AbortController().signal)).role).toMatch(user);
    await opened.close();
  });

  it('tells of a wrong one', async () => {
    await expect(open(password.slice(0, -1))).rejects.toThrow(/wrong user or password/);
  });
});

describe('a plugin that is not known', () => {
  it('is named in plain words', async () => {
    const port = await freePort();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.write(packet(2, Buffer.from([0xfe]), Buffer.from('parsec\0'), scramble, zero)),
      );
      socket.write(greeting);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await expect(
      mysql.open(
        mysqlTarget(`mysql://u:p@127.0.0.1:${port}`, { database: 'd' }),
        { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/plugin parsec, which sqlq does not know$/),
      hint: expect.stringContaining('caching_sha2_password'),
    });
    server.close();
  });
});
