import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqlqError } from '../../../src/errors.ts';
import type { ModelServer } from '../../../src/model/server.ts';
import { fails, failsAs, type ModelServerFake, says, startModelServer } from '../../support/model-server.ts';
import { askServed, noSampling, serverAt } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const key = 'sk-canary-very-secret-fully99';

/** One mode, so that each failure is final; the messages name no port. */
async function errorOf(
  overrides: Partial<ModelServer> = {},
): Promise<{ code: string; message: string; hint: string }> {
  const server = serverAt(fake.baseUrl, { structuredOutput: 'json_schema', ...overrides });
  const thrown = await askServed(server).catch((error: unknown) => error);
  if (!(thrown instanceof SqlqError)) {
    throw thrown;
  }
  const anonymous = (text: string) => text.replaceAll(new URL(fake.baseUrl).host, 'HOST');
  return { code: thrown.code, message: anonymous(thrown.message), hint: anonymous(thrown.hint ?? '') };
}

/** Each recorded error, the settings that it answers, and the one text that it gives. */
const table: Readonly<Record<string, readonly [Partial<ModelServer>, string, RegExp, RegExp]>> = {
  'openai-no-key': [
    { provider: 'openai', apiKeyVariable: 'OPENAI_API_KEY' },
    'usage',
    /^openai at HOST asks for an API key$/,
    /^Set OPENAI_API_KEY, or/,
  ],
  'openai-wrong-key': [
    { provider: 'openai', apiKey: key, apiKeyVariable: 'OPENAI_API_KEY' },
    'failed',
    /^openai at HOST refused the API key \(401\)$/,
    /^Check that OPENAI_API_KEY is whole/,
  ],
  'openai-region': [{ apiKey: key }, 'failed', /refused the API key \(403\): Country, region/, /apiKey/],
  'openai-no-model': [
    { model: 'gpt-9' },
    'failed',
    /has no model gpt-9/,
    /--model.*It has: gpt-4o, gpt-4o-mini\.$/,
  ],
  'openai-rate-limit': [
    {},
    'failed',
    /limits the rate of requests \(429\): Rate limit reached/,
    /^Wait 3 s, then ask again/,
  ],
  'openai-quota': [{}, 'failed', /no quota left for this key: You exceeded/, /billing/],
  'openai-context': [
    {},
    'failed',
    /^The prompt of 9301 tokens does not fit its window of 8192/,
    /wider window/,
  ],
  'openai-max-tokens': [{}, '', /^$/, /^$/],
  'openai-temperature': [{}, '', /^$/, /^$/],
  'openai-json-schema': [
    {},
    'failed',
    /gave no usable answer: Invalid parameter: 'response_format'/,
    /--model/,
  ],
  'openai-server': [{}, 'failed', /custom at HOST failed \(500\): The server had an error/, /Ask again/],
  'azure-content-filter': [
    {},
    'unanswerable',
    /refused the question: The response was filtered/,
    /other words/,
  ],
  'llama-cpp-context': [
    { provider: 'docker-model-runner', maxTokens: 500 },
    'failed',
    /^The prompt of 1230 tokens does not fit its window of 512 \(ai\/qwen3 at HOST\)$/,
    /`docker model configure --context-size 2048 ai\/qwen3`.*--include/,
  ],
  'llama-cpp-loading': [
    {},
    'failed',
    /has not loaded the model ai\/qwen3 \(503\): Loading model/,
    /in a moment/,
  ],
  'llama-cpp-key': [{ apiKey: key }, 'failed', /refused the API key \(401\)$/, /apiKey/],
  'llama-cpp-path': [
    {},
    'failed',
    /HOST\/v1 does not speak the chat completions protocol \(404\)/,
    /base URL/,
  ],
  'llama-cpp-format': [{}, 'failed', /gave no usable answer: response_format type/, /--model/],
  'llama-cpp-tools': [
    { structuredOutput: 'tool' },
    'failed',
    /gave no usable answer: tools param requires --jinja/,
    /--model/,
  ],
  'docker-no-model': [
    { provider: 'docker-model-runner' },
    'failed',
    /docker-model-runner at HOST has no model ai\/qwen3/,
    /^Get it: `docker model pull ai\/qwen3`\. It has: gpt-4o, gpt-4o-mini\.$/,
  ],
  'docker-unable-to-load': [
    { provider: 'docker-model-runner' },
    'failed',
    /has not loaded the model ai\/qwen3 \(500\): unable to load runner/,
    /log/,
  ],
  'ollama-no-model': [
    { provider: 'ollama', model: 'qwen3' },
    'failed',
    /has no model qwen3: model "qwen3" not found/,
    /^Get it: `ollama pull qwen3`/,
  ],
  'ollama-no-tools': [{ structuredOutput: 'tool' }, 'failed', /does not support tools/, /--model/],
  'ollama-memory': [
    { provider: 'ollama' },
    'failed',
    /ollama at HOST failed \(500\): model requires more system memory/,
    /log/,
  ],
  'vllm-no-model': [{ provider: 'vllm' }, 'failed', /has no model/, /--model/],
  'vllm-context': [
    { provider: 'vllm' },
    'failed',
    /^The prompt of 4297 tokens does not fit its window of 4096/,
    /`vllm serve ai\/qwen3 --max-model-len 8192`/,
  ],
  'vllm-invalid': [{ sampling: { ...noSampling, reasoningEffort: 'none' } }, '', /^$/, /^$/],
  'mistral-invalid': [{ sampling: { ...noSampling, seed: 1 } }, '', /^$/, /^$/],
  'groq-json': [{}, 'failed', /gave no usable answer: Failed to generate JSON/, /--model/],
  'lm-studio-format': [
    { structuredOutput: 'json_object' },
    'failed',
    /must be 'json_schema' or 'text'/,
    /--model/,
  ],
  'lm-studio-no-model': [
    { provider: 'lm-studio' },
    'failed',
    /has no model ai\/qwen3: No models loaded/,
    /`lms load/,
  ],
  'anthropic-key': [{ apiKey: key }, 'failed', /refused the API key \(401\)$/, /apiKey/],
  'litellm-key': [{ apiKey: key }, 'failed', /refused the API key \(400\)$/, /apiKey/],
  'anthropic-overloaded': [{}, 'failed', /limits the rate of requests \(529\): Overloaded/, /Wait a little/],
  'anthropic-context': [
    { isLocal: false },
    'failed',
    /prompt of 208310 tokens does not fit its window of 200000/,
    /--model/,
  ],
  'anthropic-credit': [{}, 'failed', /no quota left for this key: Your credit balance/, /billing/],
  'gemini-key': [{ apiKey: key }, 'failed', /refused the API key \(400\)$/, /apiKey/],
  'gemini-unknown-field': [{ sampling: { ...noSampling, seed: 1 } }, '', /^$/, /^$/],
  'gemini-rate-limit': [{}, 'failed', /limits the rate/, /^Wait 34 s/],
  'gemini-free-tier': [{}, 'failed', /limits the rate of requests \(429\): You exceeded/, /^Wait 34 s/],
  'gemini-context': [{}, 'failed', /prompt of 1200000 tokens does not fit its window of 1048576/, /./],
  'openrouter-credit': [{}, 'failed', /no quota left/, /billing/],
  'openrouter-no-model': [{}, 'failed', /has no model/, /--model/],
  'proxy-html': [{}, 'failed', /custom at HOST failed \(502\)$/, /Ask again/],
  'page-html': [{}, 'failed', /HOST\/v1 does not speak the chat completions protocol$/, /base URL/],
  'lm-studio-path': [
    {},
    'failed',
    /HOST\/v1 does not speak the chat completions protocol: Unexpected endpoint/,
    /base URL/,
  ],
  'openrouter-in-200': [{}, 'failed', /custom at HOST failed \(502\): Provider returned error/, /Ask again/],
  'vllm-too-large': [
    { isLocal: false },
    'failed',
    /^The prompt of about \d+ tokens is too long for its window/,
    /--model/,
  ],
  'not-found-text': [
    {},
    'failed',
    /does not speak the chat completions protocol \(404\): 404 page not found/,
    /base URL/,
  ],
};

describe('recorded errors', () => {
  test('each of them is in the table', () => {
    const files = readdirSync('fixtures/replies/errors').map((file) => file.replace('.json', ''));
    expect(Object.keys(table).sort()).toEqual(files.sort());
  });

  test.each(Object.entries(table).filter(([, [, code]]) => code !== ''))(
    '%s',
    async (name, [overrides, code, message, hint]) => {
      fake.models(['gpt-4o', 'gpt-4o-mini']);
      fake.script(failsAs(name));
      const error = await errorOf(overrides);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
      expect(error.message + error.hint).not.toMatch(/canary|fully99|<html|undefined|\[object|\n/);
    },
  );

  test.each(Object.entries(table).filter(([, [, code]]) => code === ''))(
    '%s is mended by leaving out',
    async (name, [overrides]) => {
      fake.script(failsAs(name), says('{"sql": "SELECT 1"}'));
      const reply = await askServed(serverAt(fake.baseUrl, overrides));
      expect(reply.structuredOutput).toBe('json_schema');
    },
  );
});

test('a key that a server echoes is not repeated, whole or in part', async () => {
  for (const echo of [key, key.slice(0, 12), `${key.slice(0, 8)}****${key.slice(-4)}`, key.slice(-9)]) {
    fake.script(fails(500, { error: { message: `bad key ${echo}.` } }));
    expect((await errorOf({ apiKey: key })).message).toBe('custom at HOST failed (500): bad key ***.');
  }
});

test('the value of a header is not repeated either', async () => {
  fake.script(fails(500, 'no such tenant: canary-9x8y7z'));
  expect((await errorOf({ headers: { 'api-key': 'canary-9x8y7z' } })).message).toMatch(
    /: no such tenant: \*\*\*$/,
  );
});

test('long words of a server are cut to a line', async () => {
  fake.script(fails(500, `a\n${'b'.repeat(10_000)}`));
  expect((await errorOf()).message.length).toBeLessThan(400);
});

test('a base URL without its path is told of', async () => {
  fake.path(
    '/chat/completions',
    fails(404, 'Cannot POST /chat/completions', { 'content-type': 'text/html' }),
  );
  const error = await errorOf({ baseUrl: fake.origin });
  expect(error.hint).toBe('The base URL most likely lacks its path: try http://HOST/v1.');
});

test('a redirect is not followed, because it leads elsewhere', async () => {
  fake.script(fails(308, '', { location: 'https://elsewhere.example/v1/chat/completions?token=canary' }));
  const error = await errorOf();
  expect(error.message).toContain('(308): it moved to https://elsewhere.example/v1/chat/completions');
  expect(error.message).not.toContain('canary');
});

test.each([
  [
    'openai',
    'https://api.openai.com/v1',
    'OPENAI_API_KEY',
    /^openai at api.openai.com asks for an API key, and none is set/,
  ],
  ['gemini', 'https://generativelanguage.googleapis.com/v1beta/openai', null, /asks for an API key/],
])('%s without a key is not asked', async (provider, baseUrl, apiKeyVariable, message) => {
  expect(await errorOf({ provider, baseUrl, apiKeyVariable, isLocal: false })).toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message),
    hint: expect.stringContaining(apiKeyVariable ?? 'apiKey'),
  });
});
