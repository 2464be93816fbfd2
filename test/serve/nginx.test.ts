import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NginxServer, nginxProgram, startNginx } from '../support/nginx-server.ts';
import { until } from '../support/until.ts';

/** A program behind nginx that keeps what it is sent. */
interface Upstream {
  readonly port: number;
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers']; text: string }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  listen(): Promise<void>;
  die(): Promise<void>;
}

async function startUpstream(): Promise<Upstream> {
  let server: Server;
  let port = 0;
  const upstream: Upstream = {
    get port() {
      return port;
    },
    requests: [],
    answer: (_request, response) => void response.end('ok'),
    async listen() {
      server = createServer(async (request, response) => {
        const { method = '', url = '', headers } = request;
        const kept = { method, url, headers, text: '' };
        upstream.requests.push(kept);
        for await (const chunk of request) {
          kept.text += String(chunk);
        }
        upstream.answer(request, response);
      });
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    },
    async die() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await upstream.listen();
  return upstream;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

describe.skipIf((await nginxProgram()) === null)('nginx as deployed', () => {
  let nginx: NginxServer;
  let upstreams: [Upstream, Upstream];
  const all = () => upstreams.flatMap(({ requests }) => requests);

  beforeAll(async () => {
    upstreams = [await startUpstream(), await startUpstream()];
    nginx = await startNginx([upstreams[0].port, upstreams[1].port]);
  });
  afterAll(async () => {
    await nginx?.stop();
    await Promise.all(upstreams.map((upstream) => upstream.die().catch(() => {})));
  });
  beforeEach(() => {
    for (const upstream of upstreams) {
      upstream.requests.length = 0;
      upstream.answer = (_request, response) => void response.end('ok');
    }
  });

  function send(
    path: string,
    options: { method?: string; headers?: object; body?: string } = {},
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', headers = {}, body = '' } = options;
      const request = httpsRequest(
        `${nginx.url}${path}`,
        { method, headers: { ...headers }, ca: nginx.certificates.ca, agent: false },
        async (response) => {
          let text = '';
          try {
            for await (const chunk of response) {
              text += String(chunk);
            }
          } catch {
            text += ' …cut';
          }
          resolve({ status: response.statusCode ?? 0, text });
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  }

  /** Sends bytes as they are and reads until the server closes, or has said nothing for a while. */
  function sendRaw(text: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({
        port: nginx.port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca: nginx.certificates.ca,
      });
      let said = '';
      const done = (): void => {
        socket.destroy();
        resolve(said);
      };
      socket.setTimeout(1_500, done);
      socket.on('data', (chunk) => {
        said += String(chunk);
      });
      socket.once('end', done).once('error', done);
      socket.once('secureConnect', () => socket.write(text));
    });
  }

  it("says itself where a request comes from, and passes a caller's own word on nothing of it on", async () => {
    await send('/v1/me', {
      headers: {
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'http',
        'x-real-ip': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-request-id': 'mine',
        connection: 'x-secret-hop',
        x_forwarded_for: '6.6.6.6',
      },
    });
    const [request] = all();
    expect(request?.headers).toMatchObject({
      host: `localhost:${nginx.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `localhost:${nginx.port}`,
      'x-forwarded-proto': 'https',
    });
    expect(request?.headers['x-request-id']).toMatch(/^[\da-f]{32}$/u);
    expect(JSON.stringify(request?.headers)).not.toMatch(/6\.6\.6\.6|evil|mine/u);
  });

  const end = '\r\n\r\n';
  const head = `POST /v1/ask HTTP/1.1\r\nHost: localhost\r\n`;
  const smuggled = `GET /v1/smuggled HTTP/1.1\r\nHost: localhost${end}`;
  it.each([
    ['two lengths', `${head}Content-Length: 3\r\nContent-Length: ${smuggled.length}${end}abc${smuggled}`],
    [
      'a length and chunks',
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked${end}0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks by another name',
      `${head}Content-Length: ${smuggled.length}\r\nTransfer-Encoding: xchunked${end}${smuggled}`,
    ],
    [
      'chunks before a space',
      `${head}Content-Length: ${smuggled.length}\r\nTransfer-Encoding : chunked${end}${smuggled}`,
    ],
    [
      'chunks twice',
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5${end}0\r\n\r\n${smuggled}`,
    ],
    ['a folded line', `${head}X-A: b\r\n Content-Length: 4${end}${smuggled}`],
    ['a length with a sign', `${head}Content-Length: +3${end}abc${smuggled}`],
    ['a chunk that is no number', `${head}Transfer-Encoding: chunked${end}zz\r\n${smuggled}`],
    ['a NUL', `${head}X-A: b\0c\r\nContent-Length: 0${end}`],
  ])('has no two minds about %s', async (_what, bytes) => {
    const said = await sendRaw(bytes);
    const told = all();
    // What comes after the first request may be a second one, if nginx itself takes it for that; never a part of the first.
    const answers = said.match(/^HTTP\/1\.1 \d{3}/gmu) ?? [];
    expect(told.length).toBeLessThanOrEqual(answers.length);
    for (const { headers, text } of told) {
      expect(headers['transfer-encoding']).toBeUndefined();
      expect(text).not.toContain('smuggled');
      expect(Number(headers['content-length'] ?? 0)).toBe(text.length);
    }
    expect(said).toMatch(/^HTTP\/1\.1 (?:4\d\d|501|200)/u);
  });

  it('hands a body in chunks on with its length', async () => {
    await sendRaw(`${head}Connection: close\r\nTransfer-Encoding: chunked${end}3\r\nabc\r\n0\r\n\r\n`);
    expect(all()).toMatchObject([{ text: 'abc', headers: { 'content-length': '3' } }]);
  });

  it('does not show metrics, whatever the path looks like', async () => {
    for (const path of ['/metrics', '/metrics?x=1', '/%6detrics', '/x/../metrics', '//metrics']) {
      expect((await send(path)).status).toBe(404);
    }
    expect(all()).toEqual([]);
  });

  it('takes no large body', async () => {
    const body = 'x'.repeat(2 << 20);
    expect((await send('/v1/ask', { method: 'POST', body }).catch(() => ({ status: 413 }))).status).toBe(413);
    expect(all()).toEqual([]);
  });

  it('sends a user to one instance, by cookie or token, and different ones to both', async () => {
    const users = Array.from({ length: 24 }, (_, index) =>
      index % 2 ? { authorization: `Bearer t${index}` } : { cookie: `a=b; __Host-sqlq=s${index}; c=d` },
    );
    for (const headers of users) {
      for (let time = 0; time < 3; time++) {
        await send('/v1/me', { headers });
      }
    }
    const keysOf = (upstream: Upstream) =>
      new Set(upstream.requests.map(({ headers }) => headers.authorization ?? headers.cookie));
    const [first, second] = upstreams.map(keysOf);
    expect(first?.size).toBeGreaterThan(0);
    expect(second?.size).toBeGreaterThan(0);
    expect((first?.size ?? 0) + (second?.size ?? 0)).toBe(users.length);
  });

  it('sends a program to one instance by what it has signed in by, whatever its token says besides', async () => {
    const logins = Array.from({ length: 12 }, () => randomUUID());
    const tokenOf = (login: string, iat: number): string => {
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ login, iat })}.${randomUUID()}`;
    };
    for (const login of logins) {
      for (let time = 0; time < 3; time++) {
        await send('/v1/me', { headers: { authorization: `Bearer ${tokenOf(login, time)}` } });
      }
    }
    const loginsAt = (upstream: Upstream) =>
      new Set(
        upstream.requests.map(({ headers }) =>
          Buffer.from(`${headers.authorization}`.split('.')[1] ?? '', 'base64url')
            .toString()
            .slice(0, 46),
        ),
      );
    const [first, second] = upstreams.map(loginsAt);
    expect(first?.size).toBeGreaterThan(0);
    expect(second?.size).toBeGreaterThan(0);
    expect((first?.size ?? 0) + (second?.size ?? 0)).toBe(logins.length);
  });

  it('hands a stream on as it comes', async () => {
    const gates: (() => void)[] = [];
    for (const upstream of upstreams) {
      upstream.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: step\n\n');
        gates.push(() => response.end('event: answer\n\n'));
      };
    }
    const heard: string[] = [];
    const over = new Promise<void>((resolve, reject) => {
      httpsRequest(
        `${nginx.url}/v1/ask`,
        { method: 'POST', ca: nginx.certificates.ca, agent: false },
        async (response) => {
          for await (const chunk of response) {
            heard.push(String(chunk));
          }
          resolve();
        },
      )
        .once('error', reject)
        .end('{}');
    });
    // The end is not there yet.
    await until(() => heard.join('').includes('step'));
    expect(heard.join('')).not.toContain('answer');
    gates[0]?.();
    await over;
    expect(heard.join('')).toContain('answer');
  });

  it('asks the other instance where one is gone, with the same id, by which it can tell whether the first had begun', async () => {
    const [first, second] = upstreams;
    // In flight: the instance has the question when it dies.
    let died: Upstream | null = null;
    for (const upstream of upstreams) {
      upstream.answer = (request) => {
        died = upstream;
        request.socket.destroy();
      };
    }
    const reply = await send('/v1/ask', { method: 'POST', body: '{}' });
    expect(reply.status).toBe(502);
    expect(upstreams.map(({ requests }) => requests.length)).toEqual([1, 1]);
    expect(new Set(all().map(({ headers }) => headers['x-request-id'])).size).toBe(1);
    expect(died).not.toBeNull();
    for (const upstream of upstreams) {
      upstream.answer = (_request, response) => void response.end('ok');
      upstream.requests.length = 0;
    }
    await first.die();
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        send('/v1/ask', { method: 'POST', body: '{}', headers: { authorization: `Bearer u${index}` } }),
      ),
    );
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    expect(second.requests).toHaveLength(40);
    await first.listen();
    await until(async () => {
      for (let index = 0; index < 10; index++) {
        await send('/v1/me', { headers: { authorization: `Bearer v${index}` } });
      }
      return first.requests.length > 0;
    });
  });

  it('writes down neither what was asked nor who asked', async () => {
    await send('/v1/schema?database=secret-query', {
      headers: {
        authorization: 'Bearer secret-token',
        cookie: 'x=secret-cookie',
        referer: 'https://h/secret-referer',
      },
    });
    await until(async () => (await nginx.log()).some((line) => line.includes('/v1/schema')));
    const lines = await nginx.log();
    expect(lines.join('\n')).not.toContain('secret');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ path: '/v1/schema', status: 200, method: 'GET' }),
    );
  });
});
