import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../support/certificates.ts';
import { type ForwardProxy, startForwardProxy } from '../support/forward-proxy.ts';
import { answers, failsAs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { type RunOptions, runProgram } from '../support/program.ts';

let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

const count = answers({ sql: 'SELECT count(*) AS n FROM customers' });
const ask = (environment: NonNullable<RunOptions['environment']>, ...argv: readonly string[]) =>
  runProgram(['ask', '--db', 'sample', '--yes', ...argv, 'how many customers'], { environment });
const portOf = (address: string): number => Number(new URL(address).port);

describe('variables of other tools', () => {
  it('OPENAI_BASE_URL: the key of a gateway goes to the gateway', async () => {
    model.script(count);
    const ended = await ask({
      OPENAI_API_KEY: 'sk-of-the-gateway',
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_ORG_ID: 'org-1',
      OPENAI_PROJECT_ID: 'proj-1',
    });
    expect(ended).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(ended.stderr).toContain(`Asking openai, gpt-5-mini at ${new URL(model.baseUrl).host}`);
    expect(model.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-of-the-gateway',
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
    });
  });

  it('OLLAMA_HOST: the profile and the search are led there', async () => {
    model.models(['embed', 'qwen2.5-coder']);
    model.script(count, count);
    const environment = { OLLAMA_HOST: new URL(model.baseUrl).host };
    for (const argv of [[], ['--profile', 'ollama']]) {
      expect(await ask(environment, ...argv)).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    }
    expect(model.requests.map(({ body }) => body.model)).toEqual(['qwen2.5-coder', 'qwen2.5-coder']);
  });

  it('AZURE_OPENAI_*: endpoint, key and deployment', async () => {
    model.path('/openai/v1/chat/completions', count);
    const ended = await ask({
      AZURE_OPENAI_ENDPOINT: model.origin,
      AZURE_OPENAI_API_KEY: 'azure-key',
      AZURE_OPENAI_DEPLOYMENT: 'chat',
    });
    expect(ended).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(model.others.at(-1)).toMatchObject({
      headers: { authorization: 'Bearer azure-key', 'api-key': 'azure-key' },
      body: { model: 'chat' },
    });
  });

  it('a wrong key is told of whole', async () => {
    model.script(failsAs('openai-wrong-key'));
    const { stderr } = await ask(
      { SQLQ_API_KEY: 'sk-canary-wrong' },
      '--base-url',
      model.baseUrl,
      '--model',
      'm',
    );
    expect(stderr).toContain('Check that SQLQ_API_KEY is whole, still valid, and of this server.');
    expect(stderr).not.toContain('canary');
  });
});

describe('a proxy', () => {
  let proxy: ForwardProxy;
  beforeEach(async () => {
    proxy = await startForwardProxy(portOf(model.baseUrl));
  });
  afterEach(() => proxy.close());

  const far = ['--base-url', 'http://model.test/v1', '--model', 'm'];

  it('is gone through, in either case, and the doctor says so without its password', async () => {
    model.models(['m']);
    model.scriptAll(count);
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
      expect(await ask({ [name]: proxy.url }, ...far)).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    }
    expect(new Set(proxy.seen)).toEqual(new Set(['POST http://model.test/v1/chat/completions']));
    const doctor = await runProgram(['doctor', '--db', 'sample', ...far], {
      environment: { HTTP_PROXY: proxy.url },
    });
    expect(doctor.stdout).toContain(`through the proxy ${proxy.host} (HTTP_PROXY)`);
    expect(doctor.stdout + doctor.stderr).not.toContain('canary');
  });

  it('is passed by for hosts of NO_PROXY and for this machine', async () => {
    model.script(count);
    const here = ['--base-url', model.baseUrl, '--model', 'm'];
    expect(await ask({ HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url }, ...here)).toMatchObject({ code: 0 });
    expect(await ask({ HTTP_PROXY: proxy.url, NO_PROXY: '.test' }, ...far)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No server of the name model.test'),
    });
    expect(proxy.seen).toEqual([]);
  });

  it('that is not there is named, with its variable', async () => {
    const ended = await ask({ HTTP_PROXY: 'http://me:canary@127.0.0.1:9' }, ...far);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("can't be reached through the proxy 127.0.0.1:9 (ECONNREFUSED)");
    expect(ended.stderr).toContain('Check HTTP_PROXY');
    expect(ended.stderr).not.toContain('canary');
  });

  it.each([
    [407, 'wants a user and a password (407)', 'Put them into HTTPS_PROXY, before the host'],
    [403, 'does not connect to elsewhere.example (403)', 'Ask whoever runs it'],
  ])('that refuses a tunnel with %s says why', async (status, said, hint) => {
    const refusing = createHttpServer();
    refusing.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const address = refusing.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      const environment = { HTTPS_PROXY: `http://me:canary@127.0.0.1:${port}` };
      const { code, stderr } = await ask(
        environment,
        '--base-url',
        'https://elsewhere.example/v1',
        '--model',
        'm',
      );
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(said) });
      expect(stderr).toContain(hint);
      expect(stderr).not.toContain('canary');
    } finally {
      refusing.close();
    }
  });

  it('is a tunnel for TLS, under an authority of NODE_EXTRA_CA_CERTS', async () => {
    const certificates = await makeCertificates();
    const { certificate, key } = certificates.kinds.wrongHost;
    const tls = createServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      (request, response) => {
        const body = JSON.stringify({ sql: 'SELECT count(*) AS n FROM customers' });
        request.resume().on('end', () => {
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ choices: [{ message: { content: body }, finish_reason: 'stop' }] }));
        });
      },
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const address = tls.address();
    const tunnel = await startForwardProxy(typeof address === 'object' ? (address?.port ?? 0) : 0);
    try {
      const environment = { HTTPS_PROXY: tunnel.url, SQLQ_API_KEY: 'sk-far' };
      const elsewhere = ['--base-url', 'https://elsewhere.example/v1', '--model', 'm'];
      const ca = join(certificates.folder, 'ca.pem');
      expect(await ask({ ...environment, NODE_EXTRA_CA_CERTS: ca }, ...elsewhere)).toMatchObject({
        code: 0,
        stdout: 'n\n60\n',
      });
      expect(tunnel.seen).toContain('CONNECT elsewhere.example:443');
      const refused = await ask(environment, ...elsewhere);
      expect(refused.stderr).toContain('its TLS certificate is refused');
      expect(refused.stderr).toContain('NODE_EXTRA_CA_CERTS');
    } finally {
      await tunnel.close();
      tls.closeAllConnections();
      tls.close();
    }
  });
});

it('secrets in the query of an address are shown by nothing', async () => {
  const address = `${model.baseUrl}?api-version=1&subscription-key=canary-one&sig=canary-two&token=canary-three`;
  const served = ['--base-url', address, '--model', 'm'];
  const report = join(mkdtempSync(join(tmpdir(), 'sqlq-report-')), 'report.json');
  model.path(
    '/v1/chat/completions?api-version=1&subscription-key=canary-one&sig=canary-two&token=canary-three',
    (request, response) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `no such route ${request.path}` } }));
    },
  );
  const runs = await Promise.all([
    ask({}, ...served, '--report', report),
    runProgram(['config'], { environment: { SQLQ_BASE_URL: address } }),
    runProgram(['config', '--json'], { environment: { SQLQ_BASE_URL: address } }),
    runProgram(['doctor', '--db', 'sample', ...served]),
    runProgram(['models', ...served]),
  ]);
  for (const { stdout, stderr } of runs) {
    expect(stdout + stderr).not.toContain('canary');
  }
  expect(readFileSync(report, 'utf8')).not.toContain('canary');
  expect(runs[0]?.stderr).toContain('no such route');
  expect(runs[1]?.stdout).toContain('api-version=1&subscription-key=***');
});

it('a server without a list of models is no broken server', async () => {
  model.scriptAll(count);
  const served = ['--base-url', model.baseUrl, '--model', 'm'];
  const listed = await runProgram(['models', ...served]);
  expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining('lists no models (404)') });
  expect(listed.stderr).toContain('--model');
  const doctor = await runProgram(['doctor', '--db', 'sample', ...served]);
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('it answers in shape') });
});

it('a server is asked once what it is, and again neither by the next question nor by the one after', async () => {
  model.scriptAll(count);
  const kept = { XDG_CACHE_HOME: join(mkdtempSync(join(tmpdir(), 'sqlq-probes-')), 'cache') };
  const served = ['--base-url', model.baseUrl, '--model', 'm', '--no-cache'];
  await ask(kept, ...served);
  const first = model.others.length;
  expect(first).toBeGreaterThan(0);
  await ask(kept, ...served);
  await ask(kept, ...served, '--format', 'json');
  expect(model.others).toHaveLength(first);
});
