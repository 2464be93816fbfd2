import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import { mysqlTarget, runAsOwner, uniqueName } from '../support/mysql-engine.ts';
import { runProgram } from '../support/program.ts';

const mariadb = inject('mariadbUrl');
const never = new AbortController().signal;
const endless = 'SELECT COUNT(*) FROM seq_1_to_10000000 a, seq_1_to_10000000 b';

describe.skipIf(mariadb === null)('an account that may have one connection', () => {
  const server = mysqlTarget(mariadb ?? 'mysql://u:p@localhost:1');
  const database = uniqueName('alone');
  /** The server ends its statements after a second and a half. */
  const brief = uniqueName('brief');
  const single = uniqueName('single');
  const urlOf = (user: string): string => `mysql://${user}:pw@127.0.0.1:${server.port}/${database}`;
  beforeAll(() =>
    runAsOwner(server, [
      `CREATE DATABASE ${database}`,
      `CREATE TABLE ${database}.part (id INT PRIMARY KEY, kind VARCHAR(20))`,
      `INSERT INTO ${database}.part SELECT seq, 'bolt' FROM ${database}.seq_1_to_2000`,
      `CREATE USER ${brief}@'%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1 MAX_STATEMENT_TIME 1.5`,
      `CREATE USER ${single}@'%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1`,
      ...[brief, single].map((user) => `GRANT SELECT ON ${database}.* TO ${user}@'%'`),
    ]),
  );
  afterAll(() =>
    runAsOwner(server, [
      `DROP DATABASE ${database}`,
      ...[brief, single].map((user) => `DROP USER ${user}@'%'`),
    ]),
  );

  function open(user: string): DatabaseClient {
    return openDatabase(
      { ...server, user, password: 'pw', database },
      { access: 'read', timeoutMilliseconds: 8000, hide: [], memoryLimit: 2 ** 30, environment: process.env },
    );
  }
  const rows = {
    render: { format: 'csv', csvSafe: false, width: null, color: false },
    destination: { kind: 'rows' },
    limit: null,
  } as const;

  async function connectionsOf(user: string): Promise<number> {
    const { host, port, password } = server;
    const admin = await createConnection({ host, port, user: server.user, password: password ?? '' });
    const [found] = await admin.query('SELECT ID FROM information_schema.processlist WHERE USER = ?', [user]);
    await admin.end();
    return Array.isArray(found) ? found.length : 0;
  }

  it('gets the next one when the server has ended the one that was given up', async () => {
    const client = open(brief);
    await client.facts(never);
    await expect(client.run(endless, { ...rows, signal: AbortSignal.timeout(400) })).rejects.toThrow();
    expect(await client.run('SELECT 1 AS one', { ...rows, signal: never })).toMatchObject({ data: [[1]] });
    await client.close();
  });

  it('is told which connection has its place, where the server goes on', async () => {
    const client = open(single);
    await client.facts(never);
    await expect(client.run(endless, { ...rows, signal: AbortSignal.timeout(400) })).rejects.toThrow();
    await expect(client.run('SELECT 1 AS one', { ...rows, signal: never })).rejects.toMatchObject({
      message: expect.stringContaining('too many connections'),
      hint: expect.stringMatching(/may go on at the server, as connection \d+/),
    });
    await client.close();
    await expect.poll(() => connectionsOf(single), { timeout: 15_000 }).toBe(0);
  });

  it('runs a slow query whose doubts there was no time to look for', async () => {
    const ended = await runProgram(
      [
        'run',
        '--db',
        urlOf(brief),
        "SELECT COUNT(*) FROM part a, part b, part c WHERE a.kind = 'Bolt' AND b.kind = 'nut'",
      ],
      { environment: { SQLQ_DOUBT_TIMEOUT: '50ms' } },
    );
    expect(ended.stderr).toContain('There was no time to look for');
    expect(ended).toMatchObject({ code: 0, stdout: 'COUNT(*)\n0\n' });
  });

  it('hears after Ctrl-C what the server goes on with, and it does', async () => {
    const stop = new AbortController();
    const running = runProgram(['run', '--no-doubts', '--timeout', '8s', '--db', urlOf(single), endless], {
      signal: stop.signal,
    });
    await expect.poll(() => connectionsOf(single), { timeout: 10_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    stop.abort();
    const ended = await running;
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toMatch(/may go on at the server, as connection \d+: .*too many connections/);
    expect(await connectionsOf(single)).toBe(1);
    await expect.poll(() => connectionsOf(single), { timeout: 15_000 }).toBe(0);
  });
});
