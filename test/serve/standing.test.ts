import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createStanding } from '../../src/serve/standing.ts';
import { callerNamed } from '../support/job-parts.ts';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { sampleFile } from '../support/program.ts';
import { type SharedServer, startShared, usualPassword } from '../support/shared-server.ts';
import { beginDownload, readOn } from '../support/slow-download.ts';
import { until } from '../support/until.ts';

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT';
const patience = { timeout: 30_000, interval: 50 };

const usual = answers({ sql: 'SELECT 1 AS one' });

let model: ModelServerFake;
let server: SharedServer;
let file: string;
beforeAll(async () => {
  model = await startModelServer();
  file = join(mkdtempSync(join(tmpdir(), 'sqlq-standing-')), 'shop.sqlite');
  copyFileSync(sampleFile, file);
  server = await startShared(
    {
      root: ['--roles', 'ask,run,admin'],
      asker: [],
      runner: [],
      reader: [],
      writer: ['--roles', 'ask,run,write'],
      listener: [],
      worker: [],
      waiter: [],
      stayer: [],
      keeper: [],
      talker: [],
    },
    [
      ...['--db', file, '--write', '--base-url', model.baseUrl, '--model', 'm', '--no-cache', '--jobs', '1'],
      ...['--timeout', '10m'],
    ],
  );
  // What the first question of a server has to load and read is no part of what is tried.
  model.scriptAll(usual);
  const { status } = await server.user('root').json('/v1/ask', { question: 'how many orders?' });
  expect(status).toBe(200);
}, 180_000);
afterEach(() => model.scriptAll(usual));
afterAll(async () => {
  await server.stop();
  await model.close();
});

/** Changes what a user may, as an admin does. */
async function change(name: string, rights: Readonly<Record<string, unknown>>): Promise<void> {
  const { status, body } = await server.user('root').json(`/v1/users/${name}`, rights, { method: 'PATCH' });
  expect(status, JSON.stringify(body)).toBe(200);
}

const answerOf = async (name: string, sql: string): Promise<string> =>
  z.object({ id: z.string() }).parse((await server.user(name).json('/v1/sql', { sql })).body).id;

const recordsSchema = z.object({
  records: z.array(z.object({ user: z.string().nullable(), action: z.string(), outcome: z.string() })),
});

/** How what somebody did is said to have ended. */
async function outcomesOf(name: string, action: string): Promise<readonly string[]> {
  const { records } = recordsSchema.parse((await server.user('root').json('/v1/audit?limit=200')).body);
  return records.filter((one) => one.user === name && one.action === action).map(({ outcome }) => outcome);
}

describe('whoever may less by now', () => {
  it('hears no answer of a slow model, which is asked no longer', async () => {
    let isGone = false;
    model.scriptAll((_request, response) => {
      response.once('close', () => {
        isGone = true;
      });
      return new Promise<never>(() => {});
    });
    const before = model.requests.length;
    const asked = server.user('asker').json('/v1/ask', { question: 'how many customers?' });
    await until(() => model.requests.length > before);
    await change('asker', { disabled: true });
    expect(await asked).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    await until(() => isGone);
    expect(await outcomesOf('asker', 'ask')).toContain('unauthorized');
  }, 60_000);

  it('gets no rows of what was asked before', async () => {
    const held = Promise.withResolvers<void>();
    model.scriptAll(async (request, response) => {
      await held.promise;
      await answers({ sql: 'SELECT 5 AS five' })(request, response);
    });
    const before = model.requests.length;
    const asked = server.user('runner').json('/v1/ask', { question: 'five?', run: true });
    await until(() => model.requests.length > before);
    await change('runner', { roles: ['ask'] });
    held.resolve();
    expect(await asked).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    expect(await outcomesOf('runner', 'run')).toEqual([]);
  }, 60_000);

  it('reads on no further: neither rows, nor what they listen to', async () => {
    const reader = server.user('reader');
    const response = await beginDownload(
      { ...server, token: reader.token },
      await answerOf('reader', `${endless} i FROM n`),
      'text/csv',
    );
    await change('reader', { hide: ['customers.email'] });
    const read = await readOn(response, 1 << 20);
    expect(read.bytes).toBeGreaterThan(0);
    expect(read.isWhole).toBe(false);
    await expect.poll(() => outcomesOf('reader', 'run'), patience).toContain('forbidden');

    const stream = await server.user('listener').fetch('/mcp', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 'listen',
        method: 'subscriptions/listen',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
          notifications: { toolsListChanged: true },
        },
      }),
    });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const ended = stream.text().catch(() => 'broken');
    await change('listener', { disabled: true });
    await ended;
  }, 60_000);

  it('keeps no change that has waited for somebody else’s lock', async () => {
    const writer = server.user('writer');
    const id = await answerOf('writer', "UPDATE customers SET city = 'Nowhere' WHERE id = 1");
    const { body: shown } = await writer.json(`/v1/answers/${id}/run`, {});
    const other = new SQLite(file);
    try {
      other.exec('BEGIN IMMEDIATE');
      const committed = writer.json(`/v1/answers/${id}/commit`, { digest: shown.digest });
      await until(async () => (await outcomesOf('writer', 'commit')).includes('started'));
      await change('writer', { roles: ['ask', 'run'] });
      other.exec('ROLLBACK');
      expect(await committed).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
      expect(other.prepare('SELECT city FROM customers WHERE id = 1').pluck().get()).not.toBe('Nowhere');
    } finally {
      other.close();
    }
  }, 60_000);

  it('has no job that goes on, and none that begins', async () => {
    const begin = async (name: string, sql: string): Promise<string> => {
      const { status, body } = await server
        .user(name)
        .json('/v1/jobs', { answer: await answerOf(name, sql) });
      expect(status).toBe(202);
      return body.id;
    };
    const jobOf = async (name: string, id: string) => (await server.user(name).json(`/v1/jobs/${id}`)).body;
    const running = await begin('worker', `${endless} count(*) AS c FROM n`);
    await expect.poll(async () => (await jobOf('worker', running)).state, patience).toBe('running');
    const waiting = await begin('waiter', 'SELECT 1 AS one');
    expect(await jobOf('waiter', waiting)).toMatchObject({ state: 'waiting' });
    await change('waiter', { rowLimit: 5 });
    await expect.poll(async () => (await jobOf('waiter', waiting)).state, patience).toBe('failed');
    expect(await jobOf('waiter', waiting)).toMatchObject({ error: expect.stringContaining('was changed') });
    await change('worker', { disabled: true });
    await expect.poll(() => outcomesOf('worker', 'run'), patience).toContain('unauthorized');
    // Its place is free again.
    const next = await begin('waiter', 'SELECT 2 AS two');
    await expect.poll(async () => (await jobOf('waiter', next)).state, patience).toBe('done');
  }, 90_000);

  it('is told from whoever signs out, whose jobs go on, and from whoever may more', async () => {
    const { body: login } = await server
      .user('root')
      .json('/auth/login', { name: 'stayer', password: usualPassword });
    const token = z.object({ access_token: z.string() }).parse(login).access_token;
    const as = { headers: { authorization: `Bearer ${token}` } };
    const stayer = server.user('stayer');
    const slow = await answerOf('stayer', `${endless} count(*) AS c FROM n`);
    const { body: job } = await stayer.json('/v1/jobs', { answer: slow }, as);
    await expect
      .poll(async () => (await stayer.json(`/v1/jobs/${job.id}`)).body.state, patience)
      .toBe('running');
    const [one, other] = [
      await beginDownload({ ...server, token }, await answerOf('stayer', `${endless} i FROM n`), 'text/csv'),
      await beginDownload(
        { ...server, token: stayer.token },
        await answerOf('stayer', `${endless} i FROM n`),
        'text/csv',
      ),
    ];
    await change('stayer', { roles: ['ask', 'run', 'write'] });
    expect((await stayer.fetch('/auth/logout', { method: 'POST', ...as })).status).toBeLessThan(300);
    expect((await readOn(one, 1 << 20)).isWhole).toBe(false);
    expect(other.destroyed).toBe(false);
    expect((await stayer.json(`/v1/jobs/${job.id}`)).body).toMatchObject({ state: 'running' });
    other.destroy();
    await stayer.fetch(`/v1/jobs/${job.id}`, { method: 'DELETE' });
  }, 60_000);
});

describe('what was kept before somebody may see less', () => {
  it('tells them none of it: the rows of a job, and values in the doubts of an answer', async () => {
    const keeper = server.user('keeper');
    const asked = await answerOf('keeper', 'SELECT email FROM customers LIMIT 5');
    const { body: job } = await keeper.json('/v1/jobs', { answer: asked });
    await expect
      .poll(async () => (await keeper.json(`/v1/jobs/${job.id}`)).body.state, patience)
      .toBe('done');
    const doubted = await answerOf('keeper', "SELECT count(*) AS n FROM orders WHERE status = 'Shipped'");
    const statusOf = async (): Promise<number> => (await keeper.fetch(`/v1/jobs/${job.id}/result`)).status;
    const told = async (): Promise<string> =>
      JSON.stringify((await keeper.json(`/v1/answers/${doubted}`)).body);
    const whole = await told();
    expect(whole).toContain('delivered');
    expect(await statusOf()).toBe(200);
    for (const less of [{ hide: ['orders.status'] }, { databases: ['other'] }]) {
      await change('keeper', less);
      expect(await statusOf(), JSON.stringify(less)).toBe(403);
      expect(await told()).not.toMatch(/delivered|shipped/u);
      await change('keeper', { hide: [], databases: null });
    }
    await change('keeper', { rowLimit: 4 });
    expect(await statusOf()).toBe(403);
    await change('keeper', { rowLimit: 5 });
    expect(await statusOf()).toBe(200);
    expect(await told()).toBe(whole);
  }, 60_000);
});

describe('a conversation from before somebody may see less', () => {
  it('tells a model nothing of what is hidden by now', async () => {
    const asker = server.user('talker');
    model.scriptAll(answers({ sql: 'SELECT count(email) AS n FROM customers' }));
    const { body: first } = await asker.json('/v1/ask', { question: 'how many addresses are there?' });
    expect(first.sql).toContain('email');
    await change('talker', { hide: ['customers.email'] });
    model.scriptAll(answers({ sql: 'SELECT count(*) AS n FROM orders' }));
    const before = model.requests.length;
    const next = await asker.json('/v1/ask', {
      question: 'and how many orders?',
      conversation: first.conversation,
    });
    expect(next.status, JSON.stringify(next.body)).toBe(200);
    expect(model.requests.length).toBeGreaterThan(before);
    const told = (): string => JSON.stringify(model.requests.slice(before).map(({ body }) => body));
    expect(told()).not.toContain('email');
    const again = await asker.json(`/v1/answers/${first.id}/reject`, { hint: 'of customers' });
    expect(again.status).toBe(409);
    expect(told()).not.toContain('email');
  }, 60_000);
});

describe('while nobody can be asked who may what', () => {
  const options = { everyMilliseconds: 5, patienceMilliseconds: 200 };

  it('what runs goes on for a moment, and no longer', async () => {
    let tries = 0;
    const standing = createStanding(
      {
        recall: async () => {
          tries += 1;
          throw new Error('no database');
        },
      },
      options,
    );
    const { signal } = standing.watch(callerNamed('ada'));
    await until(() => tries > 1);
    expect(signal.aborted).toBe(false);
    await until(() => signal.aborted);
    expect(signal.reason).toMatchObject({ code: 'busy' });
    standing.close();
  });

  it('nothing new is begun', async () => {
    const recall = () => Promise.reject(new Error('no database'));
    await expect(createStanding({ recall }, options).require(callerNamed('ada'))).rejects.toThrow(
      'no database',
    );
  });
});

describe('a look at those who are let in', () => {
  it('asks about all at once, and about nobody once all have gone', async () => {
    const looks: number[] = [];
    const standing = createStanding(
      {
        recall: async (callers) => {
          looks.push(callers.length);
          return callers;
        },
      },
      { everyMilliseconds: 5, patienceMilliseconds: 200 },
    );
    const all = Array.from({ length: 100 }, (_, index) => standing.watch(callerNamed(`user ${index}`)));
    await until(() => looks.includes(100));
    for (const one of all) {
      one.release();
    }
    const before = looks.length;
    await sleep(100);
    expect(looks.length).toBeLessThanOrEqual(before + 1);
    expect(all.some(({ signal }) => signal.aborted)).toBe(false);
    standing.close();
  });
});
