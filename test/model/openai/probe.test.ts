import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextSizeOf } from '../../../src/model/openai/context-size.ts';
import { listModels } from '../../../src/model/openai/list-models.ts';
import { probeServer } from '../../../src/model/openai/probe.ts';
import {
  answers,
  fails,
  failsAs,
  hangs,
  type ModelServerFake,
  startModelServer,
} from '../../support/model-server.ts';
import { serverAt, serverMemory } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const signal = new AbortController().signal;
const count = answers({ sql: 'SELECT count(*) FROM artists' });

test('a server that is well', async () => {
  fake.models([{ id: 'ai/qwen3', meta: { n_ctx: 8_192 } }]);
  fake.script(count);
  expect(await probeServer(serverAt(fake.baseUrl), signal)).toEqual({
    models: ['ai/qwen3'],
    hasModel: true,
    contextSize: 8_192,
    structuredOutput: 'json_schema',
    warnings: [],
    problem: null,
  });
});

test('the mode that obeys', async () => {
  fake.models([]);
  fake.script(failsAs('llama-cpp-format'), count);
  expect(await probeServer(serverAt(fake.baseUrl), signal)).toMatchObject({
    structuredOutput: 'json_object',
    hasModel: false,
  });
});

test('modes are tried from the strictest down, and what obeys is remembered', async () => {
  const memory = serverMemory('text');
  fake.models([]);
  fake.script(count);
  await probeServer(serverAt(fake.baseUrl, { memory }), signal);
  expect(memory.modes()).toEqual(['json_schema']);
});

test('what fails comes with its hint', async () => {
  fake.models(['other']);
  fake.script(failsAs('docker-no-model'));
  const probe = await probeServer(serverAt(fake.baseUrl, { provider: 'docker-model-runner' }), signal);
  expect(probe).toMatchObject({
    hasModel: false,
    structuredOutput: null,
    problem: { hint: expect.stringContaining('docker model pull') },
  });
});

test('a list that is kept from us is no failure where the question is answered', async () => {
  fake.path('/v1/models', fails(403, {}));
  fake.script(count);
  expect(await probeServer(serverAt(fake.baseUrl), signal)).toMatchObject({
    models: null,
    hasModel: null,
    problem: null,
  });
});

test.each([
  ['ai/qwen3', 'docker.io/ai/qwen3:latest'],
  ['llama3', 'llama3:latest'],
  ['gemini-2.5-flash', 'models/gemini-2.5-flash'],
])('%s is listed as %s', async (model, listed) => {
  fake.models([listed]);
  fake.script(count);
  expect(await probeServer(serverAt(fake.baseUrl, { model }), signal)).toMatchObject({ hasModel: true });
});

describe('the window', () => {
  test.each([
    ['llama.cpp', { id: 'ai/qwen3', meta: { n_ctx: 4_096 } }],
    ['vLLM', { id: 'ai/qwen3', max_model_len: 4_096 }],
    ['OpenRouter', { id: 'ai/qwen3', context_length: 4_096 }],
  ])('of %s, in its list', async (_name, model) => {
    fake.models([{ id: 'other', max_model_len: 1 }, model]);
    expect(await contextSizeOf(serverAt(fake.baseUrl), signal)).toBe(4_096);
  });

  test('of an older llama.cpp', async () => {
    fake.path('/props', fails(200, { default_generation_settings: { n_ctx: 2_048 } }));
    expect(await contextSizeOf(serverAt(fake.baseUrl), signal)).toBe(2_048);
  });

  test('of a model that Ollama has loaded', async () => {
    fake.path('/api/ps', fails(200, { models: [{ name: 'qwen3:latest', context_length: 32_768 }] }));
    fake.path('/api/show', fails(200, { parameters: 'num_ctx 8192' }));
    expect(await contextSizeOf(serverAt(fake.baseUrl, { model: 'qwen3' }), signal)).toBe(32_768);
  });

  test('of one that it has not', async () => {
    fake.path('/api/ps', fails(200, { models: [] }));
    fake.path(
      '/api/show',
      fails(200, { parameters: 'stop "<|im_end|>"\nnum_ctx                        8192' }),
    );
    expect(await contextSizeOf(serverAt(fake.baseUrl, { model: 'qwen3' }), signal)).toBe(8_192);
    expect(fake.others.find(({ path }) => path === '/api/show')?.body).toEqual({ model: 'qwen3' });
  });

  test('is null where nobody tells', async () => {
    expect(await contextSizeOf(serverAt(fake.baseUrl), signal)).toBeNull();
  });
});

describe('a list of models', () => {
  test('keeps the order of the server', async () => {
    fake.models(['b', { id: 'a', max_model_len: 10 }]);
    expect(await listModels(serverAt(fake.baseUrl), signal)).toEqual([
      { name: 'b', contextSize: null },
      { name: 'a', contextSize: 10 },
    ]);
  });

  test.each([
    ['a wrong key', failsAs('openai-wrong-key'), /refused the API key/],
    ['a web page', failsAs('page-html'), /does not speak the chat completions protocol/],
    ['silence', hangs, /did not answer within/],
  ])('fails with the same words as a question: %s', async (_name, script, message) => {
    fake.path('/v1/models', script);
    const server = serverAt(fake.baseUrl, { apiKey: 'sk-canary', timeoutMilliseconds: 300 });
    await expect(listModels(server, signal)).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });
});
