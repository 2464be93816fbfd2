import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { type Ended, emptyEnvironment, runProgram, sampleFile } from '../support/program.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';
import { type UserPlace, userStores } from '../support/user-stores.ts';

const password = 'four plain words together';
const hasRedis = (await redisProgram()) !== null;

describe.skipIf(!hasRedis)('two instances with one Redis, and their users in one PostgreSQL', () => {
  let model: ModelServerFake;
  let redis: RedisServer;
  let users: UserPlace;
  let one: ServeRun;
  let other: ServeRun;
  let sqlqUser: (...argv: readonly string[]) => Promise<Ended>;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    model = await startModelServer();
    redis = await startRedis();
    const store = userStores.find(({ name }) => name === 'PostgreSQL');
    if (store === undefined) {
      throw new Error('there is no store of users in PostgreSQL');
    }
    users = await store.make();
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-instances-'));
    const file = join(folder, 'shop.sqlite');
    copyFileSync(sampleFile, file);
    const config = join(folder, 'sqlq.yaml');
    const prices = '{m: {input: 100, output: 100, date: 2026-11-01}}';
    writeFileSync(
      config,
      [
        `database: ${file}`,
        'profile: dear',
        'doubtTimeout: 30s',
        'profiles:',
        `  dear: {provider: openai-compatible, baseUrl: ${model.baseUrl}, model: m, prices: ${prices}}`,
        'serve:',
        `  users: ${users.place}`,
        '  jobFolder: jobs',
      ].join('\n'),
      { mode: 0o600 },
    );
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    sqlqUser = (...argv) =>
      runProgram(['user', ...argv, '--config', config], {
        environment: emptyEnvironment(home),
        input: `${password}\n`,
      });
    for (const [name, flags] of [
      ['ana', []],
      ['ben', []],
      ['cy', ['--dollars', '0.25']],
      ['dee', ['--roles', 'ask,run,admin']],
      ['eva', []],
    ] as const) {
      const added = await sqlqUser('add', name, ...flags);
      expect(added.code, added.stderr).toBe(0);
      const made = await sqlqUser('token', name);
      tokens.set(name, made.stdout.trim());
    }
    const start = (): Promise<ServeRun> =>
      startServe(['--config', config, '--no-cache'], { environment: { REDIS_URL: redis.url } });
    [one, other] = await Promise.all([start(), start()]);
  }, 180_000);
  afterAll(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await Promise.all([redis?.stop(), model?.close()]);
    await users?.drop();
  });

  // biome-ignore lint/suspicious/noExplicitAny: what a reply holds is what a test is about
  type Told = { status: number; body: any };
  const as = (server: ServeRun, name: string) => {
    const init = { headers: { authorization: `Bearer ${tokens.get(name) ?? ''}` } };
    return {
      get: async (path: string): Promise<Told> => server.json(path, undefined, init),
      post: async (path: string, body: unknown): Promise<Told> => server.json(path, body, init),
      text: async (path: string): Promise<string> => (await server.fetch(path, init)).text(),
    };
  };

  it('have the same answers, conversations, history and jobs of a user, and nothing of another', async () => {
    model.scriptAll(answers({ sql: 'SELECT name FROM customers ORDER BY id LIMIT 2' }));
    const [here, there] = [as(one, 'ana'), as(other, 'ana')];
    const { body: answer } = await here.post('/v1/ask', { question: 'who came first?' });
    expect((await there.get(`/v1/answers/${answer.id}`)).body).toEqual(answer);
    expect(await there.post(`/v1/answers/${answer.id}/run`, {})).toMatchObject({
      status: 200,
      body: { rows: { length: 2 } },
    });
    const { conversation } = answer;
    const next = await there.post('/v1/ask', { question: 'and their cities?', conversation });
    expect(next).toMatchObject({ status: 200, body: { conversation } });
    // The model hears at the one what was asked at the other.
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('who came first?');
    for (const instance of [here, there]) {
      expect((await instance.get('/v1/history')).body.history).toMatchObject([
        { question: 'who came first?; and their cities?', rows: null },
        { question: 'who came first?', outcome: 'answered', rows: 2, conversation },
      ]);
      expect((await instance.get('/v1/conversations')).body.conversations).toMatchObject([
        { id: conversation, turns: 2 },
      ]);
      expect((await instance.get(`/v1/conversations/${conversation}`)).body.turns).toHaveLength(2);
    }
    const { body: job } = await here.post('/v1/jobs', { answer: answer.id, format: 'csv' });
    await until(async () => (await there.get(`/v1/jobs/${job.id}`)).body.state === 'done');
    expect((await there.get('/v1/jobs')).body.jobs).toMatchObject([{ id: job.id, rows: 2 }]);
    expect(await there.text(`/v1/jobs/${job.id}/result`)).toMatch(/^name\r?\n/u);
    for (const instance of [as(one, 'ben'), as(other, 'ben')]) {
      expect((await instance.get('/v1/history')).body).toEqual({ history: [] });
      expect((await instance.get('/v1/conversations')).body).toEqual({ conversations: [] });
      expect((await instance.get('/v1/jobs')).body).toEqual({ jobs: [] });
      for (const path of [`answers/${answer.id}`, `conversations/${conversation}`, `jobs/${job.id}`]) {
        expect((await instance.get(`/v1/${path}`)).status, path).toBe(404);
      }
    }
  }, 60_000);

  it('are taught by a user at whichever they are, and for that user alone', async () => {
    const taught = 'SELECT count(*) AS taught FROM customers';
    model.scriptAll(answers({ sql: 'SELECT 1 AS wrong' }));
    const question = 'how many clients have we got?';
    const { body: answer } = await as(one, 'ana').post('/v1/ask', { question });
    const judged = await as(other, 'ana').post(`/v1/answers/${answer.id}/feedback`, {
      verdict: 'bad',
      sql: taught,
    });
    expect(judged.status, JSON.stringify(judged.body)).toBe(200);
    for (const server of [one, other]) {
      expect((await as(server, 'ana').get('/v1/history')).body.history[0]).toMatchObject({
        question,
        verdict: 'bad',
      });
    }
    const told = async (server: ServeRun, name: string): Promise<string> => {
      await as(server, name).post('/v1/ask', { question: 'how many clients are there?' });
      return JSON.stringify(model.requests.at(-1)?.body);
    };
    expect(await told(one, 'ana')).toContain(taught);
    expect(await told(other, 'ana')).toContain(taught);
    expect(await told(other, 'ben')).not.toContain(taught);
  }, 60_000);

  it('spend of a user’s budget together no more than there is, however many ask at once', async () => {
    let asked = 0;
    const answer = says(
      JSON.stringify({
        reasoning: '',
        sql: 'SELECT 1',
        assumptions: [],
        unanswerable: null,
        clarification: null,
      }),
      // That is 0.1 dollars.
      { usage: { prompt_tokens: 1_000, completion_tokens: 0, total_tokens: 1_000 } },
    );
    model.scriptAll(async (request, response) => {
      asked += 1;
      await sleep(300);
      await answer(request, response);
    });
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const { status } = await as(index % 2 === 0 ? one : other, 'cy').post('/v1/ask', {
          question: `question ${'x'.repeat(index)}`,
        });
        return status;
      }),
    );
    // The third begins while there is something left, and is the last.
    expect(asked).toBe(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
  }, 90_000);

  it('go on without Redis, let nobody in whom they should not, and say once that it is lost and that it is back', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1 AS a' }));
    const ask = (name: string): Promise<Told> =>
      as(one, name).post('/v1/ask', { question: 'how many are there?', run: true });
    const admin = as(one, 'dee');
    const ready = async () => (await fetch(`${one.url}/ready`)).json();
    const saidOf = (words: string): number => one.stderr().split(words).length - 1;
    expect((await ask('eva')).status).toBe(200);
    expect(await admin.text('/metrics')).toContain('sqlq_state_up{kind="redis"} 1');
    expect((await sqlqUser('token', 'eva', '--revoke', 'all')).code).toBe(0);
    await redis.kill();
    await until(() => saidOf('can not be reached') > 0);
    expect(await ready()).toMatchObject({ status: 'degraded', state: 'lost' });
    expect((await fetch(`${one.url}/health`)).status).toBe(200);
    expect(await admin.text('/metrics')).toContain('sqlq_state_up{kind="redis"} 0');
    for (let round = 0; round < 3; round += 1) {
      // Who may come in does not depend on Redis, and what is answered meanwhile can be run.
      expect((await ask('ana')).status).toBe(200);
      expect((await ask('eva')).status).toBe(401);
      // What costs money of whoever has a budget is not spent uncounted.
      expect((await ask('cy')).status).toBeGreaterThanOrEqual(429);
    }
    expect((await sqlqUser('disable', 'ben')).code).toBe(0);
    expect((await ask('ben')).status).toBe(401);
    await redis.restart();
    await until(() => saidOf('is there again') > 0);
    expect(await ready()).toMatchObject({ status: 'ready', state: 'up' });
    expect(await admin.text('/metrics')).toContain('sqlq_state_up{kind="redis"} 1');
    expect((await ask('ana')).status).toBe(200);
    expect([saidOf('can not be reached'), saidOf('is there again')]).toEqual([1, 1]);
    expect((await ask('eva')).status).toBe(401);
  }, 120_000);
});
