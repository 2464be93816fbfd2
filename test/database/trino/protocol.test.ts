import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerTarget } from '../../../src/database/target.ts';
import { trino } from '../../../src/database/trino/connect.ts';
import { serverOf } from '../../../src/database/trino/session.ts';
import { collect, start } from '../../../src/database/trino/wire/statement.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import { trinoTarget } from '../../support/trino-engine.ts';

const never = new AbortController().signal;

/** One request as it reached the server. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Scripted {
  readonly url: string;
  readonly seen: Seen[];
}

type Script = (
  request: Seen,
  index: number,
) => { status?: number; headers?: Record<string, string>; body?: unknown };

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) {
    close();
  }
});

/** A server that answers as the script says, in the shapes that Trino 476 answers with. */
async function scripted(
  script: Script,
  tls?: { readonly certificate: string; readonly key: string },
): Promise<Scripted> {
  const seen: Seen[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      const { status = 200, headers = {}, body = '' } = script(one, seen.length - 1);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const isZipped = headers['Content-Encoding'] === 'gzip';
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(isZipped ? gzipSync(text) : text);
    });
  };
  const server =
    tls === undefined
      ? createServer(answer)
      : createTlsServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen };
}

const bigint = { name: 'x', type: 'bigint', typeSignature: { rawType: 'bigint', arguments: [] } };
const id = '20261128_042238_00001_abcde';
const page = (number: number): string => `/v1/statement/executing/${id}/y0123/${number}`;

function connection(url: string, changes: Partial<ServerTarget> = {}) {
  return serverOf(trinoTarget(url, changes), 'sqlq/test');
}

describe('pages of a result', () => {
  it('are followed to the last one, each by its path, with the headers that say who asks', async () => {
    const { url, seen } = await scripted((_request, index) => ({
      body: [
        {
          id,
          nextUri: `http://coordinator.internal:9999/v1/statement/queued/${id}/y0/1`,
          stats: { state: 'QUEUED' },
        },
        {
          id,
          nextUri: `https://elsewhere.example${page(1)}`,
          columns: [bigint],
          data: [[1], [2]],
        },
        { id, columns: [bigint], data: [[3]], stats: { state: 'FINISHED' } },
      ][index],
    }));
    const { server, http } = connection(url, { database: 'Memory/App' });
    const result = await collect(server, 'SELECT x FROM t', { signal: never });
    http.close();
    expect(result.rows).toEqual([[1], [2], [3]]);
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/statement',
      `GET /v1/statement/queued/${id}/y0/1`,
      `GET ${page(1)}`,
    ]);
    expect(seen[0]?.body).toBe('SELECT x FROM t');
    for (const { headers } of seen) {
      expect(headers).toMatchObject({
        'x-trino-user': 'reader',
        'x-trino-source': 'sqlq/test',
        'x-trino-catalog': 'memory',
        'x-trino-schema': 'app',
        'x-trino-path': 'system.builtin',
        'accept-encoding': 'gzip',
      });
      expect(headers['authorization']).toBeUndefined();
    }
  });

  it('keep every digit', async () => {
    const { url } = await scripted(() => ({
      body: `{"id":"${id}","columns":[${JSON.stringify(bigint)}],"data":[[9007199254740993],[-9223372036854775808],[1.23456789012345E10],["1234567890123456789 \\" 1234567890123456789"]]}`,
    }));
    const { server, http } = connection(url);
    const { rows } = await collect(server, 'SELECT 1', { signal: never });
    http.close();
    expect(rows).toEqual([
      ['9007199254740993'],
      ['-9223372036854775808'],
      [12345678901.2345],
      ['1234567890123456789 " 1234567890123456789'],
    ]);
  });

  it('may be zipped', async () => {
    const { url } = await scripted(() => ({
      headers: { 'Content-Encoding': 'gzip' },
      body: { id, columns: [bigint], data: [[7]] },
    }));
    const { server, http } = connection(url);
    expect((await collect(server, 'SELECT 7', { signal: never })).rows).toEqual([[7]]);
    http.close();
  });

  it('are asked for again where the server is busy, and no longer than that may take', async () => {
    const { url, seen } = await scripted((_request, index) =>
      index < 3
        ? { status: [503, 502, 504][index] ?? 503, body: 'Service Unavailable' }
        : { body: { id, columns: [bigint], data: [[1]] } },
    );
    const { server, http } = connection(url);
    expect((await collect(server, 'SELECT 1', { signal: never })).rows).toEqual([[1]]);
    http.close();
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST']);
  });

  it('do not change the settings or the home of what comes next', async () => {
    const { url, seen } = await scripted(() => ({
      headers: {
        'X-Trino-Set-Session': 'query_max_run_time=10h',
        'X-Trino-Set-Catalog': 'evil',
        'X-Trino-Set-Schema': 'evil',
        'X-Trino-Set-Path': 'evil.evil',
        'X-Trino-Set-Authorization-User': 'root',
        'X-Trino-Added-Prepare': 'x=SELECT%201',
        'Set-Cookie': 'a=b',
      },
      body: { id, columns: [bigint], data: [] },
    }));
    const { server, http } = connection(url, { database: 'memory/app' });
    await collect(server, 'SELECT 1', { signal: never });
    await collect(server, 'SELECT 2', { signal: never });
    http.close();
    expect(seen[1]?.headers).toMatchObject({ 'x-trino-catalog': 'memory', 'x-trino-user': 'reader' });
    expect(Object.keys(seen[1]?.headers ?? {})).toEqual(Object.keys(seen[0]?.headers ?? {}));
  });

  it('that lead anywhere but to pages are not followed', async () => {
    const { url, seen } = await scripted(() => ({
      body: { id, nextUri: 'http://127.0.0.1/v1/query/kill?all=true', columns: [bigint] },
    }));
    const { server, http } = connection(url);
    await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toMatchObject({ code: 'failed' });
    http.close();
    expect(seen.filter(({ path }) => path.includes('kill'))).toEqual([]);
  });
});

describe('ending a statement', () => {
  const endless: Script = ({ method, path }) =>
    method === 'DELETE'
      ? { status: 204 }
      : {
          body: {
            id,
            nextUri: `http://x${page(1)}`,
            ...(path === '/v1/statement' ? {} : { columns: [bigint], data: [[1]] }),
          },
        };

  it('is told to the server by the path of its next page', async () => {
    const { url, seen } = await scripted(endless);
    const { server, http } = connection(url);
    const running = await start(server, 'SELECT 1', { signal: never });
    await running.next();
    await running.next();
    await running.cancel();
    await running.cancel();
    http.close();
    expect(seen.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([page(1)]);
  });

  it('comes before the first page too', async () => {
    const { url, seen } = await scripted(endless);
    const { server, http } = connection(url);
    await (await start(server, 'SELECT 1', { signal: never })).cancel();
    http.close();
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE', path: page(1) });
  });

  it('happens where the signal says so while a page is awaited', async () => {
    const controller = new AbortController();
    const { url, seen } = await scripted((request, index) => {
      if (index === 3) {
        controller.abort(new Error('enough'));
      }
      return endless(request, index);
    });
    const { server, http } = connection(url);
    await expect(collect(server, 'SELECT 1', { signal: controller.signal })).rejects.toThrow('enough');
    http.close();
    expect(seen.at(-1)?.method).toBe('DELETE');
  });
});

describe('logging in', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  const verified = (ca: string | null, mode: ServerTarget['tls']['mode'] = 'verify-full') => ({
    tls: { mode, ca, certificate: null, key: null },
  });
  const one: Script = () => ({ body: { id, columns: [bigint], data: [[1]] } });

  it('shows a password over TLS, with the name of the user', async () => {
    const { url, seen } = await scripted(one, certificates.kinds.good);
    const { server, http } = connection(url, {
      ...verified(certificates.ca),
      user: 'ada',
      password: 'pä:ss',
    });
    await collect(server, 'SELECT 1', { signal: never });
    expect(http.encryption()).toMatch(/^TLSv1\.[23]$/);
    http.close();
    expect(seen[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('ada:pä:ss').toString('base64')}`);
  });

  it('shows a JWT as a token', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
    const { url, seen } = await scripted(one, certificates.kinds.good);
    const { server, http } = connection(url, { ...verified(certificates.ca), password: token });
    await collect(server, 'SELECT 1', { signal: never });
    http.close();
    expect(seen[0]?.headers['authorization']).toBe(`Bearer ${token}`);
  });

  it('sends no password to another machine in plain text', () => {
    const target = trinoTarget('http://trino.example:8080', { password: 'x' });
    expect(() => serverOf(target, 'sqlq')).toThrow(/without encryption/);
  });

  it.each(['selfSigned', 'wrongHost', 'expired'] as const)(
    'refuses a certificate that is %s',
    async (kind) => {
      const { url, seen } = await scripted(one, certificates.kinds[kind]);
      const { server, http } = connection(url, { ...verified(certificates.ca), password: 'x' });
      await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toThrow(/certificate/);
      http.close();
      expect(seen).toEqual([]);
    },
  );

  it('takes a certificate for another host where the user asks for the chain alone, and any where for none', async () => {
    for (const [kind, mode] of [
      ['wrongHost', 'verify-ca'],
      ['selfSigned', 'require'],
    ] as const) {
      const { url } = await scripted(one, certificates.kinds[kind]);
      const { server, http } = connection(url, verified(mode === 'require' ? null : certificates.ca, mode));
      expect((await collect(server, 'SELECT 1', { signal: never })).rows).toEqual([[1]]);
      http.close();
    }
  });

  it.each([301, 302, 303, 307, 308])(
    'does not follow a redirect (%i), and sends nothing there',
    async (status) => {
      const other = await scripted(one);
      const { url, seen } = await scripted(
        () => ({ status, headers: { Location: `${other.url}/v1/statement` } }),
        certificates.kinds.good,
      );
      const { server, http } = connection(url, { ...verified(certificates.ca), password: 'x' });
      await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toThrow(/does not follow/);
      http.close();
      expect(seen).toHaveLength(1);
      expect(other.seen).toEqual([]);
    },
  );
});

describe('what goes wrong', () => {
  it.each([
    [{ status: 401, body: 'Unauthorized' }, /refused the login/, 'HTTP 401'],
    [
      { status: 403, body: 'Access Denied: User reader cannot impersonate user' },
      /does not let this user in: Access Denied/,
      'HTTP 403',
    ],
    [{ status: 404, body: '<html>' }, /does not answer as Trino does/, 'HTTP 404'],
    [{ status: 200, body: '<html>' }, /does not answer as Trino does/, 'HTTP 200'],
    [
      {
        body: {
          id,
          error: {
            message: "line 1:8: Column 'a' cannot be resolved",
            errorName: 'COLUMN_NOT_FOUND',
            errorType: 'USER_ERROR',
          },
        },
      },
      /Column 'a' cannot be resolved/,
      'COLUMN_NOT_FOUND',
    ],
  ] as const)('is said: %j', async (answer, words, engineCode) => {
    const { url } = await scripted(() => answer);
    const { server, http } = connection(url);
    await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toMatchObject({
      name: 'SqlqError',
      code: 'failed',
      message: expect.stringMatching(words),
      engineCode,
    });
    http.close();
  });

  it.each(['EXCEEDED_TIME_LIMIT', 'EXCEEDED_GLOBAL_MEMORY_LIMIT', 'EXCEEDED_SCAN_LIMIT', 'QUERY_QUEUE_FULL'])(
    'is a limit: %s',
    async (errorName) => {
      const { url } = await scripted(() => ({
        body: { id, error: { message: 'too much', errorName, errorType: 'INSUFFICIENT_RESOURCES' } },
      }));
      const { server, http } = connection(url);
      await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toMatchObject({ code: 'limit' });
      http.close();
    },
  );

  it('tells what to do where nothing listens', async () => {
    const { server, http } = connection('http://127.0.0.1:1');
    await expect(collect(server, 'SELECT 1', { signal: never })).rejects.toMatchObject({
      message: 'Nothing listens at 127.0.0.1:1',
    });
    http.close();
  });
});

describe('a server that nods', () => {
  /** Answers each statement at once, by what it begins with. */
  const nodding =
    (answers: Readonly<Record<string, unknown>>): Script =>
    ({ body }) => {
      if (body.startsWith('START TRANSACTION')) {
        return {
          headers: { 'X-Trino-Started-Transaction-Id': 'b349b18d-7413-4f45-8146-3088500818a8' },
          body: { id },
        };
      }
      const found = Object.entries(answers).find(([beginning]) => body.startsWith(beginning))?.[1];
      return { body: { id, columns: [bigint], data: [['476', 'reader']], ...(found ?? {}) } };
    };
  const opened = (url: string, access: 'read' | 'write' = 'read') =>
    trino.open(trinoTarget(url), { access, timeoutMilliseconds: 1000, hide: [] }, never);
  const error = (errorName: string) => ({
    error: { message: errorName, errorName, errorType: 'USER_ERROR' },
  });

  it.each([
    ['it lets a write through', {}, { data: [[true]] }],
    ['it refuses for another reason', error('NOT_SUPPORTED'), { data: [[true]] }],
    ['it says that the transaction may write', error('READ_ONLY_VIOLATION'), { data: [[false]] }],
    ['it lets nobody try, nor ask', error('PERMISSION_DENIED'), error('PERMISSION_DENIED')],
  ])('is refused: %s', async (_name, tried, asked) => {
    const { url } = await scripted(
      nodding({ 'CREATE SCHEMA system.sqlq_try': tried, 'SELECT read_only': asked }),
    );
    await expect(opened(url)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('reading'),
    });
  });

  it.each([
    ['it refuses the write', error('READ_ONLY_VIOLATION'), { data: [[true]] }],
    ['it refuses the write, and lets nobody ask', error('READ_ONLY_VIOLATION'), error('PERMISSION_DENIED')],
    [
      'it lets this account not try, and says that it only reads',
      error('PERMISSION_DENIED'),
      { data: [[true]] },
    ],
  ])('is taken where %s', async (_name, tried, asked) => {
    const { url } = await scripted(
      nodding({ 'CREATE SCHEMA system.sqlq_try': tried, 'SELECT read_only': asked }),
    );
    const database = await opened(url);
    expect(database.dialect).toEqual({ engine: 'trino', product: 'Trino', version: '476' });
    await database.close();
  });

  it('is taken where the user lets the guard stand alone, and that is said', async () => {
    const { url } = await scripted(nodding({ 'SELECT read_only': { data: [[true]] } }));
    const options = { access: 'read', timeoutMilliseconds: 1000, hide: [], trustGuard: true } as const;
    const database = await trino.open(trinoTarget(url), options, never);
    expect(database.warnings).toEqual([expect.stringMatching(/does not hold .* the guard alone stands/u)]);
    await database.close();
  });

  it('is refused where it begins no transaction', async () => {
    const { url } = await scripted(() => ({ body: { id, columns: [bigint], data: [['476', 'reader']] } }));
    await expect(opened(url)).rejects.toMatchObject({ code: 'refused' });
  });

  it('is never opened to write', async () => {
    const { url, seen } = await scripted(() => ({ body: { id } }));
    await expect(opened(url, 'write')).rejects.toMatchObject({ code: 'usage' });
    expect(seen).toEqual([]);
  });

  it('limits each statement by headers, the shorter of both limits', async () => {
    const { url, seen } = await scripted(
      nodding({
        'CREATE SCHEMA system.sqlq_try': error('READ_ONLY_VIOLATION'),
        'SHOW SESSION': {
          data: [
            ['query_max_execution_time', '0.50s'],
            ['query_max_run_time', '100.00d'],
          ],
        },
        'SELECT read_only': { data: [[true]] },
      }),
    );
    await (await opened(url)).close();
    const told = seen.find(({ body }) => body.startsWith('SELECT version'))?.headers['x-trino-session'];
    expect(told).toBe(
      'query_max_execution_time=500ms,query_max_run_time=500ms,query_max_planning_time=500ms',
    );
  });
});
