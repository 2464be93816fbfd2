import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRate, type Rate } from '../../src/config/settings/rate.ts';
import type { Caller } from '../../src/serve/caller.ts';
import { sendError, toldOf } from '../../src/serve/http/errors.ts';
import { addressKey } from '../../src/serve/limits/address-key.ts';
import { type Pressure, watchPressure } from '../../src/serve/limits/pressure.ts';
import { proxyHops } from '../../src/serve/limits/proxy-hops.ts';
import { registerLimits } from '../../src/serve/limits/register.ts';
import { openState } from '../../src/serve/state/open.ts';
import type { SharedState } from '../../src/serve/state/state.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const calm: Pressure = { reason: () => null, close: () => {} };
const hour = 3_600_000;

interface Options {
  readonly perUser?: Rate;
  readonly perAddress?: Rate;
  readonly pressure?: Pressure;
  readonly hops?: number;
}

/** An instance whose callers are called as their token says. */
function instance(state: SharedState, options: Options): FastifyInstance & { away: string[] } {
  const app = fastify({ trustProxy: proxyHops(options.hops ?? 0) });
  const away: string[] = [];
  registerLimits(app, {
    state,
    rates: () => ({ perUser: options.perUser ?? null, perAddress: options.perAddress ?? null }),
    pressure: options.pressure ?? calm,
    onTurnedAway: (why) => away.push(why),
  });
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const id = request.headers.authorization;
    const by = id === 'local' ? 'local' : 'access-token';
    request.caller = id === undefined ? null : ({ id, by } as Caller);
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toldOf(error), (text) => text));
  app.post('/ask', async () => ({ ok: true }));
  app.get('/health', { config: { isUnlimited: true } }, async () => ({ ok: true }));
  return Object.assign(app, { away });
}

const ask = (app: FastifyInstance, user?: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/ask',
    headers: { ...headers, ...(user === undefined ? {} : { authorization: user }) },
  });

describe('the limit of a user', () => {
  let state: SharedState;
  beforeAll(async () => {
    state = await openState(null, join(await mkdtemp(join(tmpdir(), 'sqlq-limits-')), 'state.sqlite'));
  });
  afterAll(() => state.close());

  it('holds across instances, says what is left, and then when to try again', async () => {
    const options = { perUser: { requests: 5, milliseconds: hour } };
    const [one, other] = [instance(state, options), instance(state, options)];
    for (const left of ['4', '3', '2', '1', '0']) {
      const reply = await ask(Number(left) % 2 ? one : other, 'ann');
      expect(reply.statusCode).toBe(200);
      expect(reply.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': left });
    }
    for (const app of [one, other]) {
      const reply = await ask(app, 'ann');
      expect(reply.statusCode).toBe(429);
      expect(reply.json().error).toMatchObject({ code: 'too-many', message: expect.stringContaining('5') });
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(3_000);
      expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(3_600);
      expect(app.away).toEqual(['user']);
    }
    expect((await ask(one, 'bob')).statusCode).toBe(200);
    expect((await ask(one, 'local')).headers).not.toHaveProperty('ratelimit-limit');
  });

  it('is over after its time', async () => {
    const app = instance(state, { perUser: { requests: 1, milliseconds: 1_000 } });
    expect((await ask(app, 'cy')).statusCode).toBe(200);
    await until(async () => (await ask(app, 'cy')).statusCode === 200);
    expect(app.away.length).toBeGreaterThan(0);
  });

  it('lets exactly so many of many at once through', async () => {
    const options = { perUser: { requests: 20, milliseconds: hour } };
    const apps = [instance(state, options), instance(state, options)];
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ask(apps[index % 2] as FastifyInstance, 'dan')),
    );
    expect(replies.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20);
    expect(replies.filter(({ statusCode }) => statusCode === 429)).toHaveLength(180);
  });

  it('does not hold for probes', async () => {
    const app = instance(state, { perAddress: { requests: 1, milliseconds: hour } });
    for (let index = 0; index < 5; index++) {
      expect((await app.inject('/health')).statusCode).toBe(200);
    }
  });
});

describe('the limit of an address', () => {
  let state: SharedState;
  beforeAll(async () => {
    state = await openState(null, join(await mkdtemp(join(tmpdir(), 'sqlq-limits-')), 'state.sqlite'));
  });
  afterAll(() => state.close());
  const perAddress = { requests: 2, milliseconds: hour };
  const forwarded = (text: string) => ({ 'x-forwarded-for': text });

  it('believes no X-Forwarded-For without a proxy', async () => {
    const app = instance(state, { perAddress });
    const codes = [];
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
      codes.push((await ask(app, undefined, forwarded(address))).statusCode);
    }
    expect(codes).toEqual([200, 200, 429]);
  });

  it('believes as much of it as there are proxies, whatever a caller writes before', async () => {
    const app = instance(state, { perAddress, hops: 1 });
    const codes = [];
    for (const said of ['9.9.9.1, 7.7.7.7', '9.9.9.2, 7.7.7.7', '9.9.9.3,7.7.7.7', '7.7.7.7, 8.8.8.8']) {
      codes.push((await ask(app, undefined, forwarded(said))).statusCode);
    }
    expect(codes).toEqual([200, 200, 429, 200]);
    const behindTwo = instance(state, { perAddress, hops: 2 });
    const more = [];
    for (const said of ['1.2.3.4, 5.5.5.5, 10.0.0.1', '6.6.6.6, 5.5.5.5, 10.0.0.2', '5.5.5.5, 10.0.0.3']) {
      more.push((await ask(behindTwo, undefined, forwarded(said))).statusCode);
    }
    expect(more).toEqual([200, 200, 429]);
  });

  it('takes a household of IPv6 for one', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:DB8:1:2:ffff::1%eth0')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:db8::')).toBe('2001:db8:0:0::/64');
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
    expect(addressKey('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(addressKey('10.0.0.1')).toBe('10.0.0.1');
  });
});

describe.skipIf((await redisProgram()) === null)('a limit whose Redis is lost', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it("becomes each instance's own, and is shared again afterwards", async () => {
    const open = () => openState({ url: server.url, prefix: '', authority: null }, '');
    const states = await Promise.all([open(), open()]);
    const options = { perUser: { requests: 3, milliseconds: hour } };
    const apps = states.map((state) => instance(state, options));
    const codes = async (user: string): Promise<number[]> => {
      const all = [];
      for (let index = 0; index < 8; index++) {
        all.push((await ask(apps[index % 2] as FastifyInstance, user)).statusCode);
      }
      return all;
    };
    expect((await codes('ann')).filter((code) => code === 200)).toHaveLength(3);
    await server.kill();
    await until(() => states.every(({ healthy }) => !healthy));
    expect((await codes('bob')).filter((code) => code === 200)).toHaveLength(6);
    await server.restart();
    await until(() => states.every(({ healthy }) => healthy));
    expect((await codes('cy')).filter((code) => code === 200)).toHaveLength(3);
    await Promise.all(states.map((state) => state.close()));
  });
});

describe('a process with too much to do', () => {
  it('takes nothing more on, but for probes, and says when to come back', async () => {
    const state = await openState(null, join(await mkdtemp(join(tmpdir(), 'sqlq-limits-')), 's.sqlite'));
    let reason: 'memory' | 'delay' | null = 'memory';
    const app = instance(state, { pressure: { reason: () => reason, close: () => {} } });
    const reply = await ask(app, 'ann');
    expect(reply.statusCode).toBe(503);
    expect(reply.headers['retry-after']).toBe('5');
    expect(reply.json().error.code).toBe('busy');
    expect((await app.inject('/health')).statusCode).toBe(200);
    expect(app.away).toEqual(['memory']);
    reason = null;
    expect((await ask(app, 'ann')).statusCode).toBe(200);
    await state.close();
  });

  it('is known by the memory in use, and is well again once that is free', async () => {
    const before = process.memoryUsage();
    const pressure = watchPressure({
      mostBytes: before.heapUsed + before.external + (300 << 20),
      mostDelayMilliseconds: 60_000,
    });
    expect(pressure.reason()).toBeNull();
    const held = [Buffer.alloc(400 << 20)];
    await until(() => pressure.reason() === 'memory');
    held.pop();
    await until(() => {
      // What is not used any more is only collected as more is asked for.
      Buffer.alloc(20 << 20);
      return pressure.reason() === null;
    });
    pressure.close();
  });

  it('is known by timers that are late', async () => {
    const pressure = watchPressure({ mostBytes: Number.MAX_SAFE_INTEGER, mostDelayMilliseconds: 40 });
    const busy = setInterval(() => {
      const end = performance.now() + 200;
      while (performance.now() < end) {
        // Nothing else gets a turn.
      }
    }, 1);
    await until(() => pressure.reason() === 'delay');
    clearInterval(busy);
    pressure.close();
  });
});

it('reads a rate', () => {
  expect(parseRate('120/m')).toEqual({ requests: 120, milliseconds: 60_000 });
  expect(parseRate('5 / s')).toEqual({ requests: 5, milliseconds: 1_000 });
  expect(parseRate('1000/h')).toEqual({ requests: 1_000, milliseconds: 3_600_000 });
  for (const text of ['', '0/m', '-1/s', '5', '5/d', '5/m/s', '1e3/s', '9999999999/s']) {
    expect(parseRate(text)).toBeNull();
  }
});
