import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import {
  answers,
  breaksOff,
  event,
  fails,
  failsAs,
  hangs,
  type ModelServerFake,
  type Script,
  says,
  startModelServer,
} from '../../support/model-server.ts';
import { askServed, serverAt } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const count = { reasoning: 'Count.', sql: 'SELECT 1', assumptions: [] };
const oneMode = { structuredOutput: 'json_schema' } as const;

test('tokens are counted while they stream, usage is what the server says', async () => {
  const usage = {
    prompt_tokens: 1_200,
    completion_tokens: 42,
    prompt_tokens_details: { cached_tokens: 1_024 },
    completion_tokens_details: { reasoning_tokens: 8 },
  };
  const text = JSON.stringify(count);
  fake.script(says(text, { usage, pieceLength: 5 }));
  const progress: number[] = [];
  const reply = await askServed(serverAt(fake.baseUrl), { onProgress: (tokens) => progress.push(tokens) });
  expect(progress).toEqual(Array.from({ length: Math.ceil(text.length / 5) }, (_, index) => index + 1));
  expect(reply.usage).toEqual({
    promptTokens: 1_200,
    completionTokens: 42,
    cachedTokens: 1_024,
    reasoningTokens: 8,
  });
});

test('usage adds up over the requests of a question', async () => {
  fake.script(says('no'), says(JSON.stringify(count)));
  const { usage } = await askServed(serverAt(fake.baseUrl));
  expect(usage).toMatchObject({ promptTokens: 200, completionTokens: 40 });
});

test('thinking counts as progress and is no part of the answer', async () => {
  fake.script(
    says({ reasoning_content: 'hmm hmm hmm hmm', content: JSON.stringify(count) }, { pieceLength: 1_000 }),
  );
  const progress: number[] = [];
  await askServed(serverAt(fake.baseUrl), { onProgress: (tokens) => progress.push(tokens) });
  expect(progress).toEqual([1, 2]);
});

test('a server that does not stream when asked to is read all the same', async () => {
  fake.script((request, response) =>
    says(JSON.stringify(count))({ ...request, body: { ...request.body, stream: false } }, response),
  );
  expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql: 'SELECT 1' });
});

test('a stream is read whatever its line ends, comments, packets and letters', async () => {
  const sql = "SELECT 'Größe 大きさ 📏'";
  fake.script((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const chunk = {
      choices: [{ delta: { content: JSON.stringify({ ...count, sql }) }, finish_reason: 'stop' }],
    };
    const bytes = Buffer.from(
      `: keep-alive\r\n\r\nevent: message\r\ndata: ${JSON.stringify(chunk)}\r\n\r\ndata: [DONE]\r\n\r\n`,
    );
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
    }
    response.end();
  });
  expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql });
});

test('text in parts, chunks of nothing and fields of another shape do no harm', async () => {
  fake.script((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = JSON.stringify(count);
    event(response, { type: 'ping' });
    event(response, { choices: [], prompt_filter_results: [{}] });
    const parts = [
      { type: 'thinking', thinking: [] },
      { type: 'text', text: text.slice(0, 9) },
    ];
    event(response, { choices: [{ delta: { content: parts, reasoning: { a: 1 } } }], usage: 'none' });
    event(response, { choices: [{ delta: { content: text.slice(9) }, finish_reason: 'stop' }] });
    response.end();
  });
  expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql: 'SELECT 1' });
});

test('what was sent is told byte for byte, without the key, also where no answer comes', async () => {
  const told: string[] = [];
  fake.script(says('no'), answers(count), failsAs('openai-server'));
  const server = serverAt(fake.baseUrl, { apiKey: 'sk-canary', headers: { 'api-key': 'canary-2' } });
  const onSent = ({ text }: { text: string }) => told.push(text);
  const { sent } = await askServed(server, { onSent });
  expect(sent).toEqual(fake.requests.map(({ text }) => ({ host: new URL(fake.baseUrl).host, text })));
  await expect(askServed(server, { onSent })).rejects.toThrow();
  expect(told).toEqual(fake.requests.map(({ text }) => text));
  expect(told.join()).not.toContain('canary');
  expect(fake.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer sk-canary',
    'api-key': 'canary-2',
  });
});

test('without a key no authorization is sent', async () => {
  fake.script(answers(count));
  await askServed(serverAt(fake.baseUrl));
  expect(fake.requests[0]?.headers.authorization).toBeUndefined();
});

test.each([
  ['before the reply', hangs],
  ['in the middle of it', breaksOff('{"reasoning": "Let', () => {})],
])('an abort ends the request at once, %s', async (_name, script) => {
  const closed = Promise.withResolvers<void>();
  const abort = new AbortController();
  fake.script((request, response) => {
    response.on('close', closed.resolve);
    setTimeout(() => abort.abort(new Error('Ctrl-C')), 50);
    return script(request, response);
  });
  await expect(askServed(serverAt(fake.baseUrl), {}, abort.signal)).rejects.toThrow('Ctrl-C');
  await closed.promise;
});

test('an abort before the question sends nothing', async () => {
  await expect(askServed(serverAt(fake.baseUrl), {}, AbortSignal.abort(new Error('Ctrl-C')))).rejects.toThrow(
    'Ctrl-C',
  );
  expect(fake.requests).toHaveLength(0);
});

test.each([
  ['never begins', hangs, /did not answer within 0\.2 s$/],
  [
    'never ends',
    breaksOff('{"reasoning": "Let', () => {}),
    /was still answering after 0\.2 s and \d+ tokens?$/,
  ],
])('the deadline ends a reply that %s', async (_name, script, message) => {
  fake.script(script);
  await expect(askServed(serverAt(fake.baseUrl, { timeoutMilliseconds: 200 }))).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(message),
    hint: expect.stringContaining('timeout'),
  });
});

test.each([
  ['a closed connection', breaksOff('{"reasoning": "Let', (response) => response.destroy())],
  ['an end without an end', breaksOff('{"reasoning": "Let', (response) => response.end())],
])('%s in the middle of a reply is told of', async (_name, script) => {
  fake.script(script);
  await expect(askServed(serverAt(fake.baseUrl, oneMode))).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/dropped the connection/),
  });
});

test.each([
  ['as data', 'data: {"error":{"code":500,"message":"the slot died","type":"server_error"}}\n\n'],
  ['as an event', 'event: error\ndata: {"error":{"message":"the slot died"}}\n\n'],
  ['as a field of its own', 'error: {"code":500,"message":"the slot died","type":"server_error"}\n\n'],
])('an error in the middle of a stream is told of, %s', async (_name, text) => {
  fake.script(
    breaksOff('{"reasoning": "Let', (response) => {
      response.write(text);
      response.end('data: [DONE]\n\n');
    }),
  );
  await expect(askServed(serverAt(fake.baseUrl, oneMode))).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/custom at [\d.:]+ failed( \(500\))?: the slot died$/),
  });
});

test('a stream of something else is told of', async () => {
  fake.script((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    event(response, { hello: 'world' });
    response.end();
  });
  await expect(askServed(serverAt(fake.baseUrl, oneMode))).rejects.toMatchObject({
    message: expect.stringContaining('does not speak the chat completions protocol'),
  });
});

const elsewhere = { isLocal: false, retries: 2 };

test.each([
  ['a rate limit', failsAs('openai-rate-limit', { 'retry-after-ms': '5' })],
  ['an overload', failsAs('anthropic-overloaded', { 'retry-after': '0' })],
  ['a failure', failsAs('openai-server', { 'retry-after': new Date(0).toUTCString() })],
  ['a gateway', failsAs('proxy-html', { 'retry-after': '0.01' })],
])('%s elsewhere is asked again after its own wait', async (_name, script) => {
  fake.script(script, script, answers(count));
  const reply = await askServed(serverAt(fake.baseUrl, elsewhere));
  expect(reply.sent).toHaveLength(3);
});

test('a rate limit that comes in a stream is one too', async () => {
  const error = { error: { code: 429, message: 'Rate limit exceeded. Please try again in 10ms.' } };
  fake.script(fails(200, error), answers(count));
  expect((await askServed(serverAt(fake.baseUrl, elsewhere))).sent).toHaveLength(2);
});

test('retries are bounded', async () => {
  fake.scriptAll(failsAs('openai-rate-limit', { 'retry-after': '0' }));
  await expect(askServed(serverAt(fake.baseUrl, elsewhere))).rejects.toMatchObject({ code: 'failed' });
  expect(fake.requests).toHaveLength(3);
});

test('a wait of more than a minute is left to the user', async () => {
  fake.script(failsAs('openai-rate-limit', { 'retry-after': '3600' }));
  await expect(askServed(serverAt(fake.baseUrl, elsewhere))).rejects.toMatchObject({
    hint: 'Wait 3600 s, then ask again.',
  });
});

test.each([
  ['docker-unable-to-load', { isLocal: true, retries: 2 }],
  ['openai-server', { isLocal: true, retries: 2 }],
  ['openai-quota', elsewhere],
  ['openai-wrong-key', elsewhere],
])('%s is not asked again', async (name, overrides) => {
  fake.script(failsAs(name));
  await expect(askServed(serverAt(fake.baseUrl, overrides))).rejects.toThrow();
  expect(fake.requests).toHaveLength(1);
});

test('an abort ends a wait at once', async () => {
  const abort = new AbortController();
  fake.script((request, response) => {
    setTimeout(() => abort.abort(new Error('Ctrl-C')), 50);
    return fails(429, {}, { 'retry-after': '50' })(request, response);
  });
  const patient = serverAt(fake.baseUrl, { ...elsewhere, timeoutMilliseconds: 120_000 });
  await expect(askServed(patient, {}, abort.signal)).rejects.toThrow('Ctrl-C');
});

test.each([
  ['429', 429, 'slow down'],
  ['503', 503, 'all workers are busy'],
])(
  '%s of a gateway on this machine is asked again after the wait that it names',
  async (_name, status, message) => {
    const busy = fails(status, { error: { message } }, { 'retry-after': '0.05' });
    fake.script(busy, busy, answers(count));
    const reply = await askServed(serverAt(fake.baseUrl, { isLocal: true, retries: 2 }));
    expect(reply.sent).toHaveLength(3);
  },
);

test.each<[status: number, headers: Record<string, string>]>([
  [529, { 'x-ratelimit-reset-requests': '20ms' }],
  [503, { 'x-ratelimit-reset-tokens': '0.02s', 'x-ratelimit-remaining-tokens': '0' }],
  // Of the other limit something is left: it is not waited for.
  [
    429,
    {
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-tokens': '0m0.02s',
      'x-ratelimit-remaining-tokens': '0',
    },
  ],
  [429, { 'x-ratelimit-reset': String(Date.parse('2026-01-01T00:00:00Z')) }],
  [429, { 'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:00Z' }],
])('%s with %j is asked again when the limit begins anew', async (status, headers) => {
  const busy = fails(status, { error: { message: 'busy' } }, headers);
  fake.script(busy, busy, answers(count));
  const reply = await askServed(serverAt(fake.baseUrl, { isLocal: true, retries: 2 }));
  expect(reply.sent).toHaveLength(3);
});

test.each([
  ['1m30s', '90'],
  ['45', '45'],
])('a limit that begins anew in %s is waited for as long as the deadline lets it', async (reset, seconds) => {
  fake.script(fails(429, { error: { message: 'busy' } }, { 'x-ratelimit-reset-tokens': reset }));
  const server = serverAt(fake.baseUrl, { ...elsewhere, timeoutMilliseconds: 1_000 });
  await expect(askServed(server)).rejects.toMatchObject({ hint: `Wait ${seconds} s, then ask again.` });
  expect(fake.requests).toHaveLength(1);
});

test('a model that is loading is not asked again, whatever wait it names', async () => {
  for (const isLocal of [true, false]) {
    fake.script(failsAs('llama-cpp-loading', { 'retry-after': '0' }));
    await expect(askServed(serverAt(fake.baseUrl, { isLocal, retries: 2 }))).rejects.toMatchObject({
      message: expect.stringContaining('has not loaded the model'),
    });
  }
  expect(fake.requests).toHaveLength(2);
});

test('a wait that the deadline leaves no time for is left to the user', async () => {
  fake.script(failsAs('openai-rate-limit', { 'retry-after': '5' }));
  const server = serverAt(fake.baseUrl, { ...elsewhere, timeoutMilliseconds: 1_000 });
  await expect(askServed(server)).rejects.toMatchObject({ hint: 'Wait 5 s, then ask again.' });
});

test('the deadline is that of the question, repairs and waits included', async () => {
  const slow: Script = async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return says('{"query": 1}')(request, response);
  };
  fake.scriptAll(slow);
  const server = serverAt(fake.baseUrl, { timeoutMilliseconds: 600 });
  const start = performance.now();
  await expect(askServed(server)).rejects.toMatchObject({ message: expect.stringMatching(/within 0\.6 s$/) });
  expect(performance.now() - start).toBeLessThan(2_000);
  // It counts from when the question was first asked.
  await expect(askServed(server, { askedAt: performance.now() - 10_000 })).rejects.toMatchObject({
    message: expect.stringMatching(/within 0\.6 s$/),
  });
});

test.each([
  ['a curly quote', '\u201csk-canary', /API key of custom holds a curly quote \(U\+201C\) as character 1\.$/],
  ['an ellipsis', 'sk-can\u2026ary', /holds an ellipsis \(U\+2026\) as character 7\.$/],
  ['a line break', 'sk-canary\n', /holds a line break \(U\+000A\) at its end\.$/],
  ['a blank', 'Bearer sk-canary', /holds a blank \(U\+0020\) as character 7\.$/],
])('a key with %s is a mistake that is shown', async (_name, apiKey, message) => {
  const server = serverAt(fake.baseUrl, { apiKey, apiKeyVariable: 'SQLQ_API_KEY' });
  const thrown = await askServed(server).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message),
    hint: 'Copy it again, as plain text, into SQLQ_API_KEY.',
  });
  expect(String(thrown)).not.toContain('canary');
  expect(fake.requests).toHaveLength(0);
});

test.each([
  ['docker-model-runner', /docker desktop enable model-runner --tcp 12434/],
  ['ollama', /ollama serve/],
  ['lm-studio', /lms server start/],
  ['custom', /base URL/],
])('no server: %s', async (provider, hint) => {
  const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
  await expect(askServed(serverAt(baseUrl, { provider }))).rejects.toMatchObject({
    code: 'failed',
    message: `No server answers for ${provider} at ${new URL(baseUrl).host} (ECONNREFUSED)`,
    hint: expect.stringMatching(hint),
  });
});

test('no such host', async () => {
  await expect(askServed(serverAt('https://model.invalid/v1'))).rejects.toMatchObject({
    message: expect.stringMatching(/^No server of the name model\.invalid \((ENOTFOUND|EAI_AGAIN)\)$/),
  });
});

test('https where plain http is spoken', async () => {
  await expect(askServed(serverAt(fake.baseUrl.replace('http:', 'https:')))).rejects.toMatchObject({
    message: expect.stringMatching(/does not speak TLS/),
    hint: expect.stringContaining('http://'),
  });
});

test('a server that hangs up', async () => {
  const server = createTcpServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    await expect(askServed(serverAt(`http://127.0.0.1:${port}/v1`))).rejects.toMatchObject({
      message: expect.stringContaining('dropped the connection'),
    });
  } finally {
    server.close();
  }
});

test.each([
  ['no URL', 'localhost:12434', /not an http or https URL/],
  ['a password', 'https://user:canary@api.example/v1', /holds a user name or a password/],
  ['a key over plain http', 'http://api.example.com/v1', /would go to api\.example\.com unencrypted/],
  ['a key to a public address', 'http://8.8.8.8:8000/v1', /would go to 8\.8\.8\.8:8000 unencrypted/],
])('a base URL with %s is a mistake in the settings', async (_name, baseUrl, message) => {
  const thrown = await askServed(serverAt(baseUrl, { apiKey: 'sk-canary' })).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });
  expect(String(thrown) + JSON.stringify(thrown)).not.toContain('canary');
});

test('a header that carries a key is a key', async () => {
  const server = serverAt('http://api.example.com/v1', { headers: { 'X-Api-Key': 'canary' } });
  await expect(askServed(server)).rejects.toMatchObject({ code: 'usage' });
});
