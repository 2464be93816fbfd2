import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';

let server: ServeRun;
beforeAll(async () => {
  server = await startServe(['--db', 'sample', '--profile', 'offline']);
}, 60_000);
afterAll(() => server?.stop());

/** Sends bytes, and reads until the server closes the connection. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('utf8').on('data', (data: string) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

const get = (path: string, ...headers: readonly string[]): Promise<string> =>
  raw([`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));
const host = 'Host: localhost';
const token = (): string => `Authorization: Bearer ${server.token}`;
const statusOf = (reply: string): number => Number(/^HTTP\/1\.1 (\d+)/u.exec(reply)?.[1]);

describe('a page of another site', () => {
  it.each(['cross-site', 'same-site'])('is refused what it embeds or fetches (%s)', async (site) => {
    const fetched = await get('/v1/me', host, token(), `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors');
    expect(statusOf(fetched)).toBe(403);
    // A link to the page may stand anywhere.
    expect(statusOf(await get('/', host, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate'))).toBe(200);
    expect(statusOf(await get('/v1/me', host, token(), 'Sec-Fetch-Site: same-origin'))).toBe(200);
  });

  it('gets no session by a form, and nothing by a name that points here', async () => {
    const form = (...more: readonly string[]): string =>
      ['POST /auth/session HTTP/1.1', ...more, 'Content-Length: 2', 'Connection: close', '', '{}'].join(
        '\r\n',
      );
    const json = 'Content-Type: application/json';
    expect(statusOf(await raw(form(host, json, 'Origin: http://evil.example')))).toBe(403);
    expect(statusOf(await raw(form(host, json, 'Origin: null')))).toBe(403);
    expect(statusOf(await raw(form('Host: evil.example', json)))).toBe(403);
    expect(statusOf(await get('/', 'Host: localhost.evil.example'))).toBe(403);
    expect(statusOf(await get('/', host, 'Host: evil.example'))).toBe(403);
    expect(statusOf(await get('/', host, host))).toBe(403);
    expect(statusOf(await get('/v1/me', 'Host: evil.example', 'X-Forwarded-Host: localhost', token()))).toBe(
      403,
    );
  });
});

describe('headers', () => {
  it('of a proxy that nobody has named say nothing, nor do second ones', async () => {
    const forged = ['X-Forwarded-Host: localhost', 'X-Forwarded-For: 127.0.0.1', 'X-Forwarded-Proto: x y'];
    expect(statusOf(await get('/v1/me', host, ...forged))).toBe(401);
    expect(statusOf(await get('/v1/me', host, ...forged, token()))).toBe(200);
    expect(statusOf(await get('/v1/me', host, 'Authorization: Bearer x', token()))).toBe(401);
    expect(statusOf(await get('/v1/me', 'Host: evil.example', host, token()))).toBe(403);
  });

  it('that two servers could read differently are read by none', async () => {
    const post = 'POST /v1/ask HTTP/1.1\r\nHost: localhost';
    for (const text of [
      `${post}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${post}\r\nTransfer-Encoding: xchunked\r\n\r\n`,
      `${post}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      `${post}\r\nContent-Length : 2\r\n\r\n{}`,
      'GET /health HTTP/1.1\nHost: localhost\n\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n',
    ]) {
      expect(statusOf(await raw(text)), text).toBe(400);
    }
  });

  it('are no more than a few kilobytes', async () => {
    const many = `X: ${'a'.repeat(100)}\r\n`.repeat(1_000);
    const reply = await raw(`GET /health HTTP/1.1\r\nHost: localhost\r\n${many}\r\n`);
    expect(reply).toMatch(/^(?:HTTP\/1\.1 431 |$)/u);
    expect((await server.fetch('/health')).status).toBe(200);
  });
});

describe('a path', () => {
  it.each([
    '//v1/me',
    '/v1//me',
    '/v1/me/',
    '/V1/ME',
    '/v1/me%00',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/manifest.json',
    '/assets/../manifest.json',
    '/..%5c..%5cetc/passwd',
  ])('%j is nothing, for anybody', async (path) => {
    for (const more of [[], [token()]]) {
      expect(statusOf(await get(path, host, ...more))).toBe(404);
    }
  });

  it.each(['/v1/%6de', '/v1/./me', '/%2e%2e/v1/me', 'http://localhost/v1/me'])(
    '%j opens nothing that its plain form does not',
    async (path) => {
      expect([401, 404]).toContain(statusOf(await get(path, host)));
    },
  );

  it.each(['/v1/answers/%', '/v1/answers/%ff', `/v1/answers/${'a'.repeat(5_000)}`])(
    'that can not be read is an error like any other: %.40s',
    async (path) => {
      const response = await server.fetch(path);
      const { requestId, code } = errorOf(await response.json());
      expect([response.status >= 400 && response.status < 500, code]).toEqual([true, 'usage']);
      expect(requestId).toBe(response.headers.get('x-request-id'));
    },
  );

  it('is not changed by what says so in a header', async () => {
    const { conversation } = await server.ask('How many customers are there?');
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-original-url': '/metrics',
      'x-rewrite-url': '/',
    };
    expect((await server.fetch(`/v1/conversations/${conversation}`, { headers })).status).toBe(200);
    expect((await server.fetch(`/v1/conversations/${conversation}`)).status).toBe(200);
  });
});
