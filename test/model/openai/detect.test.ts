import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectServer, type LocalServer } from '../../../src/model/openai/detect.ts';
import { freePort } from '../../support/free-port.ts';
import { fails, hangs, type ModelServerFake, startModelServer } from '../../support/model-server.ts';

let first: ModelServerFake;
let second: ModelServerFake;
beforeEach(async () => {
  [first, second] = await Promise.all([startModelServer(), startModelServer()]);
});
afterEach(() => Promise.all([first.close(), second.close()]));

const signal = new AbortController().signal;

function candidates(): readonly LocalServer[] {
  return [
    { profile: 'docker-model-runner', product: 'Docker Model Runner', baseUrl: first.baseUrl },
    { profile: 'ollama', product: 'Ollama', baseUrl: second.baseUrl },
  ];
}

test('the first that has a model is taken, and says why', async () => {
  first.models(['ai/smollm2']);
  second.models(['qwen3:latest']);
  expect(await detectServer(candidates(), signal)).toEqual({
    profile: 'docker-model-runner',
    baseUrl: first.baseUrl,
    model: 'ai/smollm2',
    why: `Docker Model Runner answers at ${new URL(first.baseUrl).host}`,
  });
});

test.each([
  ['has no model', () => first.models([])],
  ['lists null', () => first.path('/v1/models', fails(200, { object: 'list', data: null }))],
  ['hangs', () => first.path('/v1/models', hangs)],
  ['is a web page', () => first.path('/v1/models', fails(200, '<html></html>'))],
  ['redirects', () => first.path('/v1/models', fails(302, '', { location: `${second.baseUrl}/models` }))],
  ['has embeddings alone', () => first.models(['ai/mxbai-embed-large', 'bge-m3'])],
])('one that %s is passed over', async (_name, arrange) => {
  arrange();
  second.models(['qwen3:latest']);
  expect(await detectServer(candidates(), signal)).toMatchObject({ profile: 'ollama' });
});

test('nothing there is null', async () => {
  const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
  expect(await detectServer([{ profile: 'ollama', product: 'Ollama', baseUrl }], signal)).toBeNull();
});

test.each([
  [['nomic-embed-text', 'llama3:latest', 'qwen2.5-coder:7b'], 'qwen2.5-coder:7b'],
  [['llama3:latest', 'sqlcoder'], 'sqlcoder'],
  [['mxbai-embed-large', 'llama3:latest', 'mistral'], 'llama3:latest'],
])('of %j it takes %s', async (models, model) => {
  first.models(models);
  expect(await detectServer(candidates(), signal)).toMatchObject({ model });
});

test('an abort ends it with its reason', async () => {
  first.path('/v1/models', hangs);
  await expect(detectServer(candidates(), AbortSignal.abort(new Error('Ctrl-C')))).rejects.toThrow('Ctrl-C');
});
