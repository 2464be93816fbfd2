import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hangs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { type SharedServer, startShared, usualPassword } from '../support/shared-server.ts';
import { until } from '../support/until.ts';

let model: ModelServerFake;
let server: SharedServer;
beforeAll(async () => {
  model = await startModelServer();
  const told = ['--base-url', model.baseUrl, '--model', 'm', '--no-cache', '--timeout', '5m'];
  server = await startShared({ ana: ['--roles', 'ask,run,admin'], bob: [] }, [
    '--db',
    'sample',
    ...told,
    '--rate-user',
    'none',
    '--rate-address',
    'none',
  ]);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await model?.close();
});

/** Begins a request that a user does not wait for; what it gives ends it. */
function begin(name: string, path: string, body: unknown, headers: object = {}): () => void {
  const { hostname, port } = new URL(server.url);
  const asked = request({
    hostname,
    port,
    path,
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.user(name).token}`,
      'content-type': 'application/json',
      ...headers,
    },
  });
  asked.on('error', () => {});
  // Nothing of the reply is read.
  asked.on('response', (reply) => reply.pause());
  asked.end(JSON.stringify(body));
  return () => asked.destroy();
}

/** A number of the server's metrics. */
async function metric(line: string): Promise<number> {
  const text = await (await server.user('ana').fetch('/metrics')).text();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length + 1) ?? 'NaN',
  );
}

/** More rows than a connection holds, which take the database no time and no end. */
const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT i, hex(zeroblob(200)) FROM n';
/** What takes the database long before its first row. */
const slow =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n';

describe('a user who takes all there is', () => {
  it('leaves others a process of the database, whose rows nobody reads', async () => {
    const [ana, bob] = [server.user('ana'), server.user('bob')];
    const { body: answer } = await bob.json('/v1/sql', { sql: endless });
    const ends = Array.from({ length: 12 }, () => begin('bob', `/v1/answers/${answer.id}/run`, {}));
    await until(async () => (await metric('sqlq_queue_running{queue="sample"}')) >= 3);
    await until(async () => (await metric('sqlq_queue_waiting{queue="sample"}')) > 0);
    const { body: own } = await ana.json('/v1/sql', { sql: 'SELECT 42 AS n' });
    expect((await ana.json(`/v1/answers/${own.id}/run`, {})).body.rows).toEqual([[42]]);
    for (const end of ends) {
      end();
    }
    // Who has gone away holds nothing.
    await until(async () => (await metric('sqlq_queue_running{queue="sample"}')) === 0);
    expect((await bob.json(`/v1/answers/${own.id}`)).status).toBe(404);
  }, 120_000);

  it('does not fill the queue so that another is refused', async () => {
    const { body: answer } = await server.user('bob').json('/v1/sql', { sql: slow });
    const ends = Array.from({ length: 260 }, () => begin('bob', `/v1/answers/${answer.id}/run`, {}));
    await until(async () => (await metric('sqlq_queue_waiting{queue="sample"}')) >= 200);
    const { status, body } = await server.user('ana').json('/v1/sql', { sql: 'SELECT 43 AS n' });
    expect([status, body.error?.message]).toEqual([200, undefined]);
    for (const end of ends) {
      end();
    }
    await until(async () => (await metric('sqlq_queue_running{queue="sample"}')) === 0);
  }, 120_000);

  it('leaves others a place at the model', async () => {
    model.scriptAll(hangs);
    const ends = Array.from({ length: 40 }, (_, index) =>
      begin('bob', '/v1/ask', { question: `question ${index}` }, { accept: 'text/event-stream' }),
    );
    await until(() => model.requests.length >= 12);
    const before = model.requests.length;
    const end = begin('ana', '/v1/ask', { question: 'who are the customers?' });
    await until(() => model.requests.length > before);
    expect(model.requests.at(-1)?.text).toContain('who are the customers?');
    for (const one of [...ends, end]) {
      one();
    }
    await until(async () => (await metric('sqlq_open_streams')) === 0);
  }, 120_000);
});

describe('a body', () => {
  const send = (
    text: string,
  ): { answer: () => string; isClosed: () => boolean; write(more: string): void } => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    let closed = false;
    socket.setEncoding('utf8').on('data', (data: string) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
    });
    socket.write(text);
    return {
      answer: () => answer,
      isClosed: () => closed,
      write: (more) => void (socket.destroyed || socket.write(more)),
    };
  };
  const head = (more: string): string =>
    `POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.user('bob').token}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;

  it('of a gigabyte is refused by its length, and in pieces, before much of it is kept', async () => {
    const said = send(head('Content-Length: 1073741824'));
    await until(() => said.answer().includes('\r\n\r\n'));
    expect(said.answer()).toMatch(/^HTTP\/1\.1 413 /u);
    const before = await metric('process_resident_memory_bytes');
    const pieces = send(head('Transfer-Encoding: chunked'));
    const piece = 'x'.repeat(1 << 20);
    for (let sent = 0; sent < 256 && !pieces.isClosed(); sent += 1) {
      pieces.write(`100000\r\n${piece}\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => pieces.isClosed() || pieces.answer().includes('\r\n\r\n'));
    expect(pieces.answer()).toMatch(/^(?:HTTP\/1\.1 413 |$)/u);
    expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(200 * 2 ** 20);
  }, 60_000);

  it('that comes a byte now and then is not waited for', async () => {
    const slowly = send(head('Content-Length: 1000'));
    const drip = setInterval(() => slowly.write(' '), 1_000);
    await expect.poll(() => slowly.isClosed(), { timeout: 80_000 }).toBe(true);
    clearInterval(drip);
  }, 120_000);
});

describe('failed logins', () => {
  it('of many keep nobody out who is known here, and make nothing grow', async () => {
    const headers = { 'content-type': 'application/json', authorization: '' };
    const login = (name: string, password: string): Promise<Response> =>
      fetch(`${server.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': headers['content-type'] },
        body: JSON.stringify({ name, password }),
      });
    expect((await login('ana', usualPassword)).status).toBe(200);
    const statuses = new Set<number>();
    for (let round = 0; round < 20; round += 1) {
      const tried = Array.from({ length: 50 }, (_, index) =>
        login(`nobody${round}-${index}`, 'wrong password'),
      );
      for (const { status } of await Promise.all(tried)) {
        statuses.add(status);
      }
    }
    expect([...statuses].sort()).toEqual(expect.arrayContaining([401, 429]));
    expect([...statuses].every((status) => [401, 429, 503].includes(status))).toBe(true);
    expect((await login('ana', usualPassword)).status).toBe(200);
  }, 120_000);
});
