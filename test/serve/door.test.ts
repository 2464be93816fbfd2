import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Ended, runProgram } from '../support/program.ts';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

let server: ServeRun;
beforeAll(async () => {
  server = await startServe(['--db', 'sample', '--profile', 'offline']);
}, 60_000);
afterAll(() => server.stop());

/** A request with headers that `fetch` does not let one set. */
function raw(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('the door', () => {
  it('lets nobody in without the token', async () => {
    const { status, headers } = await fetch(`${server.url}/v1/me`);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="sqlq"');
    for (const authorization of ['Bearer', 'Bearer x', `Basic ${server.token}`, server.token]) {
      const answer = await fetch(`${server.url}/v1/me`, { headers: { authorization } });
      expect(answer.status, authorization).toBe(401);
    }
    expect(await server.json('/v1/me')).toMatchObject({
      status: 200,
      body: { name: 'local', writable: false },
    });
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])(
    'refuses the host %j',
    async (host) => {
      expect(await raw('/v1/me', { host, authorization: `Bearer ${server.token}` })).toBeGreaterThanOrEqual(
        400,
      );
    },
  );

  it('refuses pages of other sites', async () => {
    const { host } = new URL(server.url);
    const authorization = `Bearer ${server.token}`;
    expect(await raw('/v1/me', { host, authorization, origin: 'https://evil.example' })).toBe(403);
    expect(await raw('/v1/me', { host, authorization, origin: 'null' })).toBe(403);
    expect(await raw('/v1/me', { host, authorization, origin: `http://${host}` })).toBe(200);
  });

  it('takes no body that is too large, or no JSON', async () => {
    const large = await server.json('/v1/ask', { question: 'x'.repeat(2 << 20) });
    expect(large.status).toBe(413);
    expect(errorOf(large.body).code).toBe('too-large');
    const response = await server.fetch('/v1/ask', {
      method: 'POST',
      body: '{"question":',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect((await server.json('/v1/ask', { question: 'x', other: 1 })).status).toBe(400);
    expect((await server.json('/v1/ask', { question: '  ' })).status).toBe(400);
  });

  it('tells nothing of answers that are not one’s own or not there', async () => {
    for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', 'x', '..%2f..%2fetc', "'%20OR%201=1"]) {
      expect((await server.json(`/v1/answers/${id}`)).status, id).toBe(404);
      expect((await server.json(`/v1/answers/${id}/run`, {})).status, id).toBe(404);
    }
  });

  it('names each request, in the reply and in its errors', async () => {
    const response = await server.fetch('/nowhere');
    expect(response.status).toBe(404);
    const error = errorOf(await response.json());
    expect(error).toMatchObject({ code: 'not-found', requestId: response.headers.get('x-request-id') });
  });

  it('does not wait for ever for whoever sends a byte now and then', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.on('error', () => {});
    socket.write('GET /v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ');
    const drip = setInterval(() => socket.write('a'), 500);
    await until(() => closed);
    clearInterval(drip);
    expect(closed).toBe(true);
  }, 60_000);

  it('names no command of a terminal where a question can not be answered', async () => {
    const answer = await server.ask('how many customers are in Norway?');
    const failures = await Promise.all([
      server.json(`/v1/answers/${answer.id}/reject`, { hint: 'by shoe size' }),
      server.json('/v1/ask', { question: 'will it rain tomorrow?' }),
      server.json('/v1/ask', { question: 'write me a poem about glaciers' }),
    ]);
    for (const { status, body } of failures) {
      expect(status).toBe(422);
      const { message, hint } = errorOf(body);
      expect(`${message} ${hint}`).not.toMatch(/sqlq [a-z]|--[a-z]|\.new/u);
    }
    expect(errorOf(failures[1]?.body).hint).toContain('GET /v1/schema');
  });

  it('describes every route in its OpenAPI document', async () => {
    // Whoever writes a program for it has no token yet, and there is no secret in it.
    const described = await fetch(`${server.url}/openapi.json`);
    const body: unknown = await described.json();
    const { paths, openapi } = z
      .object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(body);
    expect(openapi).toMatch(/^3\./u);
    // A program knows from it where it needs no token.
    const isOpen = (path: string): boolean =>
      z.object({ get: z.object({ security: z.tuple([]) }) }).safeParse(paths[path]).success;
    expect(['/health', '/ready', '/auth/methods', '/v1/me', '/v1/audit'].filter(isOpen)).toEqual([
      '/health',
      '/ready',
      '/auth/methods',
    ]);
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'post /v1/ask',
        'post /v1/sql',
        'get /v1/answers/{id}',
        'post /v1/answers/{id}/run',
        'post /v1/answers/{id}/edit',
        'post /v1/answers/{id}/reject',
        'post /v1/answers/{id}/choose',
        'post /v1/answers/{id}/feedback',
        'post /v1/answers/{id}/commit',
        'get /v1/me',
        'get /v1/databases',
        'get /v1/schema',
        'get /v1/models',
        'get /v1/saved',
        'post /v1/saved/{name}/ask',
        'get /v1/history',
        'get /v1/conversations',
        'get /v1/conversations/{id}',
        'delete /v1/conversations/{id}',
        'post /mcp',
      ]),
    );
  });
});

describe('a server', () => {
  it('listens to others only where that is protected', async () => {
    const { code, stderr } = await runProgram([
      'serve',
      '--db',
      'sample',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('nothing protects what goes there');
    const proxied = await runProgram([
      'serve',
      '--db',
      'sample',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
      '--behind-proxy',
    ]);
    expect(proxied.code).toBe(2);
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-nobody-'));
    const users = join(folder, 'none', 'users.sqlite');
    const nobody = await runProgram(['serve', '--db', 'sample', '--port', '0', '--users', users]);
    expect(nobody).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`there is no file of users ${users}.`),
    });
    expect(nobody.stderr).toContain(`sqlq user add NAME --users ${users}`);
    expect(readdirSync(folder)).toEqual([]);
    expect(proxied.stderr).toMatch(/nobody could sign in|--users/u);
  });

  it('reads no settings that lie in the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-hostile-'));
    writeFileSync(
      join(folder, '.sqlqrc'),
      'profile: evil\nprofiles:\n  evil:\n    baseUrl: http://127.0.0.1:9/v1\n    model: evil\ndatabases:\n  evil: sqlite:/etc/passwd\n',
    );
    writeFileSync(join(folder, 'sqlq.notes.md'), '# Notes\n\n- customers: nobody\n');
    const own = await startServe(['--db', 'sample'], { folder });
    try {
      expect((await own.json('/v1/models')).body).toMatchObject({ models: [{ profile: 'offline' }] });
      expect(JSON.stringify((await own.json('/v1/models')).body)).not.toContain('evil');
      expect((await own.json('/v1/databases')).body).toMatchObject({ databases: { length: 1 } });
    } finally {
      await own.stop();
    }
  });

  it('says of a file in the folder that it is not read, and what reads it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-passed-over-'));
    const serve = (): Promise<Ended> => runProgram(['serve', '--port', '0'], { folder });
    expect((await serve()).stderr).toContain('No database is named.');
    writeFileSync(join(folder, '.sqlqrc'), 'database: sample\nprofile: offline\n', { mode: 0o600 });
    const { code, stderr } = await serve();
    expect(code).toBe(2);
    expect(stderr).toContain('A server reads no settings file of the folder, such as .sqlqrc.');
    expect(stderr).toContain('sqlq serve --config .sqlqrc');
    const named = await startServe(['--config', '.sqlqrc'], { folder });
    await named.stop();
  });

  it('reads the settings that --config names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-config-'));
    const file = join(folder, 'serve.yaml');
    writeFileSync(
      file,
      'database: sample\nlimit: 2\nprofiles:\n  mine:\n    provider: offline\nprofile: mine\n',
    );
    const own = await startServe(['--config', file]);
    try {
      const answer = await own.ask('list all customers');
      const { body } = await own.json(`/v1/answers/${answer.id}/run`, { limit: 50 });
      expect(body).toMatchObject({ rows: { length: 2 }, truncated: true });
    } finally {
      await own.stop();
    }
  });
});
