import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ServeRun, startServe } from '../support/serve.ts';

const patience = { timeout: 60_000, interval: 200 };
const idSchema = z.object({ id: z.string() });

let open: ServeRun[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.stop()));
  open = [];
});

async function start(...args: readonly string[]): Promise<ServeRun> {
  const server = await startServe(['--db', 'sample', '--profile', 'offline', '--workers', '2', ...args]);
  open.push(server);
  await expect.poll(() => server.stderr(), patience).toContain('2 workers answer');
  return server;
}

/** The processes that answer for a server. */
function workersOf({ child }: ServeRun): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${child.pid}\n`) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0serve\0')
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Each on a connection of its own, so that the workers take turns. */
const anew = { headers: { connection: 'close' } };

async function newAnswer(server: ServeRun, sql = 'SELECT 1 AS a'): Promise<string> {
  const { status, body } = await server.json('/v1/sql', { sql }, anew);
  expect(status).toBe(200);
  return idSchema.parse(body).id;
}

const runIt = (server: ServeRun, id: string): Promise<Response> =>
  server.fetch(`/v1/answers/${id}/run`, { method: 'POST', headers: { ...anew.headers, accept: 'text/csv' } });

describe('several workers', () => {
  it('keep a port that was any, also where all of them die', async () => {
    const server = await start();
    const before = workersOf(server);
    expect(before).toHaveLength(2);
    for (const pid of before) {
      process.kill(pid, 'SIGKILL');
    }
    await expect
      .poll(async () => {
        const alive = await fetch(`${server.url}/health`, anew).catch(() => null);
        return alive?.status === 200 && workersOf(server).every((pid) => !before.includes(pid));
      }, patience)
      .toBe(true);
    await newAnswer(server);
  });

  it('know the same answers and token, and count together', async () => {
    const server = await start();
    const id = await newAnswer(server);
    for (let round = 0; round < 10; round += 1) {
      expect(await (await runIt(server, id)).text()).toBe('a\n1\n');
    }
    const counted = async (): Promise<number> => {
      const text = await (await server.fetch('/metrics', anew)).text();
      const lines = text.split('\n').filter((line) => line.startsWith('sqlq_http_requests_total{'));
      return lines
        .filter((line) => line.includes('/v1/answers/:id/run'))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    // Both workers tell the same.
    for (let round = 0; round < 4; round += 1) {
      await expect.poll(counted, patience).toBe(10);
    }
  }, 120_000);

  it('lose with one that is killed what it did, and get another', async () => {
    const server = await start();
    const id = await newAnswer(server);
    const before = workersOf(server);
    process.kill(before[0] ?? 0, 'SIGKILL');
    await expect
      .poll(async () => (await runIt(server, id).catch(() => null))?.status ?? 0, patience)
      .toBe(200);
    await expect
      .poll(() => workersOf(server).filter((pid) => !before.includes(pid)), patience)
      .toHaveLength(1);
    expect(server.stderr()).toContain('A worker ended (SIGKILL); another takes its place.');
    for (let round = 0; round < 4; round += 1) {
      expect((await runIt(server, id)).status).toBe(200);
    }
  }, 120_000);

  it('are replaced one by one at SIGHUP, and nobody is refused meanwhile', async () => {
    const server = await start();
    const id = await newAnswer(server);
    const before = workersOf(server);
    server.child.kill('SIGHUP');
    const statuses = new Set<number>();
    await expect
      .poll(
        async () => {
          statuses.add((await runIt(server, id)).status);
          return server.stderr();
        },
        { timeout: 60_000, interval: 20 },
      )
      .toContain('All workers are new.');
    expect([...statuses]).toEqual([200]);
    const after = workersOf(server);
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  }, 120_000);

  it('bring what runs to its end when the server is to end', async () => {
    const server = await start();
    const many =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400000) SELECT i FROM n';
    const id = await newAnswer(server, many);
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      request(`${server.url}/v1/answers/${id}/run`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}`, accept: 'text/csv' },
      })
        .once('response', resolve)
        .once('error', reject)
        .end();
    });
    server.child.kill('SIGTERM');
    await expect.poll(() => server.stderr(), patience).toContain('Ending');
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) {
      text += String(chunk);
    }
    expect(text.split('\n')).toHaveLength(400_002);
    expect(await server.ended).toBe(0);
    expect(workersOf(server)).toEqual([]);
  }, 120_000);

  it('that can not begin say why, once', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const failure = startServe(['--db', 'sample', '--workers', '2', '--port', String(port)]);
    const said = await failure.then(
      () => '',
      (error: unknown) => String(error),
    );
    taken.close();
    expect(said).toContain('Nothing can listen');
    expect(said.match(/Nothing can listen/gu)).toHaveLength(1);
  }, 60_000);
});
