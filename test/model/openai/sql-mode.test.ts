import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { answers, type ModelServerFake, says, startModelServer } from '../../support/model-server.ts';
import { askServed, serverAt, serverMemory } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const sql = 'SELECT count(*) FROM customers';
const sqlMessages: readonly Message[] = [
  { role: 'user', content: 'CREATE TABLE customers (id);\nHow many?' },
];
const coder = { model: 'sqlcoder:7b' };

it.each(['sqlcoder:7b', 'hf.co/XGenerationLab/XiYanSQL-QwenCoder-7B', 'duckdb-nsql'])(
  'a model that is named for SQL is asked for it alone: %s',
  async (model) => {
    const memory = serverMemory();
    fake.script(says(`\`\`\`sql\n${sql};\n\`\`\``));
    const reply = await askServed(serverAt(fake.baseUrl, { model, memory }), { sqlMessages });
    expect(reply).toMatchObject({ answer: { kind: 'sql', sql }, structuredOutput: 'sql' });
    const { body } = fake.requests[0] ?? {};
    expect(body.messages).toEqual(sqlMessages);
    expect(body).not.toHaveProperty('response_format');
    expect(memory.modes()).toEqual(['sql']);
  },
);

it('one that says something else is asked once more, and then for the object', async () => {
  fake.script(says('Sure!'), says('Which customers?'), answers({ sql }));
  const reply = await askServed(serverAt(fake.baseUrl, coder), { sqlMessages });
  expect(reply).toMatchObject({ answer: { sql }, structuredOutput: 'json_schema', replies: 3 });
  expect(fake.requests[1]?.body.messages.at(-1).content).toContain('no SQL query');
  expect(fake.requests[2]?.body.messages[0].content).toContain('Reply with JSON');
});

it('one that answers with the object all the same is understood', async () => {
  fake.script(answers({ unanswerable: 'there is no weather here' }));
  const reply = await askServed(serverAt(fake.baseUrl, coder), { sqlMessages });
  expect(reply.answer).toEqual({ kind: 'unanswerable', reason: 'there is no weather here' });
});

it('another model is asked so where the settings say so', async () => {
  fake.script(says(sql), answers({ sql }));
  await askServed(serverAt(fake.baseUrl, { structuredOutput: 'sql' }), { sqlMessages });
  await askServed(serverAt(fake.baseUrl), { sqlMessages });
  expect(fake.requests.map(({ body }) => body.messages.length)).toEqual([1, 2]);
});

it('another model that is stuck is asked so once, and the next question as ever', async () => {
  const memory = serverMemory();
  fake.script(answers({ sql }), says(sql), answers({ sql }));
  const server = serverAt(fake.baseUrl, { memory });
  await askServed(server);
  const stuck = await askServed(server, { freshSqlMessages: sqlMessages });
  expect(stuck).toMatchObject({ answer: { sql }, structuredOutput: 'sql' });
  expect(fake.requests[1]?.body.messages).toEqual(sqlMessages);
  expect((await askServed(server)).structuredOutput).toBe('json_schema');
});

it('it is offered no tools', async () => {
  fake.script(says(sql));
  await askServed(serverAt(fake.baseUrl, coder), { sqlMessages, looking: { tools: [], note: 'look' } });
  expect(fake.requests[0]?.body).not.toHaveProperty('tools');
});
