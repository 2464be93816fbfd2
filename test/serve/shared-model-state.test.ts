import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnswerCache } from '../../src/ask/cache/answer-cache.ts';
import { afterOutcome, openUntil } from '../../src/model/endpoints/breaker.ts';
import type { EndpointRecord } from '../../src/model/endpoints/record.ts';
import { createMemoryState, type ModelState } from '../../src/model/endpoints/state.ts';
import type { Model, ModelRequest } from '../../src/model/model.ts';
import type { ModelServer } from '../../src/model/server.ts';
import { openState } from '../../src/serve/state/open.ts';
import { sharedModelState } from '../../src/serve/state/shared-model-state.ts';
import { createSharedModels } from '../../src/serve/state/shared-models.ts';
import { sharedTexts } from '../../src/serve/state/shared-texts.ts';
import type { SharedState } from '../../src/serve/state/state.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { column, schema, table } from '../support/schema.ts';
import { until } from '../support/until.ts';

const key = 'a1b2';
let server: RedisServer | null = null;
let file = '';
const states: SharedState[] = [];
const open = async (): Promise<SharedState> => {
  const address = server === null ? null : { url: server.url, prefix: 'models:', authority: null };
  const state = await openState(address, file);
  states.push(state);
  return state;
};

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'sqlq-models-')), 'state.sqlite');
  server = (await redisProgram()) === null ? null : await startRedis();
});
afterAll(async () => {
  await Promise.all(states.map((state) => state.close()));
  await server?.stop();
});

const read = (state: ModelState): EndpointRecord =>
  state.update([key], (records) => ({ records, value: records[0] as EndpointRecord }));
const change = (state: ModelState, to: Partial<EndpointRecord>): void =>
  state.update([key], (records) => ({
    records: records.map((record) => ({ ...record, ...to })),
    value: undefined,
  }));

it('tells all instances of a server that fails, and of one that is well again', async () => {
  const { state: one } = await sharedModelState(createMemoryState(), await open());
  const { state: other } = await sharedModelState(createMemoryState(), await open());
  change(one, { breaker: await afterOutcome(null, false), problem: 'connection refused' });
  await until(() => openUntil(read(other)) !== null);
  expect(openUntil(read(other))).toBe(openUntil(read(one)));
  expect(read(other).problem).toBe('connection refused');
  const { state: late } = await sharedModelState(createMemoryState(), await open());
  expect(openUntil(read(late))).toBe(openUntil(read(one)));
  change(other, { breaker: null });
  await until(() => openUntil(read(one)) === null && openUntil(read(late)) === null);
});

it('keeps to itself what it asks', async () => {
  const { state: one } = await sharedModelState(createMemoryState(), await open());
  const { state: other } = await sharedModelState(createMemoryState(), await open());
  const waitUntil = Date.now() + 60_000;
  change(one, { waitUntil, latencies: [1, 2], turn: 7 });
  await until(() => read(other).waitUntil === waitUntil);
  expect(read(other)).toMatchObject({ latencies: [], turn: 0, requests: [] });
});

it('does without what it can not tell, and takes no message that none of ours wrote', async () => {
  const shared = await open();
  const { state } = await sharedModelState(createMemoryState(), shared);
  for (const text of ['', '{', '[]', '{"from":"x","key":"a1b2","record":{"waitUntil":"soon"}}']) {
    await shared.publish('endpoints', text);
  }
  await shared.close();
  const broken = { ...shared, healthy: false };
  const { state: alone } = await sharedModelState(createMemoryState(), broken);
  for (const one of [state, alone]) {
    const breaker = await afterOutcome(null, false);
    change(one, { breaker });
    expect(read(one).breaker).toBe(breaker);
  }
});

it('knows which of the servers that it has met can be asked', async () => {
  const models = createSharedModels(await open());
  const other = createSharedModels(await open());
  const [state, theirs] = [await models.share(createMemoryState()), await other.share(createMemoryState())];
  expect(models.reachable()).toBeNull();
  const endpoint = (of: string) => ({ key: of, host: `${of}.example`, model: { name: 'm' } as Model });
  models.met([endpoint('x1'), endpoint('x2')]);
  expect(models.servers()).toEqual([
    { host: 'x1.example', model: 'm', open: false },
    { host: 'x2.example', model: 'm', open: false },
  ]);
  const breaker = await afterOutcome(null, false);
  const fail = (of: ModelState, one: string): void =>
    of.update([one], (records) => ({
      records: records.map((record) => ({ ...record, breaker })),
      value: undefined,
    }));
  fail(state, 'x1');
  expect(models.reachable()).toBe(true);
  fail(theirs, 'x2');
  await until(() => models.reachable() === false);
  expect(models.servers().every(({ open: isOpen }) => isOpen)).toBe(true);
  models.close();
  other.close();
});

const model = { provider: 'p', baseUrl: 'http://h/v1', model: 'm', sampling: {}, maxTokens: 1 };
const request = {
  question: 'how many?',
  messages: [],
  schema: schema([table('t', [column('a')])]),
} as unknown as ModelRequest;

it('finds answers that another instance has kept', async () => {
  const cacheOf = (state: SharedState) =>
    createAnswerCache(
      sharedTexts(state, 'answers:', 60_000),
      model as unknown as ModelServer,
      () => new Date(),
    );
  const [one, other] = [await open(), await open()];
  expect(await cacheOf(one).find(request)).toBeNull();
  await cacheOf(one).keep({ key: cacheOf(one).keyOf(request), sql: 'SELECT 1', assumptions: ['a'] });
  expect(await cacheOf(other).find(request)).toMatchObject({ sql: 'SELECT 1', assumptions: ['a'] });
  await cacheOf(other).forget(request);
  expect(await cacheOf(one).find(request)).toBeNull();
  await server?.kill();
  await until(() => server === null || !one.healthy);
  await cacheOf(one).keep({ key: cacheOf(one).keyOf(request), sql: 'SELECT 2', assumptions: [] });
  if (server !== null) {
    expect(await cacheOf(one).find(request)).toBeNull();
  }
});
