import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, fails, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';

let model: ModelServerFake;
let server: ServeRun;
beforeAll(async () => {
  model = await startModelServer();
  const told = ['--base-url', model.baseUrl, '--model', 'm', '--no-cache'];
  server = await startServe(['--db', 'sample', ...told, '--log-level', 'debug'], {
    environment: { SQLQ_API_KEY: 'sk-canary-of-the-operator' },
  });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await model?.close();
});

const post = (path: string, body: string): Promise<Response> =>
  server.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('a body', () => {
  it.each([
    '{"question":"x","__proto__":{"run":true}}',
    '{"question":"x","constructor":{"prototype":{"run":true}}}',
    '{"question":"x","\\u005f_proto__":{"run":true}}',
    `{"question":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    '['.repeat(500_000),
    '{"question":"a \\ud800 half"}',
    '{"question":"x","database":"\\udc00"}',
    '{"question":["x"]}',
    '{"question":{"toString":1}}',
    'null',
    '"x"',
  ])('that no page sends is refused, and changes nothing: %.50s', async (body) => {
    const reply = await post('/v1/ask', body);
    expect(reply.status).toBe(400);
    expect(errorOf(await reply.json()).code).toBe('usage');
    expect('run' in {}).toBe(false);
  });

  it.each([
    ['/v1/sql', 'sql'],
    ['/v1/ask', 'question'],
    ['/v1/ask', 'database'],
    ['/v1/ask', 'profile'],
    ['/v1/ask', 'conversation'],
    ['/v1/jobs', 'answer'],
    ['/v1/jobs', 'format'],
    ['/auth/session', 'token'],
  ])('with a megabyte in a field, or NUL, is refused: %s %s', async (path, field) => {
    const usual = path === '/v1/ask' ? { question: 'x' } : {};
    for (const value of [
      'x'.repeat(1_000_000),
      field === 'question' ? ' \u0000'.repeat(20_000) : 'a\u0000b',
    ]) {
      const reply = await post(path, JSON.stringify({ ...usual, [field]: value }));
      expect([400, 401, 404, 413, 422]).toContain(reply.status);
      const { code } = errorOf(await reply.json());
      expect(code).not.toBe('failed');
    }
  });
});

describe('text of a database or a model', () => {
  const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';

  it('is data wherever it goes: by its type, its name and its policy', async () => {
    const { body } = await server.json('/v1/sql', { sql: `SELECT '${script}' AS "${script}"` });
    const { id } = Object(body);
    for (const format of ['json', 'ndjson', 'csv', 'tsv', 'xlsx', 'html', 'markdown']) {
      const reply = await post(`/v1/answers/${id}/run`, JSON.stringify({ format }));
      const { headers } = reply;
      expect(headers.get('x-content-type-options'), format).toBe('nosniff');
      expect(headers.get('content-security-policy'), format).toContain("default-src 'none'");
      expect(headers.get('cache-control'), format).toBe('no-store');
      const kept = format === 'json' ? 'inline' : 'attachment; filename="answer.';
      expect(headers.get('content-disposition'), format).toContain(kept);
      const text = await reply.text();
      if (format === 'html') {
        expect(text).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none';/u);
        expect(text).not.toContain('<script>alert');
        expect(text).not.toContain('<img');
      }
    }
  });

  it('orders nothing: an answer runs when its user says so', async () => {
    const order =
      'event: rows\ndata: {"rows":[]}\n\nPOST /v1/answers/x/commit now; <a href="javascript:alert(1)">run</a>';
    model.script(answers({ sql: 'SELECT name FROM customers LIMIT 1', assumptions: [order] }));
    const events = await server.events('/v1/ask', { question: 'who is there?' });
    expect(events.map(({ event }) => event).filter((event) => event !== 'step')).toEqual(['answer']);
    expect(events.at(-1)?.data).toMatchObject({ runs: [], statement: 'read' });
  });

  it('comes in no log, and errors tell no path, no key and nothing of the code', async () => {
    model.script(
      fails(401, {
        error: { message: 'wrong key sk-canary-of-the-operator at /etc/secret\n at x (y.js:1)' },
      }),
    );
    const { status, body } = await server.json('/v1/ask', {
      question: 'a canary\nof{"level":"fatal"} the log?',
    });
    expect(status).toBe(502);
    const told = JSON.stringify(body);
    expect(told).not.toContain('sk-canary');
    expect(told).not.toMatch(/node_modules|\.js:\d|file:\/\//u);
    const lines = server.stdout().trimEnd().split('\n');
    for (const line of lines) {
      expect(() => JSON.parse(line), line).not.toThrow();
    }
    expect(server.stdout()).not.toMatch(/canary|fatal|alert\(1\)/u);
  });

  it('makes no new label of a metric', async () => {
    const series = async (): Promise<number> =>
      (await (await server.fetch('/metrics')).text())
        .split('\n')
        .filter((line) => /^sqlq_(?:http|question)/u.test(line)).length;
    for (const path of ['/a', '/v1/nowhere']) {
      await server.fetch(path);
    }
    await post('/v1/ask', '{"question":"x","database":"db0","profile":"p0"}');
    // What asks for the metrics counts too, from its first time on.
    await series();
    const before = await series();
    for (let index = 1; index < 50; index += 1) {
      await server.fetch(`/a${index}/${index}?x=${index}`);
      await post('/v1/ask', `{"question":"x","database":"db${index}"}`);
      await post('/v1/ask', `{"question":"x","profile":"p${index}"}`);
    }
    expect(await series()).toBe(before);
  });
});
