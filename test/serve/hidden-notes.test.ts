import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';
import { type SharedServer, startShared } from '../support/shared-server.ts';

/** What a note and a document say of a hidden column, beside what they say of others. */
const [ofNote, ofDocument] = ['ceo@zenith.example', 'vip@zenith.example'];

let model: ModelServerFake;
let server: SharedServer;
beforeAll(async () => {
  model = await startModelServer();
  model.scriptAll(answers({ sql: 'SELECT count(*) FROM customers' }));
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-hidden-'));
  const config = join(folder, 'sqlq.yaml');
  writeFileSync(
    config,
    [
      'profile: served',
      'profiles:',
      `  served: {provider: openai-compatible, baseUrl: ${model.baseUrl}, model: m}`,
      'notes:',
      `  patrons: those whose email is ${ofNote}`,
      '  regulars: customers with more than 5 orders',
    ].join('\n'),
    { mode: 0o600 },
  );
  server = await startShared({ bob: [], mia: ['--hide', 'customers.email'] }, [
    '--db',
    'sample',
    '--config',
    config,
    '--no-cache',
  ]);
  mkdirSync(join(folder, 'docs'));
  const document = `# Customers\n\nRegulars and patrons get a gift.\n\n# Patrons\n\nPatrons have the email ${ofDocument}.\n`;
  writeFileSync(join(folder, 'docs', 'customers.md'), document);
  const added = await runProgram(['docs', 'add', '--db', 'sample', 'docs'], {
    folder,
    environment: emptyEnvironment(server.home),
  });
  expect(added.code, added.stderr).toBe(0);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await model?.close();
});

const question = 'how many patrons and regulars are there among customers?';

describe('a note and a document that name a column', () => {
  it('go to no model of a user from whom it is hidden, and others do', async () => {
    const sent = async (name: string): Promise<string> => {
      const before = model.requests.length;
      const { status } = await server.user(name).json('/v1/ask', { question });
      expect(status).toBe(200);
      return JSON.stringify(model.requests.slice(before).map(({ body }) => body));
    };
    const whole = await sent('bob');
    expect(whole).toContain(ofNote);
    expect(whole).toContain(ofDocument);
    const told = await sent('mia');
    expect(told).not.toContain('zenith');
    expect(told).toContain('more than 5 orders');
    expect(told).toContain('get a gift');
  });

  it('nor to an agent of theirs', async () => {
    const told = async (name: string): Promise<string> => {
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
          requestInit: { headers: { authorization: `Bearer ${server.user(name).token}` } },
        }),
      );
      const calls = [
        client.callTool({ name: 'search_docs', arguments: { words: 'patrons email' } }),
        client.callTool({ name: 'search_schema', arguments: { words: 'patrons customers' } }),
        client.callTool({ name: 'describe_tables', arguments: { tables: ['customers'] } }),
      ];
      const all = JSON.stringify(await Promise.all(calls)) + (client.getInstructions() ?? '');
      await client.close();
      return all;
    };
    expect(await told('bob')).toContain(ofDocument);
    expect(await told('mia')).not.toContain('zenith');
  });
});
