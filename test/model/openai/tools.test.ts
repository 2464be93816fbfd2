import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Looking, Message } from '../../../src/model/message.ts';
import {
  answers,
  event,
  fails,
  failsAs,
  type ModelServerFake,
  type Script,
  says,
  startModelServer,
} from '../../support/model-server.ts';
import { askServed, serverAt, serverMemory } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const looking: Looking = {
  tools: [
    { name: 'search_schema', description: 'Finds tables.', parameters: { type: 'object' } },
    { name: 'try_sql', description: 'Tries SQL.', parameters: { type: 'object' } },
  ],
  note: 'You may look first.',
};
const count = { reasoning: 'Count.', sql: 'SELECT count(*) FROM customers', assumptions: ['all of them'] };
const words = '{"words":"customers"}';
const search = { id: 'call_a', type: 'function', function: { name: 'search_schema', arguments: words } };
const trial = { id: 'call_b', type: 'function', function: { name: 'try_sql', arguments: '{"sql":"x"}' } };
const called = { name: 'search_schema', arguments: words };

/** Streams deltas as they are. */
const streams =
  (...deltas: readonly object[]): Script =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const delta of deltas) {
      event(response, { choices: [{ index: 0, delta, finish_reason: null }] });
    }
    event(response, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    response.end('data: [DONE]\n\n');
  };

const piece = (call: object): object => ({ tool_calls: [call] });

describe('a model that may look first', () => {
  it('is offered the tools and one to answer with, and told so in the question', async () => {
    fake.script(says({ content: 'Let me see.', tool_calls: [search] }, { finishReason: 'tool_calls' }));
    const reply = await askServed(serverAt(fake.baseUrl), { looking });
    expect(reply.answer).toEqual({
      kind: 'calls',
      calls: [{ id: 'call_a', ...called }],
      said: 'Let me see.',
    });
    expect(reply.replies).toBe(0);
    const { body } = fake.requests[0] ?? {};
    expect(body.tools.map((tool: { function: { name: string } }) => tool.function.name)).toEqual([
      'search_schema',
      'try_sql',
      'answer',
    ]);
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('response_format');
    expect(body.messages[1].content).toMatch(/^Question: .*\n\nYou may look first\.$/su);
  });

  it('is told what its calls found in the words of the protocol', async () => {
    fake.script(
      says({ tool_calls: [{ ...trial, function: { name: 'answer', arguments: JSON.stringify(count) } }] }),
    );
    const messages: readonly Message[] = [
      { role: 'system', content: 'rules' },
      { role: 'user', content: 'question' },
      { role: 'assistant', content: '', calls: [{ id: 'call_a', ...called }] },
      { role: 'tool', callId: 'call_a', content: 'found' },
    ];
    const { answer } = await askServed(serverAt(fake.baseUrl), { looking, messages });
    expect(answer).toMatchObject({ kind: 'sql', sql: count.sql });
    expect(fake.requests[0]?.body.messages.slice(2)).toEqual([
      { role: 'assistant', content: null, tool_calls: [search] },
      { role: 'tool', tool_call_id: 'call_a', content: 'found' },
    ]);
  });

  it('is told the same in plain words where it is offered no tools', async () => {
    fake.script(answers(count));
    const messages: readonly Message[] = [
      { role: 'user', content: 'question' },
      { role: 'assistant', content: 'I look.', calls: [{ id: 'call_a', ...called }] },
      { role: 'tool', callId: 'call_a', content: 'found' },
    ];
    await askServed(serverAt(fake.baseUrl), { messages });
    expect(fake.requests[0]?.body.messages.slice(1)).toEqual([
      { role: 'assistant', content: `I look.\nI call search_schema with ${words}` },
      { role: 'user', content: 'It found:\nfound' },
    ]);
  });

  it('may answer at once, by the tool or in words', async () => {
    fake.script(answers(count), says({ tool_calls: [{ function: { name: 'answer', arguments: count } }] }));
    for (let asked = 0; asked < 2; asked++) {
      const reply = await askServed(serverAt(fake.baseUrl), { looking });
      expect(reply).toMatchObject({ answer: { sql: count.sql }, replies: 1, structuredOutput: 'tools' });
    }
  });

  it('that does neither is asked for the answer alone', async () => {
    fake.script(says('I would search for tables.'), answers(count));
    const reply = await askServed(serverAt(fake.baseUrl), { looking });
    expect(reply).toMatchObject({ answer: { sql: count.sql }, replies: 2, structuredOutput: 'json_schema' });
    expect(fake.requests[1]?.body).not.toHaveProperty('tools');
  });

  it('has no tools where the settings name a mode without', async () => {
    fake.script(answers(count));
    await askServed(serverAt(fake.baseUrl, { structuredOutput: 'json_schema' }), { looking });
    expect(fake.requests[0]?.body).not.toHaveProperty('tools');
  });
});

describe('a server that takes no tools', () => {
  it.each([
    ['Ollama', failsAs('ollama-no-tools')],
    ['vLLM', fails(400, { message: '"auto" tool choice requires --enable-auto-tool-choice', code: 400 })],
    ['llama.cpp', fails(500, { error: { code: 500, message: 'tools param requires --jinja flag' } })],
    [
      'OpenRouter',
      fails(404, { error: { code: 404, message: 'No endpoints found that support tool use.' } }),
    ],
  ])('is asked without, and is not offered any again: %s', async (_name, refusal) => {
    const memory = serverMemory();
    const server = serverAt(fake.baseUrl, { memory });
    fake.script(refusal, answers(count), answers(count));
    const first = await askServed(server, { looking });
    expect(first).toMatchObject({ answer: { sql: count.sql }, replies: 1 });
    expect(memory.takesTools()).toEqual([false]);
    await askServed(server, { looking });
    expect(fake.requests.map(({ body }) => 'tools' in body)).toEqual([true, false, false]);
  });

  it('is offered some again a week later', async () => {
    const at = Date.now() - 8 * 24 * 3_600_000;
    const memory = {
      read: async () => JSON.stringify({ tools: { taken: false, at } }),
      write: async () => {},
    };
    fake.script(says({ tool_calls: [search] }));
    expect((await askServed(serverAt(fake.baseUrl, { memory }), { looking })).answer.kind).toBe('calls');
  });

  it('is one that has never taken any: a call is remembered', async () => {
    const memory = serverMemory();
    fake.script(says({ tool_calls: [search] }));
    await askServed(serverAt(fake.baseUrl, { memory }), { looking });
    expect(memory.takesTools()).toEqual([true]);
  });
});

describe('calls as servers send them', () => {
  const whole =
    (calls: readonly object[]): Script =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          choices: [{ message: { content: null, tool_calls: calls }, finish_reason: 'stop' }],
        }),
      );
    };
  const two = [called, { name: 'try_sql', arguments: '{"sql":"x"}' }];

  it.each<[string, Script, readonly object[]]>([
    ['several at once, in pieces', says({ tool_calls: [search, trial] }), two],
    ['several in a whole body', whole([search, trial]), two],
    [
      'interleaved pieces',
      streams(
        piece({ index: 0, id: 'a', function: { name: 'search_schema', arguments: '{"words":' } }),
        piece({ index: 1, id: 'b', function: { name: 'try_sql', arguments: '{"sql":' } }),
        piece({ index: 0, function: { arguments: '"customers"}' } }),
        piece({ index: 1, function: { arguments: '"x"}' } }),
      ),
      two,
    ],
    [
      'each whole under the same index',
      streams(piece({ index: 0, ...search }), piece({ index: 0, ...trial })),
      two,
    ],
    [
      'each whole without index and id',
      streams(piece({ function: search.function }), piece({ function: trial.function })),
      two,
    ],
    [
      'with id and name in each piece',
      streams(
        piece({ index: 0, id: 'a', function: { name: 'search_schema', arguments: '{"words":' } }),
        piece({ index: 0, id: 'a', function: { name: 'search_schema', arguments: '"customers"}' } }),
      ),
      [called],
    ],
    [
      'with arguments as an object',
      whole([{ id: 'a', function: { name: 'search_schema', arguments: { words: 'customers' } } }]),
      [called],
    ],
    [
      'with empty ids and null where nothing is',
      streams(piece({ index: 0, id: '', type: null, function: { name: 'search_schema', arguments: null } }), {
        content: null,
        tool_calls: [{ index: 0, id: '', function: { name: null, arguments: words } }],
      }),
      [called],
    ],
    [
      'with a prefix',
      says({ tool_calls: [{ ...search, function: { ...called, name: 'functions.search_schema' } }] }),
      [called],
    ],
    [
      'of a gateway',
      says({ tool_calls: [{ ...search, function: { ...called, name: 'mcp__sqlq__search_schema' } }] }),
      [called],
    ],
    [
      'in camel case',
      says({ tool_calls: [{ ...search, function: { ...called, name: 'searchSchema' } }] }),
      [called],
    ],
    [
      'written out as text',
      says(
        `<think>{"name": "try_sql", "arguments": {}}</think>\n<tool_call>\n{"name": "search_schema", "arguments": {"words":"customers"}}\n</tool_call>`,
      ),
      [called],
    ],
    [
      'of a tool that is not there',
      says({ tool_calls: [{ ...search, function: { name: 'rm', arguments: '{}' } }] }),
      [{ name: 'rm', arguments: '{}' }],
    ],
  ])('%s', async (_name, script, expected) => {
    fake.script(script);
    const { answer } = await askServed(serverAt(fake.baseUrl), { looking });
    expect(answer).toMatchObject({ kind: 'calls', calls: expected });
    const ids = answer.kind === 'calls' ? answer.calls.map(({ id }) => id) : [];
    expect(ids.every((id) => id !== '') && new Set(ids).size === ids.length).toBe(true);
  });

  it('cut in the middle are none', async () => {
    fake.script(says({ tool_calls: [search] }, { finishReason: 'length' }));
    await expect(askServed(serverAt(fake.baseUrl), { looking })).rejects.toMatchObject({
      message: expect.stringContaining('was cut'),
    });
  });
});
