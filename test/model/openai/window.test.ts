import { afterEach, beforeEach, expect, test } from 'vitest';
import { schemaBudget } from '../../../src/model/openai/window.ts';
import type { ModelServer } from '../../../src/model/server.ts';
import { estimateTokens } from '../../../src/model/tokens.ts';
import { type ModelServerFake, says, startModelServer } from '../../support/model-server.ts';
import { askServed, serverAt } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const answer = JSON.stringify({ reasoning: '', sql: 'SELECT 1', assumptions: [] });
const long = [{ role: 'user', content: 'customer_id integer not null\n'.repeat(500) }] as const;
const estimate = estimateTokens(long);

test('an estimate is near what tokenizers count', () => {
  // SmolLM2 counts 3,500 tokens in the same text.
  expect(estimate).toBeGreaterThan(3_000);
  expect(estimate).toBeLessThan(6_000);
  expect(estimateTokens([{ role: 'user', content: '顧客の注文' }])).toBeGreaterThanOrEqual(5);
});

test('Ollama would cut what does not fit, so it is not asked', async () => {
  const server = serverAt(fake.baseUrl, {
    provider: 'ollama',
    model: 'qwen3',
    contextSize: 2_048,
    maxTokens: 500,
  });
  await expect(askServed(server, { messages: long })).rejects.toMatchObject({
    code: 'failed',
    message: `The prompt of about ${estimate} tokens does not fit the window of 2048 (qwen3)`,
    hint: expect.stringMatching(/`OLLAMA_CONTEXT_LENGTH=8192 ollama serve`.*--include/),
  });
});

test('where its window is not known, the user is warned', async () => {
  fake.script(says(answer));
  const server = serverAt(fake.baseUrl, { provider: 'ollama' });
  const { warnings } = await askServed(server, { messages: long });
  expect(warnings).toEqual([
    expect.stringMatching(`about ${estimate} tokens, the usual window of ollama is 4096`),
  ]);
});

test('a server that counts itself is asked, unless the prompt is far too long', async () => {
  fake.script(says(answer));
  const near = await askServed(serverAt(fake.baseUrl, { contextSize: estimate - 100 }), { messages: long });
  expect(near.warnings).toEqual([]);
  const far = askServed(serverAt(fake.baseUrl, { contextSize: 512 }), { messages: long });
  await expect(far).rejects.toMatchObject({ message: expect.stringContaining('the window of 512') });
});

test('the schema gets what the rules, the question and the reply leave of the window', () => {
  const budget = (overrides: Partial<ModelServer>) =>
    schemaBudget(serverAt(fake.baseUrl, { maxTokens: 1_000, ...overrides }));
  expect(budget({ contextSize: 4_096 })).toBe(6_288);
  expect(budget({ provider: 'ollama' })).toBe(6_288);
  expect(budget({ contextSize: 1_000 })).toBe(0);
  expect(budget({})).toBe(24_000);
  expect(schemaBudget(serverAt(fake.baseUrl), 1_000)).toBe(3_000);
  expect(schemaBudget(serverAt(fake.baseUrl), 30_000)).toBe(90_000);
  expect(schemaBudget(serverAt(fake.baseUrl, { contextSize: 4_096, maxTokens: 1_000 }), 30_000)).toBe(6_288);
});

test.each([
  ['exactly', { contextSize: 3_000 }, 2_900, 100, 1],
  ['not quite', { contextSize: 3_000 }, 2_900, 99, 0],
  ['a power of two, at Ollama', { provider: 'ollama' }, 4_000, 96, 1],
  ['no power of two, at Ollama', { provider: 'ollama' }, 4_000, 97, 0],
  ['a power of two, elsewhere', {}, 4_000, 96, 0],
])('a window that is filled %s', async (_name, overrides, prompt_tokens, completion_tokens, count) => {
  fake.script(says(answer, { usage: { prompt_tokens, completion_tokens } }));
  const { warnings } = await askServed(serverAt(fake.baseUrl, overrides));
  expect(warnings.filter((warning) => warning.includes('may have cut the schema'))).toHaveLength(count);
});

test('the reply is given the room that the prompt leaves', async () => {
  fake.script(says(answer), says(answer));
  await askServed(serverAt(fake.baseUrl, { contextSize: estimate + 300, maxTokens: 1_000 }), {
    messages: long,
  });
  await askServed(serverAt(fake.baseUrl, { contextSize: 100_000, maxTokens: 1_000 }), { messages: long });
  expect(fake.requests.map(({ body }) => body.max_tokens)).toEqual([300, 1_000]);
});
