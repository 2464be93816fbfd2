import { mkdtempSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { type SharedServer, startShared } from '../support/shared-server.ts';

let dear: ModelServerFake;
let plain: ModelServerFake;
let server: SharedServer;
beforeAll(async () => {
  dear = await startModelServer();
  plain = await startModelServer();
  const config = join(mkdtempSync(join(tmpdir(), 'sqlq-config-')), 'sqlq.yaml');
  const prices = '{m: {input: 100, output: 100, date: 2026-11-01}}';
  writeFileSync(
    config,
    [
      'profile: dear',
      'profiles:',
      `  dear: {provider: openai-compatible, baseUrl: ${dear.baseUrl}, model: m, prices: ${prices}}`,
      `  plain: {provider: openai-compatible, baseUrl: ${plain.baseUrl}, model: m}`,
    ].join('\n'),
  );
  server = await startShared(
    {
      ana: ['--dollars', '0.05'],
      bob: ['--profiles', 'plain'],
      eve: ['--roles', 'ask'],
      mia: ['--row-limit', '2'],
    },
    ['--db', 'sample', '--config', config, '--no-cache'],
  );
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await Promise.all([dear.close(), plain.close()]);
});

/** That is 0.1 dollars. */
const usage = { prompt_tokens: 1_000, completion_tokens: 0, total_tokens: 1_000 };
const reply = (sql: string): string =>
  JSON.stringify({ reasoning: '', sql, assumptions: [], unanswerable: null, clarification: null });

/** The official client at `/mcp`, as a user. */
async function agentOf(name: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${server.user(name).token}` } },
    }),
  );
  return client;
}

/** The records of the audit log. */
async function audited(): Promise<readonly Record<string, unknown>[]> {
  const folder = join(server.home, 'state', 'sqlq', 'audit');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

describe('an agent of a user', () => {
  it('runs nothing that is not written down', async () => {
    const agent = await agentOf('mia');
    await agent.callTool({ name: 'query', arguments: { sql: "SELECT 'unseen' AS word" } });
    const records = (await audited()).filter(({ sql }) => sql === "SELECT 'unseen' AS word");
    expect(records.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['mcp.query', 'started'],
      ['mcp.query', 'done'],
    ]);
    expect(records[1]).toMatchObject({ user: { name: 'mia' }, rows: 1, address: '127.0.0.1' });
    expect(records[1]?.['requestId']).toMatch(/^[\da-f-]{36}$/u);
    await agent.callTool({ name: 'query', arguments: { sql: 'DROP TABLE customers' } });
    expect((await audited()).at(-1)).toMatchObject({ sql: 'DROP TABLE customers', outcome: 'refused' });
    await agent.close();
  });

  it('asks the models of its user alone', async () => {
    plain.script(answers({ sql: 'SELECT name FROM customers ORDER BY name' }));
    const agent = await agentOf('bob');
    const before = dear.requests.length;
    await agent.callTool({ name: 'ask', arguments: { question: 'who are the customers?' } });
    expect(dear.requests.length).toBe(before);
    expect(plain.requests.length).toBe(1);
    await agent.close();
  });

  it('is given no more rows than its user, and none where they may run nothing', async () => {
    const agent = await agentOf('mia');
    const told = await agent.callTool({ name: 'query', arguments: { sql: 'SELECT name FROM customers' } });
    expect(told.structuredContent).toMatchObject({ rows: { length: 2 } });
    await agent.close();
    const asker = await agentOf('eve');
    for (const sql of ['SELECT name FROM customers', 'SELECT 1']) {
      expect(await asker.callTool({ name: 'query', arguments: { sql } })).toMatchObject({ isError: true });
    }
    await asker.close();
  });

  it('reads no result of another’s by its name or its cursor', async () => {
    const one = await agentOf('mia');
    const other = await agentOf('ana');
    await one.callTool({ name: 'query', arguments: { sql: "SELECT 'private' AS word" } });
    for (const cursor of ['r1', 'r1:0', 'r1.0', 'r1@0']) {
      const told = await other.callTool({ name: 'query', arguments: { cursor } });
      expect(told.isError, cursor).toBe(true);
      expect(JSON.stringify(told)).not.toContain('private');
    }
    await Promise.all([one.close(), other.close()]);
  });

  it('holds no more calls in one request than a few', async () => {
    const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/list' });
    const calls = Array.from({ length: 1_000 }, (_, id) => call(id));
    const headers = { accept: 'application/json, text/event-stream' };
    expect((await server.user('ana').json('/mcp', calls, { headers })).status).toBe(413);
  });
});

describe('what a user may spend', () => {
  it('ends with it, however many ask at once, by HTTP and by an agent', async () => {
    const ana = server.user('ana');
    const before = dear.requests.length;
    dear.script(says(reply('SELECT name FROM customers'), { usage }));
    const asked = Array.from({ length: 10 }, (_, index) =>
      ana.json('/v1/ask', { question: `who are the first ${index + 1} customers?` }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
    expect(dear.requests.length - before).toBe(1);
    const agent = await agentOf('ana');
    const told = await agent.callTool({ name: 'ask', arguments: { question: 'who are the customers?' } });
    expect(told.isError).toBe(true);
    expect(JSON.stringify(told.content)).toContain('What you may spend on models today is spent.');
    expect(dear.requests.length - before).toBe(1);
    await agent.close();
  });
});
