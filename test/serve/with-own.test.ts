import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/serve/caller.ts';
import { sendError, toldOf } from '../../src/serve/http/errors.ts';
import { registerOnce } from '../../src/serve/http/once.ts';
import { openState } from '../../src/serve/state/open.ts';
import { type SharedState, StateLostError } from '../../src/serve/state/state.ts';
import { withOwn } from '../../src/serve/state/with-own.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const minute = 60_000;
let server: RedisServer;
let shared: SharedState;
let both: SharedState;
const hasRedis = (await redisProgram()) !== null;

beforeAll(async () => {
  if (hasRedis) {
    server = await startRedis();
    shared = await openState({ url: server.url, prefix: '', authority: null }, '');
    both = withOwn(
      shared,
      await openState(null, join(await mkdtemp(join(tmpdir(), 'sqlq-own-')), 'own.sqlite')),
    );
  }
});
afterAll(async () => {
  await both?.close();
  await server?.stop();
});

describe.skipIf(!hasRedis)('an instance whose Redis is lost', () => {
  it('goes on with what is new, and takes nothing for gone that it can not see', async () => {
    await both.set('before', '1', minute);
    await both.count('spent', 5, minute);
    expect(await shared.get('before')).toBe('1');
    await server.kill();
    await until(() => !both.healthy);

    await expect(both.get('before')).rejects.toThrow(StateLostError);
    await expect(both.replace('before', '1', '2', minute)).rejects.toThrow(StateLostError);
    // A bound is not begun anew.
    await expect(both.count('spent', 0, minute)).rejects.toThrow(StateLostError);
    await both.set('meanwhile', 'a', minute);
    expect(await both.get('meanwhile')).toBe('a');
    expect(await both.claim('meanwhile', 'b', minute)).toBe(false);
    expect(await both.claim('new', 'c', minute)).toBe(true);
    expect(await both.replace('meanwhile', 'a', 'd', minute)).toBe(true);
    expect(await both.keys('')).toEqual(['meanwhile', 'new']);
    const heard: string[] = [];
    const stop = await both.subscribe('news', (message) => heard.push(message));
    await both.publish('news', 'x');
    await until(() => heard.length > 0);
    stop();

    await server.restart();
    await until(() => both.healthy);
    expect(await both.get('meanwhile')).toBe('d');
    expect(await both.claim('new', 'e', minute)).toBe(false);
    await both.set('meanwhile', 'f', minute);
    expect(await shared.get('meanwhile')).toBe('f');
    expect(await both.get('meanwhile')).toBe('f');
    await both.delete('new');
    expect(await both.get('new')).toBeNull();
  });
});

describe.skipIf(!hasRedis)('what a proxy sends to two instances', () => {
  function instance(done: string[]): FastifyInstance {
    const app = fastify();
    app.decorateRequest('caller', null);
    app.addHook('onRequest', async (request) => {
      const id = request.headers.authorization;
      request.caller = id === undefined ? null : ({ id } as Caller);
    });
    registerOnce(app, shared);
    app.setErrorHandler((error, request, reply) => sendError(request, reply, toldOf(error), (text) => text));
    app.post('/commit', async (request) => {
      done.push(String(request.headers['x-request-id']));
      return { ok: true };
    });
    app.get('/read', async () => ({ ok: true }));
    return app;
  }
  const send = async (app: FastifyInstance, id: string, user = 'ann', method: 'POST' | 'GET' = 'POST') => {
    const url = method === 'POST' ? '/commit' : '/read';
    const reply = await app.inject({ method, url, headers: { 'x-request-id': id, authorization: user } });
    return reply.statusCode;
  };

  it('is begun by one of them', async () => {
    const done: string[] = [];
    const [one, other] = [instance(done), instance(done)];
    const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(await send(one, first)).toBe(200);
    expect(await send(other, first)).toBe(503);
    expect(await send(other, second)).toBe(200);
    expect(done).toEqual([first, second]);
    // To read twice changes nothing, another user's id is another one, and what is no id of a proxy's says nothing.
    expect(await send(other, first, 'ann', 'GET')).toBe(200);
    expect(await send(other, first, 'bob')).toBe(200);
    expect([await send(one, 'mine'), await send(other, 'mine')]).toEqual([200, 200]);
  });

  it('is begun although nobody can tell whether it was', async () => {
    await server.kill();
    await until(() => !shared.healthy);
    const done: string[] = [];
    expect(await send(instance(done), 'c'.repeat(32))).toBe(200);
    await server.restart();
    await until(() => shared.healthy);
  });
});
