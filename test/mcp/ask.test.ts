import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectMcp } from '../support/mcp-client.ts';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';

let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

describe('the tool ask, with a served model', () => {
  it('goes the way of every question: repair, doubts, rows, memory', async () => {
    model.script(
      answers({ sql: 'DELETE FROM customers' }),
      answers({ sql: 'SELECT nme FROM customers' }),
      answers({
        sql: "SELECT name FROM customers WHERE country = 'Norway' ORDER BY name",
        assumptions: ['Norway is a country'],
      }),
    );
    const session = await connectMcp(['--db', 'sample', '--base-url', model.baseUrl, '--model', 'm']);
    const told = await session.call('ask', { question: 'who lives in Norway?' });
    expect(told.structured).toMatchObject({
      sql: "SELECT name FROM customers WHERE country = 'Norway' ORDER BY name",
      assumptions: expect.arrayContaining(['Norway is a country']),
      rows: { length: 3 },
    });
    expect(model.requests).toHaveLength(3);
    // What the model is told follows `send` as in `sqlq ask`: rows went to the caller, and none to it.
    const sent = JSON.stringify(model.requests.map(({ body }) => body));
    const names = told.text.match(/(?<=^\[")[^"]+(?="\]$)/gmu) ?? [];
    expect(names).toHaveLength(4);
    for (const name of names.filter((each) => each !== 'name')) {
      expect(sent).not.toContain(name);
    }
    await session.close();
  });

  it('tells no stored spelling that was put into its SQL where stored values stay', async () => {
    model.script(answers({ sql: "SELECT name FROM customers WHERE country = 'germny'" }));
    const session = await connectMcp([
      '--db',
      'sample',
      '--base-url',
      model.baseUrl,
      '--model',
      'm',
      '--send',
      'comments',
    ]);
    const told = await session.call('ask', { question: 'who lives in germny?' });
    expect(told.structured).toMatchObject({
      sql: "SELECT name FROM customers WHERE country = '…'",
      assumptions: [],
    });
    expect(`${told.text}${JSON.stringify(told.structured)}`).not.toContain('Germany');
    await session.close();
  });

  it('is ended with its call', async () => {
    model.script(() => new Promise<never>(() => {}));
    const session = await connectMcp(['--db', 'sample', '--base-url', model.baseUrl, '--model', 'm']);
    const stop = new AbortController();
    const call = session.call('ask', { question: 'how many customers?' }, { signal: stop.signal });
    call.catch(() => {});
    await expect.poll(() => model.requests.length, { timeout: 15_000 }).toBe(1);
    stop.abort();
    await expect(call).rejects.toThrow();
    const next = await session.call('query', { sql: 'SELECT 5' });
    expect(next.structured['rows']).toEqual([[5]]);
    await session.close();
  });
});
