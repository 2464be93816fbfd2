import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerJsonSchema } from '../../../src/model/answer-schema.ts';
import {
  answers,
  fails,
  failsAs,
  type ModelServerFake,
  says,
  startModelServer,
} from '../../support/model-server.ts';
import { askServed, noSampling, serverAt, serverMemory } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const count = { reasoning: 'Count.', sql: 'SELECT count(*) FROM customers', assumptions: ['all of them'] };

/** A server on this machine is told how many assumptions are enough: a small model would not stop. */
const bounded = {
  ...answerJsonSchema,
  properties: {
    ...answerJsonSchema.properties,
    assumptions: { ...answerJsonSchema.properties.assumptions, maxItems: 6 },
  },
};

test('the first mode is a strict JSON schema', async () => {
  fake.script(answers(count));
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.answer).toEqual({ kind: 'sql', ...count });
  expect(reply.structuredOutput).toBe('json_schema');
  const [request] = fake.requests;
  expect(request?.body).toMatchObject({
    model: 'ai/qwen3',
    temperature: 0,
    max_tokens: 1_000,
    stream: true,
    stream_options: { include_usage: true },
    response_format: { type: 'json_schema', json_schema: { strict: true, schema: bounded } },
  });
  expect(Object.keys(request?.body)).not.toContain('seed');
});

test('each mode that is refused leads to the next, with the same beginning of the prompt', async () => {
  fake.script(
    failsAs('llama-cpp-format'),
    failsAs('lm-studio-format'),
    failsAs('ollama-no-tools'),
    answers(count),
  );
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.structuredOutput).toBe('text');
  expect(
    fake.requests.map(({ body }) => body.response_format?.type ?? body.tool_choice?.function.name ?? null),
  ).toEqual(['json_schema', 'json_object', 'answer', null]);
  expect(fake.requests[2]?.body.tools[0].function.parameters).toEqual(bounded);
  const [first, , , last] = fake.requests.map(({ body }) => body.messages);
  expect(last[0]).toEqual(first[0]);
  expect(last[1].content.startsWith(first[1].content)).toBe(true);
});

test('a reply that does not obey gets one repair turn with the error, then the next mode', async () => {
  fake.script(says('{"table": "artists"}'), says('{"table": "albums"}'), answers(count));
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.structuredOutput).toBe('json_object');
  const repair = fake.requests[1]?.body.messages;
  expect(repair.slice(-2)).toEqual([
    { role: 'assistant', content: '{"table": "artists"}' },
    { role: 'user', content: expect.stringContaining('Unrecognized key: "table"') },
  ]);
  expect(fake.requests[2]?.body.messages).toHaveLength(2);
});

test('a repaired reply stays on its mode', async () => {
  fake.script(says('{}'), answers(count));
  expect((await askServed(serverAt(fake.baseUrl))).structuredOutput).toBe('json_schema');
});

test('an empty reply is not repaired, but asked for on the next mode', async () => {
  fake.script(says(''), answers(count));
  expect((await askServed(serverAt(fake.baseUrl))).structuredOutput).toBe('json_object');
});

test('white space without end is stopped', async () => {
  fake.script(says(' \n'.repeat(50_000), { pieceLength: 50 }), answers(count));
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.structuredOutput).toBe('json_object');
});

test('a model that never obeys is told of with the last problem', async () => {
  fake.scriptAll(says('I am a teapot.'));
  await expect(askServed(serverAt(fake.baseUrl))).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('it holds no complete JSON object'),
  });
  expect(fake.requests).toHaveLength(3);
});

test('the arguments of a tool are an answer', async () => {
  const call = {
    id: 'call_1',
    type: 'function',
    function: { name: 'answer', arguments: JSON.stringify(count) },
  };
  fake.script(says({ content: null, tool_calls: [call] } as never, { finishReason: 'tool_calls' }));
  expect((await askServed(serverAt(fake.baseUrl, { structuredOutput: 'tool' }))).answer).toMatchObject({
    sql: count.sql,
  });
});

test('a mode of the settings is the only one', async () => {
  fake.script(failsAs('llama-cpp-format'));
  await expect(askServed(serverAt(fake.baseUrl, { structuredOutput: 'json_schema' }))).rejects.toMatchObject({
    message: expect.stringContaining('response_format type must be one of'),
  });
});

test('the mode that worked is remembered for the base URL and the model, and tried first', async () => {
  const memory = serverMemory();
  fake.script(failsAs('llama-cpp-format'), answers(count), answers(count));
  const server = serverAt(fake.baseUrl, { memory });
  await askServed(server);
  expect(memory.modes()).toEqual(['json_object']);
  expect((await askServed(server)).structuredOutput).toBe('json_object');
  expect(fake.requests).toHaveLength(3);
});

test.each([
  ['openai-wrong-key', 'sk-canary-fully99'],
  ['openai-no-model', null],
  ['openai-rate-limit', null],
  ['llama-cpp-context', null],
])('%s does not lead to a looser mode', async (name, apiKey) => {
  fake.models([]);
  fake.script(failsAs(name));
  await expect(askServed(serverAt(fake.baseUrl, { apiKey }))).rejects.toMatchObject({ code: 'failed' });
  expect(fake.requests).toHaveLength(1);
});

test('a reply that is cut does not lead to a looser mode', async () => {
  fake.script(
    says('{"reasoning": "Let me', {
      finishReason: 'length',
      usage: { prompt_tokens: 9, completion_tokens: 64 },
    }),
  );
  await expect(askServed(serverAt(fake.baseUrl))).rejects.toMatchObject({
    code: 'failed',
    message: 'The reply of ai/qwen3 was cut after 64 tokens',
    hint: expect.stringContaining('--max-tokens'),
  });
});

test('an answer that is whole counts, whatever the model wrote after it', async () => {
  fake.script(says(JSON.stringify(count) + '\n'.repeat(100), { finishReason: 'length' }));
  expect((await askServed(serverAt(fake.baseUrl))).answer.kind).toBe('sql');
});

test.each([
  ['a refusal', says({ refusal: 'I can not help with that.' })],
  ['a content filter', says('', { finishReason: 'content_filter' })],
  ['a refused prompt', failsAs('azure-content-filter')],
])('%s ends the question', async (_name, script) => {
  fake.script(script);
  await expect(askServed(serverAt(fake.baseUrl))).rejects.toMatchObject({ code: 'unanswerable' });
});

test('parameters that a server refuses are left out, and those that the user set are told of', async () => {
  fake.script(
    failsAs('openai-max-tokens'),
    failsAs('openai-temperature'),
    failsAs('gemini-unknown-field'),
    answers(count),
  );
  const sampling = { ...noSampling, seed: 7, topP: 0.5 };
  const reply = await askServed(serverAt(fake.baseUrl, { sampling }));
  expect(reply.structuredOutput).toBe('json_schema');
  expect(reply.warnings).toEqual(['ai/qwen3 takes no seed; it was left out.']);
  const last = fake.requests.at(-1)?.body;
  expect(last).toMatchObject({ max_completion_tokens: 1_000, top_p: 0.5 });
  for (const name of ['max_tokens', 'temperature', 'seed']) {
    expect(last).not.toHaveProperty(name);
  }
});

test('a server that knows no stream options, or no stream, is asked without', async () => {
  fake.script(
    fails(400, [{ error: { code: 400, message: 'Unknown name "stream_options": Cannot find field.' } }]),
    fails(400, { error: { message: 'stream is not supported', param: 'stream' } }),
    answers(count),
  );
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.answer.kind).toBe('sql');
  expect(fake.requests[2]?.body).not.toHaveProperty('stream');
});

test('Ollama is told not to think, a model that can not is not told', async () => {
  fake.script(
    fails(400, { error: { message: '"llama3" does not support thinking', type: 'api_error' } }),
    answers(count),
  );
  await askServed(serverAt(fake.baseUrl, { provider: 'ollama' }));
  expect(fake.requests.map(({ body }) => body.reasoning_effort)).toEqual(['none', undefined]);
  expect(fake.requests[1]?.body).toMatchObject({ temperature: 0, max_tokens: 1_000 });
});

test('sampling goes as the profile sets it', async () => {
  fake.script(answers(count));
  const sampling = {
    temperature: 0.3,
    topP: 0.9,
    seed: 1,
    stop: ['\n\n\n'],
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    reasoningEffort: 'low',
  };
  await askServed(serverAt(fake.baseUrl, { sampling }));
  expect(fake.requests[0]?.body).toMatchObject({
    temperature: 0.3,
    top_p: 0.9,
    seed: 1,
    stop: ['\n\n\n'],
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    reasoning_effort: 'low',
  });
});

test('a reply that repeats itself without end is stopped', async () => {
  fake.script(
    says(`{"reasoning": "", "sql": "SELECT 1", "assumptions": [${'"artist", '.repeat(50_000)}`, {
      pieceLength: 5,
    }),
    answers(count),
  );
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.answer).toMatchObject({ sql: count.sql });
});

test.each([
  ['fenced', '```sql\nSELECT count(*) FROM customers\n```'],
  ['bare', 'SELECT count(*) FROM customers;'],
])(
  'a query alone, %s, is an answer of the text mode, and says nothing of the mode it came in',
  async (_name, text) => {
    const memory = serverMemory();
    fake.script(says(text), answers(count));
    const server = serverAt(fake.baseUrl, { memory });
    const reply = await askServed(server);
    expect(reply.answer).toMatchObject({ kind: 'sql', sql: 'SELECT count(*) FROM customers' });
    expect(reply.structuredOutput).toBe('text');
    expect(memory.modes()).toEqual([]);
    expect((await askServed(server)).structuredOutput).toBe('json_schema');
  },
);

test('a query alone that was cut is no answer', async () => {
  fake.script(says('SELECT count(*) FROM customers', { finishReason: 'length' }));
  await expect(askServed(serverAt(fake.baseUrl))).rejects.toMatchObject({ code: 'failed' });
});

const other = { ...count, sql: 'SELECT count(DISTINCT email) FROM customers' };
const both = `First draft: ${JSON.stringify(other)}\nThe answer: ${JSON.stringify(count)}`;

test('two answers that differ are asked about once', async () => {
  fake.script(says(both), answers(other));
  const reply = await askServed(serverAt(fake.baseUrl));
  expect(reply.answer).toMatchObject({ sql: other.sql });
  expect(fake.requests[1]?.body.messages.at(-1).content).toContain('several answers that differ');
});

test('where they differ again, the last one counts', async () => {
  fake.script(says(both), says(both));
  expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql: count.sql });
  expect(fake.requests).toHaveLength(2);
});

test('drafts in a field of thinking never count', async () => {
  const thought = { reasoning_content: JSON.stringify(other) };
  fake.script(says({ ...thought, content: 'I can not decide.' }), answers(count));
  expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql: count.sql });
});

test('what repeats itself is neither read to its end nor handed back to the model', async () => {
  const loop = `{"reasoning": "${'The table customers has a name. '.repeat(2_000)}`;
  fake.script(says(loop, { pieceLength: 5 }), answers(count));
  const progress: number[] = [];
  await askServed(serverAt(fake.baseUrl), { onProgress: (tokens) => progress.push(tokens) });
  expect(Math.max(...progress)).toBeLessThan(400);
  expect(fake.requests[1]?.body.messages).toHaveLength(2);
});
