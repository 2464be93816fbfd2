import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { clarificationSchema } from '../../src/serve/api/answer.ts';
import { rowsSchema } from '../../src/serve/api/run.ts';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { sampleFile } from '../support/program.ts';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';

let model: ModelServerFake;
let server: ServeRun;

beforeAll(async () => {
  model = await startModelServer();
  server = await startServe(['--db', 'sample', '--base-url', model.baseUrl, '--model', 'm', '--no-cache']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await model.close();
});

const norway = "SELECT name FROM customers WHERE country = 'Norway' ORDER BY name";
const runSchema = z.object({
  runs: z.array(z.object({ rows: z.number().nullable(), error: z.string().nullable() })),
});

describe('a question over HTTP', () => {
  it('comes to SQL with what it assumes, is run by its id, and is remembered', async () => {
    model.script(
      answers({ sql: 'DELETE FROM customers' }),
      answers({ sql: norway, assumptions: ['a country'] }),
    );
    const answer = await server.ask('who lives in Norway?');
    expect(answer).toMatchObject({
      sql: norway,
      statement: 'read',
      assumptions: [{ number: 1, text: 'a country', spelling: false }],
      plan: { columns: [{ name: 'name' }] },
      answeredBy: { model: 'm' },
      runs: [],
    });
    const { status, body } = await server.json(`/v1/answers/${answer.id}/run`, {});
    expect(status).toBe(200);
    expect(rowsSchema.parse(body)).toMatchObject({
      columns: [{ name: 'name' }],
      rows: { length: 3 },
      truncated: false,
    });
    const after = await server.json(`/v1/answers/${answer.id}`);
    expect(runSchema.parse(after.body).runs).toEqual([expect.objectContaining({ rows: 3, error: null })]);
    const { body: history } = await server.json('/v1/history?limit=1');
    expect(history).toMatchObject({
      history: [
        {
          question: 'who lives in Norway?',
          sql: norway,
          database: 'sample',
          outcome: 'answered',
          rows: 3,
          conversation: answer.conversation,
        },
      ],
    });
  });

  it('tells its steps, its answer and its rows as events', async () => {
    model.script(answers({ sql: norway }));
    const events = await server.events('/v1/ask', { question: 'who lives in Norway?', run: true, limit: 2 });
    const names = events.map(({ event }) => event).filter((event) => event !== 'step');
    expect(names).toEqual(['answer', 'rows']);
    expect(events.filter(({ event }) => event === 'step')).not.toEqual([]);
    expect(events.at(-1)?.data).toMatchObject({
      rows: { length: 2 },
      truncated: true,
      doubts: [expect.objectContaining({ kind: 'cut' })],
    });
  });

  it('goes on in a conversation', async () => {
    model.script(answers({ sql: norway }), answers({ sql: 'SELECT count(*) FROM customers' }));
    const first = await server.ask('who lives in Norway?');
    const second = await server.ask('and how many are there in all?', { conversation: first.conversation });
    expect(second.conversation).toBe(first.conversation);
    expect(model.requests.at(-1)?.text).toContain('who lives in Norway?');
    const { body } = await server.json(`/v1/conversations/${first.conversation}`);
    expect(body).toMatchObject({ turns: [{ id: first.id }, { id: second.id }] });
  });

  it('is asked again without an assumption, and with a hint', async () => {
    model.script(answers({ sql: norway, assumptions: ['Norway is a country'] }));
    const first = await server.ask('who lives in Norway?');
    model.script(answers({ sql: "SELECT name FROM customers WHERE city = 'Oslo'" }));
    const rejected = await server.json(`/v1/answers/${first.id}/reject`, { assumption: 1 });
    expect(rejected.body).toMatchObject({
      sql: "SELECT name FROM customers WHERE city = 'Oslo'",
      question: 'who lives in Norway?',
    });
    expect(model.requests.at(-1)?.text).toContain('Norway is a country');
    model.script(answers({ sql: norway }));
    const hinted = await server.json(`/v1/answers/${first.id}/reject`, { hint: 'by country, please' });
    expect(hinted.body).toMatchObject({ sql: norway });
    expect(model.requests.at(-1)?.text).toContain('by country, please');
    expect((await server.json(`/v1/answers/${first.id}/reject`, { assumption: 7 })).status).toBe(404);
  });

  it('is answered by a question back, and goes on with what is chosen', async () => {
    model.script(answers({ clarification: 'Which customers?' }));
    const { body } = await server.json('/v1/ask', { question: 'how many customers?' });
    const back = clarificationSchema.parse(body);
    expect(back).toMatchObject({ asks: 'Which customers?', choices: [] });
    expect((await server.json(`/v1/answers/${back.id}/run`, {})).status).toBe(409);
    expect((await server.json(`/v1/answers/${back.id}/choose`, { choice: 0 })).status).toBe(404);
    model.script(answers({ sql: norway }));
    const said = await server.json(`/v1/answers/${back.id}/choose`, { text: 'the Norwegian ones' });
    expect(said.body).toMatchObject({ kind: 'answer', sql: norway });
    expect(model.requests.at(-1)?.text).toContain('the Norwegian ones');
  });

  it('is edited, mended where it is doubted, and taken as it was asked', async () => {
    model.script(answers({ sql: "SELECT count(*) FROM customers WHERE country = 'germny'" }));
    const spelt = await server.ask('how many customers are in germny?');
    expect(spelt.sql).toContain("'Germany'");
    const spelling = spelt.assumptions.find((one) => one.spelling);
    expect(spelling?.text).toContain('Germany');
    const asAsked = await server.json(`/v1/answers/${spelt.id}/edit`, { asAsked: 0 });
    expect(asAsked.body).toMatchObject({
      sql: "SELECT count(*) FROM customers WHERE country = 'germny'",
      assumptions: [],
      doubts: [
        expect.objectContaining({ kind: 'unknown-value', mendedSql: expect.stringContaining('Germany') }),
      ],
    });
    const { id } = z.object({ id: z.string() }).parse(asAsked.body);
    const mended = await server.json(`/v1/answers/${id}/edit`, { mended: 0 });
    expect(mended.body).toMatchObject({ sql: expect.stringContaining("'Germany'"), doubts: [] });
    const edited = await server.json(`/v1/answers/${id}/edit`, { sql: 'SELECT 1 AS one' });
    expect(edited.body).toMatchObject({
      sql: 'SELECT 1 AS one',
      question: 'how many customers are in germny?',
      assumptions: [],
      answeredBy: { profile: null, provider: null, model: null },
      cached: false,
    });
    const own = await server.json(`/v1/answers/${spelt.id}/edit`, { sql: 'SELECT 2 AS two' });
    expect(own.body).toMatchObject({ assumptions: [], answeredBy: { model: null } });
    const refused = await server.json(`/v1/answers/${id}/edit`, { sql: 'DROP TABLE customers' });
    expect(refused.status).toBe(422);
    expect(errorOf(refused.body)).toMatchObject({ code: 'refused' });
  });

  it('learns from what is said of it, for whoever said it', async () => {
    model.script(answers({ sql: norway }));
    const answer = await server.ask('who are our Norwegians?');
    const { body } = await server.json(`/v1/answers/${answer.id}/feedback`, { verdict: 'good' });
    expect(body).toMatchObject({ said: expect.stringMatching(/^Kept as example/u) });
    model.script(answers({ sql: norway }));
    await server.ask('who are our Norwegians, by name?');
    expect(model.requests.at(-1)?.text).toContain('who are our Norwegians?');
    expect((await server.json(`/v1/answers/${answer.id}`)).body).toMatchObject({ verdict: 'good' });
  });

  it('tells what the model can not answer, and what fails', async () => {
    model.script(answers({ unanswerable: 'There is no weather here.' }));
    const unanswerable = await server.json('/v1/ask', { question: 'how is the weather?' });
    expect(unanswerable.status).toBe(422);
    expect(errorOf(unanswerable.body)).toMatchObject({
      code: 'unanswerable',
      message: expect.stringContaining('weather'),
    });
    const events = await server.events('/v1/ask', { question: 'x', database: 'elsewhere' });
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { code: 'not-found' } } });
  });

  it.each([
    ['text/csv', /^name\n/u],
    ['application/x-ndjson', /^\{"name":/u],
    ['text/tab-separated-values', /^name\n/u],
  ])('sends rows as %s', async (accept, start) => {
    const { body } = await server.json('/v1/sql', { sql: norway });
    const { id } = z.object({ id: z.string() }).parse(body);
    const response = await server.fetch(`/v1/answers/${id}/run`, { method: 'POST', headers: { accept } });
    expect(response.headers.get('content-type')).toContain(accept);
    expect(response.headers.get('content-disposition')).toContain('attachment; filename="answer.');
    expect(await response.text()).toMatch(start);
  });
});

describe('SQL of one’s own', () => {
  it('runs with values apart', async () => {
    const { body } = await server.json('/v1/sql', {
      sql: 'SELECT count(*) AS n FROM customers WHERE country = :country',
      parameters: { country: "Norway' OR 1=1 --" },
    });
    const { id } = z.object({ id: z.string(), question: z.null() }).parse(body);
    const ran = await server.json(`/v1/answers/${id}/run`, {});
    expect(rowsSchema.parse(ran.body).rows).toEqual([[0]]);
  });

  it('keeps numbers exact', async () => {
    const { body } = await server.json('/v1/sql', {
      sql: 'SELECT 9007199254740993 AS big, 1.5 AS half, NULL AS none',
    });
    const { id } = z.object({ id: z.string() }).parse(body);
    const ran = await server.json(`/v1/answers/${id}/run`, {});
    expect(rowsSchema.parse(ran.body).rows).toEqual([['9007199254740993', 1.5, null]]);
  });

  it('changes nothing where the server only reads', async () => {
    const { status, body } = await server.json('/v1/sql', { sql: 'DELETE FROM orders' });
    expect(status).toBe(422);
    expect(errorOf(body).code).toBe('refused');
  });
});

describe('a change over HTTP', () => {
  it('is tried and shown, and kept once exactly that is agreed to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sqlq-write-'));
    const file = join(folder, 'shop.sqlite');
    await copyFile(sampleFile, file);
    const writer = await startServe(['--db', file, '--profile', 'offline', '--write']);
    try {
      const count = async (): Promise<unknown> => {
        const { body } = await writer.json('/v1/sql', {
          sql: "SELECT count(*) FROM customers WHERE city = 'Nowhere'",
        });
        const { id } = z.object({ id: z.string() }).parse(body);
        return rowsSchema.parse((await writer.json(`/v1/answers/${id}/run`, {})).body).rows[0]?.[0];
      };
      const { body } = await writer.json('/v1/sql', {
        sql: "UPDATE customers SET city = 'Nowhere' WHERE country = 'Norway'",
      });
      const { id } = z.object({ id: z.string(), statement: z.literal('write') }).parse(body);
      const tried = await writer.json(`/v1/answers/${id}/run`, {});
      expect(tried.body).toMatchObject({ changes: [{ table: 'customers', rows: 3 }] });
      expect(await count()).toBe(0);
      const wrong = await writer.json(`/v1/answers/${id}/commit`, { digest: 'f'.repeat(64) });
      expect(wrong.status).toBe(409);
      expect(await count()).toBe(0);
      const { digest } = z.object({ digest: z.string() }).parse(tried.body);
      const kept = await writer.json(`/v1/answers/${id}/commit`, { digest });
      expect(kept).toMatchObject({ status: 200, body: { committed: true, rows: 3 } });
      expect(await count()).toBe(3);
    } finally {
      await writer.stop();
    }
  });
});
