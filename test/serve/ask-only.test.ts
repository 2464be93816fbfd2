import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram, sampleFile } from '../support/program.ts';
import { type SharedServer, startShared } from '../support/shared-server.ts';

/** What rows hold and no schema says. */
const secret = 'Zanzibari Quartz';

let model: ModelServerFake;
let server: SharedServer;
beforeAll(async () => {
  model = await startModelServer();
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-ask-only-'));
  const file = join(folder, 'shop.sqlite');
  copyFileSync(sampleFile, file);
  const database = new Database(file);
  database.exec(`UPDATE customers SET city = '${secret}' WHERE id IN (1, 2, 3)`);
  database.exec(`UPDATE customers SET name = '${secret} & Sons' WHERE id = 1`);
  database.close();
  const config = join(folder, 'sqlq.yaml');
  const served = `{provider: openai-compatible, baseUrl: ${model.baseUrl}, model: m, send: [samples, rows, values]}`;
  writeFileSync(
    config,
    `database: ${file}\nprofile: served\nmaxRowsScanned: 400\ndoubtTimeout: 60s\nsend: [comments, samples, rows, values]\nprofiles:\n  served: ${served}\n`,
    { mode: 0o600 },
  );
  server = await startShared(
    { eve: ['--roles', 'ask'], bob: [], tom: [] },
    ['--config', config, '--no-cache'],
    folder,
  );
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await model?.close();
});
beforeEach(() => {
  model.scriptAll(answers({ sql: 'SELECT 1' }));
});

const ask = async (name: string, sql: string, more: object = {}) => {
  model.scriptAll(answers({ sql }));
  return server.user(name).json('/v1/ask', { question: 'who is meant', ...more });
};

const agentOf = async (name: string): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${server.user(name).token}` } },
    }),
  );
  return client;
};

describe('who may ask and not run', () => {
  it('hears of no doubt that rows alone give, whatever SQL a model is talked into', async () => {
    const probes = [
      // Whether a value is there, how it is spelt, whether a condition leaves a row, how often one is there.
      "SELECT name FROM customers WHERE city = 'Atlantis'",
      "SELECT name FROM customers WHERE city = 'zanzibari quartz'",
      'SELECT name FROM customers WHERE id < -5',
      'SELECT name FROM customers ORDER BY city DESC LIMIT 1',
    ];
    for (const sql of probes) {
      const runner = await ask('bob', sql);
      expect([...runner.body.doubts, ...runner.body.assumptions], sql).not.toEqual([]);
      const asker = await ask('eve', sql);
      expect(asker).toMatchObject({
        status: 200,
        body: { sql, doubts: [], assumptions: [], plan: { rows: null, text: null } },
      });
      expect(JSON.stringify(asker.body)).not.toContain(secret);
      // Nor by way of what ends where there is a doubt.
      expect((await ask('eve', sql, { strict: true })).status, sql).toBe(200);
      expect((await ask('bob', sql, { strict: true })).status, sql).toBe(422);
      const again = await server.user('eve').json(`/v1/answers/${asker.body.id}`);
      expect(again.body).toEqual(asker.body);
    }
  });

  it('still hears of a doubt that the SQL itself gives', async () => {
    const sql = 'SELECT count(*) FROM customers';
    const told = await Promise.all(
      ['bob', 'eve'].map(async (name) => {
        model.scriptAll(answers({ sql }));
        const question = 'how many customers have more than 42 orders?';
        return (await server.user(name).json('/v1/ask', { question })).body.doubts;
      }),
    );
    const [leftOut, otherReading] = told[0];
    expect(leftOut).toMatchObject({ kind: 'left-out', evidence: { said: '42' } });
    expect(otherReading).toMatchObject({ kind: 'other-reading', evidence: { rows: 1 } });
    // The other reading was run to be compared: what it gave is of the rows.
    expect(told[1]).toEqual([leftOut]);
  });

  it('has the model told nothing of the rows, which could say it again', async () => {
    const before = model.requests.length;
    await ask('bob', 'SELECT city FROM customers');
    expect(JSON.stringify(model.requests.slice(before))).toContain(secret);
    const after = model.requests.length;
    await ask('eve', 'SELECT city FROM customers');
    expect(model.requests.length).toBeGreaterThan(after);
    expect(JSON.stringify(model.requests.slice(after))).not.toContain(secret);
  });

  it('sees no stored value that the engine on this machine has found', async () => {
    const question = 'how many customers are there in zanzibari quart?';
    const runner = await server.user('bob').json('/v1/ask', { question, profile: 'offline' });
    const asker = await server.user('eve').json('/v1/ask', { question, profile: 'offline' });
    expect(JSON.stringify(runner.body)).toContain(secret);
    expect(JSON.stringify(asker.body)).not.toContain(secret);
    const spelt = 'how many customers are there in zanzibari quartz?';
    const found = await server.user('eve').json('/v1/ask', { question: spelt, profile: 'offline' });
    // As they have typed it, which they know.
    expect(found).toMatchObject({ status: 200, body: { assumptions: [] } });
    expect(JSON.stringify(found.body)).not.toContain(secret);
    const eve = server.user('eve');
    for (const path of ['/v1/history', `/v1/conversations/${found.body.conversation}`]) {
      expect(JSON.stringify((await eve.json(path)).body), path).not.toContain(secret);
    }
  });

  it('sees of earlier answers no more than of new ones, once they may not run any more', async () => {
    const tom = server.user('tom');
    const { body } = await ask('tom', "SELECT name FROM customers WHERE city = 'zanzibari quartz'");
    expect(JSON.stringify(body)).toContain(secret);
    await tom.json(`/v1/answers/${body.id}/run`, {});
    const users = server.child.spawnargs[server.child.spawnargs.indexOf('--users') + 1] ?? '';
    const lost = await runProgram(['user', 'set', 'tom', '--roles', 'ask', '--users', users]);
    expect(lost.code, lost.stderr).toBe(0);
    const { body: now } = await tom.json(`/v1/answers/${body.id}`);
    expect(JSON.stringify(now)).not.toContain(secret);
    expect(now.runs).toEqual([]);
    for (const { evidence, mendedSql, sentence } of now.doubts) {
      expect({ evidence, mendedSql }).toEqual({ evidence: {}, mendedSql: null });
      expect(sentence).toContain('only somebody who may run SQL is told');
    }
  });

  it('learns no number of rows from a limit on them', async () => {
    const question = 'orders of zanzibari by blorp';
    const chosen = async (name: string) => {
      const user = server.user(name);
      const { body } = await user.json('/v1/ask', { question, profile: 'offline' });
      expect(body).toMatchObject({ kind: 'clarification', choices: [{ sql: 'SELECT * FROM orders' }] });
      return user.json(`/v1/answers/${body.id}/choose`, { choice: 0 });
    };
    expect((await chosen('bob')).body.error.message).toContain('expects to read 420 rows');
    expect(await chosen('eve')).toMatchObject({
      status: 200,
      body: { kind: 'answer', plan: { rows: null, cost: null } },
    });
  });

  it('is given examples of its own with values as it has typed them', async () => {
    const eve = server.user('eve');
    const question = 'customers of zanzibari quartz';
    const { body } = await eve.json('/v1/ask', { question, profile: 'offline' });
    expect((await eve.json(`/v1/answers/${body.id}/feedback`, { verdict: 'good' })).status).toBe(200);
    const client = await agentOf('eve');
    const told = JSON.stringify(await client.callTool({ name: 'examples', arguments: { question } }));
    expect(told).toContain("city = 'zanzibari quartz'");
    expect(told).not.toContain(secret);
    await client.close();
  });

  it('leaves what others are told of their edited answers without values that nobody has typed', async () => {
    const bob = server.user('bob');
    const question = 'customers zanzibari';
    const { body } = await bob.json('/v1/ask', { question, profile: 'offline' });
    expect(body.sql).toContain(secret);
    const edited = await bob.json(`/v1/answers/${body.id}/edit`, { sql: `${body.sql} LIMIT 5` });
    expect((await bob.json(`/v1/answers/${edited.body.id}/feedback`, { verdict: 'good' })).status).toBe(200);
    const client = await agentOf('bob');
    const told = JSON.stringify(await client.callTool({ name: 'examples', arguments: { question } }));
    expect(told).toContain('LIMIT 5');
    expect(told).not.toContain(secret);
    await client.close();
  });

  it('is told as little over /mcp', async () => {
    const client = await agentOf('eve');
    model.scriptAll(answers({ sql: "SELECT name FROM customers WHERE city = 'zanzibari quartz'" }));
    const calls = [
      ['ask', { question: 'who is in zanzibari quartz?' }],
      ['explain', { sql: "SELECT name FROM customers WHERE city = 'Atlantis'" }],
      ['query', { sql: 'SELECT city FROM customers' }],
      ['find_values', { text: 'zanzibari quartz', column: 'customers.city' }],
      ['describe_tables', { tables: ['customers'] }],
    ] as const;
    for (const [name, given] of calls) {
      const told = JSON.stringify(await client.callTool({ name, arguments: given }));
      expect(told, name).not.toContain(secret);
      expect(told, name).not.toContain('Doubt:');
    }
    await client.close();
  });
});
