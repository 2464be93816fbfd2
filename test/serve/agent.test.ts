import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ElicitResult, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Era, eras } from '../support/mcp-client.ts';
import { sampleFile } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

let server: ServeRun;
beforeAll(async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'sqlq-agent-')), 'shop.sqlite');
  await copyFile(sampleFile, file);
  server = await startServe(['--db', file, '--profile', 'offline', '--write']);
}, 60_000);
afterAll(() => server.stop());

/** The official client at `/mcp`, with the token. */
async function connect(
  era: Era,
  token = server.token,
  onAsk?: (message: string) => ElicitResult,
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: onAsk === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
    },
  );
  if (onAsk !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => onAsk(params.message));
  }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  return client;
}

const auditSchema = z.object({ records: z.array(z.unknown()) });
const resultSchema = z.object({ rows: z.array(z.array(z.unknown())) });

describe.each(eras)('an agent over HTTP, in the protocol of %s', (era) => {
  it('has the tools of sqlq, and runs SQL', async () => {
    const client = await connect(era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['query', 'ask', 'search_schema']));
    const told = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT count(*) FROM customers' },
    });
    expect(resultSchema.parse(told.structuredContent).rows).toEqual([[60]]);
    const refused = await client.callTool({ name: 'query', arguments: { sql: 'DROP TABLE customers' } });
    expect(refused.isError).toBe(true);
    await client.close();
  });

  it('is held to account', async () => {
    const client = await connect(era);
    const question = `how many customers are there in ${era.slice(0, 4)}?`;
    const sql = `SELECT count(*) AS "${era}" FROM orders`;
    await client.callTool({ name: 'ask', arguments: { question } });
    await client.callTool({ name: 'query', arguments: { sql } });
    await client.close();
    const recordsOf = async (): Promise<readonly unknown[]> =>
      auditSchema.parse((await server.json('/v1/audit?limit=50')).body).records;
    const ended = expect.objectContaining({
      action: 'mcp.query',
      sql,
      outcome: 'done',
      rows: 1,
      by: 'local',
    });
    await until(async () => {
      const all = await recordsOf();
      return all.some((record) => ended.asymmetricMatch(record));
    });
    const records = await recordsOf();
    expect(records).toContainEqual(expect.objectContaining({ action: 'mcp.query', sql, outcome: 'started' }));
    expect(records).toContainEqual(
      expect.objectContaining({ action: 'mcp.ask', question, outcome: 'started' }),
    );
    expect(await (await server.fetch('/metrics')).text()).toMatch(/sqlq_questions_total\{[^}]*\} [1-9]/u);
  });
});

describe('an agent over HTTP', () => {
  it('is let in with a token alone', async () => {
    await expect(connect('2026-07-28', 'wrong')).rejects.toThrow();
  });

  it('changes what a person agrees to, and nothing else', async () => {
    const asked: string[] = [];
    const client = await connect('2026-07-28', server.token, (message) => {
      asked.push(message);
      return { action: 'accept', content: { keep: true } };
    });
    await client.callTool({
      name: 'query',
      arguments: { sql: "UPDATE customers SET city = 'Nowhere' WHERE country = 'Norway'" },
    });
    expect(asked.join('\n')).toContain('3 rows changed');
    const told = await client.callTool({
      name: 'query',
      arguments: { sql: "SELECT count(*) FROM customers WHERE city = 'Nowhere'" },
    });
    expect(resultSchema.parse(told.structuredContent).rows).toEqual([[3]]);
    await client.close();
  });
});
