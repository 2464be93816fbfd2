import { mkdtemp } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/serve/accounts/password.ts';
import { openUsers } from '../../src/serve/accounts/store/open.ts';
import { addUser, usualRights } from '../../src/serve/accounts/user.ts';
import { freePort } from '../support/free-port.ts';
import { type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { type NginxServer, nginxProgram, startNginx } from '../support/nginx-server.ts';
import { sampleFile } from '../support/program.ts';
import { type PrometheusServer, prometheusProgram, startPrometheus } from '../support/prometheus-server.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

const programs = [await nginxProgram(), await redisProgram(), await prometheusProgram()];
const password = 'correct horse battery staple';
const users = ['ann', 'bob', 'cy', 'dan', 'eve', 'fay'];

/** An instance at its ports, which keep as it is started again. */
interface Instance {
  readonly port: number;
  readonly metricsPort: number;
  run: ServeRun | null;
}

/** How one request ended. */
interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly began: number;
  readonly ended: number;
}

describe.skipIf(programs.includes(null))('two instances behind nginx, with Redis and Prometheus', () => {
  let model: ModelServerFake;
  let redis: RedisServer;
  let nginx: NginxServer;
  let prometheus: PrometheusServer;
  let instances: readonly [Instance, Instance];
  let usersFile = '';
  const tokens = new Map<string, string>();
  /** Milliseconds that the model takes. */
  let thinking = 20;

  async function start(instance: Instance, ...more: string[]): Promise<void> {
    instance.run = await startServe(
      [
        ...['--db', sampleFile, '--port', `${instance.port}`, '--behind-proxy', '--users', usersFile],
        ...['--metrics-address', `127.0.0.1:${instance.metricsPort}`, '--rate-user', '400/h', ...more],
      ],
      {
        environment: {
          REDIS_URL: redis.url,
          SQLQ_BASE_URL: model.baseUrl,
          SQLQ_MODEL: 'scripted',
        },
      },
    );
  }

  beforeAll(async () => {
    model = await startModelServer();
    const answer = says(
      JSON.stringify({ kind: 'sql', sql: 'SELECT count(*) AS customers FROM customers', assumptions: [] }),
    );
    model.scriptAll(async (request, response) => {
      await sleep(thinking);
      await answer(request, response);
    });
    redis = await startRedis();
    usersFile = join(await mkdtemp(join(tmpdir(), 'sqlq-users-')), 'users.sqlite');
    const sql = await openUsers(usersFile);
    const hash = await hashPassword(password);
    for (const name of users) {
      await addUser(sql, { ...usualRights, name, password: hash, issuer: null, subject: null }, new Date());
    }
    await sql.close();
    const instance = async (): Promise<Instance> => ({
      port: await freePort(),
      metricsPort: await freePort(),
      run: null,
    });
    instances = [await instance(), await instance()];
    await Promise.all(instances.map((one) => start(one)));
    nginx = await startNginx([instances[0].port, instances[1].port]);
    prometheus = await startPrometheus([instances[0].metricsPort, instances[1].metricsPort]);
    for (const name of users) {
      const { status, text } = await send('/auth/login', { body: { name, password } });
      expect(status, text).toBe(200);
      tokens.set(name, JSON.parse(text).access_token);
    }
  }, 180_000);
  afterAll(async () => {
    await Promise.all([prometheus?.stop(), nginx?.stop()]);
    await Promise.all((instances ?? []).map(({ run }) => run?.stop()));
    await redis?.stop();
    await model?.close();
  });

  function send(
    path: string,
    { user, body, method }: { user?: string; body?: unknown; method?: string } = {},
  ): Promise<Outcome> {
    const began = performance.now();
    return new Promise((resolve) => {
      const request = httpsRequest(
        nginx.url + path,
        {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          ca: nginx.certificates.ca,
          agent: false,
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(user === undefined ? {} : { authorization: `Bearer ${tokens.get(user)}` }),
          },
        },
        async (response) => {
          let text = '';
          let status = response.statusCode ?? 0;
          try {
            for await (const chunk of response) {
              text += String(chunk);
            }
          } catch {
            status = 0;
          }
          resolve({ status, text, began, ended: performance.now() });
        },
      );
      request.once('error', (error) =>
        resolve({ status: 0, text: error.message, began, ended: performance.now() }),
      );
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  let asked = 0;
  const ask = (user: string): Promise<Outcome> => {
    asked += 1;
    return send('/v1/ask', { user, body: { question: `how many customers are there, ${asked}?` } });
  };

  /** Asks on behalf of all users until `work` is done and each has asked a few more. */
  async function underLoad(work: () => Promise<void>): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    let isDone = false;
    const askers = users.map(async (user) => {
      for (let after = 0; after < 3; after += isDone ? 1 : 0) {
        outcomes.push(await ask(user));
      }
    });
    await until(() => outcomes.length >= 2 * users.length);
    await work();
    isDone = true;
    await Promise.all(askers);
    return outcomes;
  }

  const valueFor = async (expression: string): Promise<number | null> =>
    (await prometheus.query(expression))[0]?.value ?? null;

  it('answer, each its share of the users, and what one has answered the other can run', async () => {
    const outcomes = await Promise.all(users.map(ask));
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    for (const [index, { text }] of outcomes.entries()) {
      const { id } = JSON.parse(text);
      for (const { port } of instances) {
        const reply = await fetch(`http://127.0.0.1:${port}/v1/answers/${id}/run`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${tokens.get(users[index] ?? '')}`,
            'content-type': 'application/json',
            'x-forwarded-for': '127.0.0.1',
            'x-forwarded-proto': 'https',
          },
          body: '{}',
        });
        expect(reply.status).toBe(200);
        expect(await reply.json()).toMatchObject({ rows: [[60]] });
      }
    }
    await until(async () => (await valueFor('sum(up{job="sqlq"})')) === 2);
    await until(async () => ((await valueFor('sum(sqlq_questions_total{outcome="answered"})')) ?? 0) >= 6);
  }, 120_000);

  it('refuse nobody but those in flight when one of them is killed', async () => {
    const [first] = instances;
    let killed = 0;
    let gone = 0;
    const outcomes = await underLoad(async () => {
      killed = performance.now();
      first.run?.child.kill('SIGKILL');
      await first.run?.ended;
      gone = performance.now();
      await sleep(1_500);
    });
    const refused = outcomes.filter(({ status }) => status !== 200);
    expect(refused.length).toBeLessThanOrEqual(2 * users.length);
    // Each of them was sent before it was gone, and not answered by then.
    for (const { began, ended, status } of refused) {
      expect(began).toBeLessThan(gone + 50);
      expect(ended).toBeGreaterThan(killed - 50);
      expect([502, 503, 0]).toContain(status);
    }
    // Of the three that each asks at the end one may have been under way.
    expect(outcomes.filter(({ began }) => began > gone + 50).length).toBeGreaterThanOrEqual(2 * users.length);
    await until(async () => (await valueFor('sum(up{job="sqlq"})')) === 1);
    await until(async () => ((await valueFor('count(ALERTS{alertname="SqlqInstanceDown"})')) ?? 0) === 1);
    await start(first);
    await until(async () => (await valueFor('sum(up{job="sqlq"})')) === 2);
  }, 180_000);

  it('lose nothing when each is ended and started anew, one after the other', async () => {
    const before = performance.now();
    const outcomes = await underLoad(async () => {
      for (const instance of instances) {
        instance.run?.child.kill('SIGTERM');
        expect(await instance.run?.ended).toBe(0);
        await start(instance);
      }
    });
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(4 * users.length);
    expect(performance.now()).toBeGreaterThan(before);
  }, 180_000);

  it('answer what they were asked before they end', async () => {
    thinking = 3_000;
    const outcomes = users.map(ask);
    await until(() => model.requests.length > 0);
    await sleep(1_000);
    const [first] = instances;
    first.run?.child.kill('SIGTERM');
    await until(async () => {
      const reply = await fetch(`http://127.0.0.1:${first.metricsPort}/ready`).catch(() => null);
      return reply === null || reply.status === 503;
    });
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(users.map(() => 200));
    expect(await first.run?.ended).toBe(0);
    thinking = 20;
    await start(first);
  }, 120_000);

  it('hold a user to one rate, whichever they ask', async () => {
    const outcomes = [];
    for (let index = 0; index < 440; index++) {
      const { port } = instances[index % 2] as Instance;
      outcomes.push(
        fetch(`http://127.0.0.1:${port}/v1/me`, {
          headers: {
            authorization: `Bearer ${tokens.get('fay')}`,
            'x-forwarded-for': '127.0.0.1',
            'x-forwarded-proto': 'https',
          },
        }).then(async (reply) => {
          await reply.arrayBuffer();
          return reply;
        }),
      );
      if (index % 20 === 19) {
        await Promise.all(outcomes);
      }
    }
    const replies = await Promise.all(outcomes);
    const limit = Number(replies[0]?.headers.get('ratelimit-limit'));
    const before = limit - Number(replies[0]?.headers.get('ratelimit-remaining')) - 1;
    expect(limit).toBe(400);
    const statuses = replies.map(({ status }) => status);
    const good = statuses.filter((status) => status === 200).length;
    const over = replies.filter(({ status }) => status === 429);
    // The first one to be sent need not be the first to be counted.
    expect(Math.abs(good - (400 - before))).toBeLessThan(20);
    expect(good + over.length).toBe(440);
    expect(over.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect((await send('/v1/me', { user: 'ann' })).status).toBe(200);
    expect((await send('/v1/me', { user: 'fay' })).status).toBe(429);
  }, 120_000);

  it('say so while Redis is lost, and go on by themselves, for those whom they know', async () => {
    const before = JSON.parse((await ask('ann')).text);
    await redis.kill();
    await until(async () => (await valueFor('max(sqlq_state_up{kind="redis"})')) === 0);
    const ready = await fetch(`http://127.0.0.1:${instances[0].metricsPort}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'degraded', state: 'lost' });
    const own = await ask('ann');
    expect(own.status).toBe(200);
    const { id } = JSON.parse(own.text);
    const runs = await send(`/v1/answers/${id}/run`, { user: 'ann', body: {} });
    expect(runs).toMatchObject({ status: 200, text: expect.stringContaining('60') });
    // It is not known to be nobody's: it is not known.
    expect((await send(`/v1/answers/${before.id}`, { user: 'ann' })).status).toBe(503);
    expect((await send(`/v1/answers/${id}`, { user: 'bob' })).status).not.toBe(200);
    tokens.set('nobody', `${tokens.get('ann')?.slice(0, -4)}AAAA`);
    expect((await ask('nobody')).status).toBe(401);
    await redis.restart();
    await until(async () => (await valueFor('min(sqlq_state_up{kind="redis"})')) === 1);
    expect((await send(`/v1/answers/${id}/run`, { user: 'ann', body: {} })).status).toBe(200);
    expect((await ask('bob')).status).toBe(200);
  }, 120_000);

  it('show metrics to no stranger, and write nothing of what was asked', async () => {
    expect((await send('/metrics')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${instances[0].port}/metrics`)).status).toBe(401);
    const written = instances.map(({ run }) => `${run?.stdout()}${run?.stderr()}`).join('');
    expect(written).toContain('"route":"/v1/ask"');
    expect(written).not.toMatch(/how many customers|SELECT count/u);
    for (const token of tokens.values()) {
      expect(written).not.toContain(token);
    }
    expect(written).not.toContain(password);
  });
});
