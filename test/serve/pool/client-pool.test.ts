import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase, type RunOptions } from '../../../src/database/process/client.ts';
import { type ClientPool, createClientPool, type PoolOptions } from '../../../src/serve/pool/client-pool.ts';
import { childPids } from '../../support/child-pids.ts';
import { eachEngine, type OwnDatabase } from '../../support/each-engine.ts';
import { processEngines } from '../../support/process-engines.ts';

const never = new AbortController().signal;
const collected: RunOptions = {
  render: { format: 'csv', csvSafe: false, width: null, color: false },
  destination: { kind: 'rows' },
  limit: null,
  signal: never,
};

let pools: ClientPool[] = [];
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  pools = [];
  await expect.poll(childPids, { timeout: 20_000 }).toEqual([]);
});

function poolOf(
  target: Parameters<typeof openDatabase>[0],
  changes: Partial<PoolOptions> & { access?: 'read' | 'write' } = {},
): ClientPool {
  const { access = 'read', ...options } = changes;
  const pool = createClientPool({
    name: 'shop',
    engine: target.engine,
    open: () =>
      openDatabase(target, {
        access,
        timeoutMilliseconds: 60_000,
        hide: [],
        memoryLimit: 2 ** 30,
        environment: process.env,
      }),
    size: 2,
    mostWaiting: 10,
    idleMilliseconds: 60_000,
    writeMilliseconds: 60_000,
    ...options,
  });
  pools.push(pool);
  return pool;
}

const [sqlite] = processEngines;
if (sqlite === undefined) {
  throw new Error('no engine');
}
const one = (client: DatabaseClient, number: number) => client.run(`SELECT ${number} AS a`, collected);

describe('a pool of processes', () => {
  it('starts no process for a call that comes just before it is closed', async () => {
    const pool = poolOf(sqlite.target());
    const call = one(pool.clientFor('ada'), 1).catch((error: unknown) => error);
    await pool.close();
    expect(await call).toMatchObject({ code: 'cancelled' });
    expect(childPids()).toEqual([]);
  });

  it('starts none before it is used, one where one is enough, and no more than it may', async () => {
    const pool = poolOf(sqlite.target());
    expect(childPids()).toEqual([]);
    const client = pool.clientFor('ada');
    await one(client, 1);
    await one(client, 2);
    expect(childPids()).toHaveLength(1);
    const all = await Promise.all([3, 4, 5, 6, 7].map((number) => one(client, number)));
    expect(all.map(({ data }) => data)).toEqual([[[3n]], [[4n]], [[5n]], [[6n]], [[7n]]]);
    expect(childPids().length).toBeLessThanOrEqual(2);
  });

  it('answers one user while another waits for hours, refuses who is too many, and ends an aborted call alone', async () => {
    const pool = poolOf(sqlite.target(), { mostWaiting: 1 });
    const controller = new AbortController();
    const endless = pool
      .clientFor('ada')
      .run(sqlite.endless('x'), { ...collected, signal: controller.signal })
      .catch((error: unknown) => error);
    const grace = pool.clientFor('grace');
    expect((await one(grace, 1)).rows).toBe(1);
    const second = grace
      .run(sqlite.endless('y'), { ...collected, signal: controller.signal })
      .catch((error: unknown) => error);
    const waits = one(grace, 2);
    await expect(one(pool.clientFor('mary'), 3)).rejects.toMatchObject({ code: 'busy' });
    const reason = new Error('enough');
    controller.abort(reason);
    expect([await endless, await second]).toEqual([reason, reason]);
    expect((await waits).data).toEqual([[2n]]);
  });

  it('loses to a killed process what it did, and nothing else', async () => {
    const pool = poolOf(sqlite.target());
    const client = pool.clientFor('ada');
    await one(client, 1);
    const [first] = childPids();
    const lost = client.run(sqlite.endless('x'), collected).catch((error: unknown) => error);
    await expect.poll(async () => (await one(client, 2)).rows, { timeout: 20_000 }).toBe(1);
    const other = client.run('SELECT 3 AS a', collected);
    process.kill(Number(first), 'SIGKILL');
    expect(await lost).toMatchObject({ code: 'failed', message: expect.stringContaining('SIGKILL') });
    expect((await other).rows).toBe(1);
    expect((await Promise.all([one(client, 4), one(client, 5)])).map(({ rows }) => rows)).toEqual([1, 1]);
  });

  it('ends a process that has had nothing to do for a while', async () => {
    const pool = poolOf(sqlite.target(), { idleMilliseconds: 200 });
    const client = pool.clientFor('ada');
    await Promise.all([one(client, 1), one(client, 2)]);
    await expect.poll(childPids, { timeout: 20_000 }).toEqual([]);
    expect((await one(client, 3)).rows).toBe(1);
  });

  it('refuses what waits and what comes once it is closed', async () => {
    const pool = poolOf(sqlite.target(), { size: 1 });
    const client = pool.clientFor('ada');
    const running = client.run(sqlite.endless('x'), collected).catch((error: unknown) => error);
    await expect.poll(childPids, { timeout: 20_000 }).toHaveLength(1);
    const waiting = one(client, 1).catch((error: unknown) => error);
    await pool.close();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    expect(await running).toMatchObject({ code: 'failed' });
    await expect(one(client, 2)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

for (const engine of eachEngine.filter(({ name }) => name !== 'duckdb')) {
  describe.skipIf(!engine.isAvailable())(`changes in a pool of ${engine.name}`, () => {
    let own: OwnDatabase;
    beforeAll(async () => {
      own = await engine.create([
        'CREATE TABLE account (id INTEGER PRIMARY KEY, name VARCHAR(20))',
        "INSERT INTO account VALUES (1, 'ada'), (2, 'grace')",
      ]);
    });
    afterAll(() => own.drop());

    const rename = (name: string) => ({ sql: `UPDATE account SET name = '${name}' WHERE id = 1` });
    const nameNow = async (client: DatabaseClient): Promise<unknown> =>
      (await client.run('SELECT name FROM account WHERE id = 1', collected)).data[0]?.[0];

    it('keep their process until there is a word on them', async () => {
      const client = poolOf(own.target, { access: 'write' }).clientFor('ada');
      expect(await client.beginWrite(rename('lovelace'), never)).toMatchObject({
        changes: [{ rows: 1 }],
        committed: false,
      });
      // The process that holds the change is not given away meanwhile.
      expect(await nameNow(client)).toBe('ada');
      await client.commit(never);
      expect(await nameNow(client)).toBe('lovelace');
      await client.beginWrite(rename('byron'), never);
      await client.rollback(never);
      expect(await nameNow(client)).toBe('lovelace');
    });

    it('come one after the other, each with its own word', async () => {
      const client = poolOf(own.target, { access: 'write' }).clientFor('ada');
      await client.beginWrite(rename('first'), never);
      const second = client.beginWrite(rename('second'), never);
      await client.rollback(never);
      await second;
      await client.commit(never);
      expect(await nameNow(client)).toBe('second');
    });

    it('are rolled back where no word comes, and free their process', async () => {
      const client = poolOf(own.target, {
        access: 'write',
        size: 1,
        writeMilliseconds: 300,
      }).clientFor('ada');
      const before = await nameNow(client);
      await client.beginWrite(rename('forgotten'), never);
      expect(await nameNow(client)).toBe(before);
      await expect(client.commit(never)).rejects.toMatchObject({ code: 'limit' });
    });

    it('that fail free their process', async () => {
      const client = poolOf(own.target, { access: 'write', size: 1 }).clientFor('ada');
      await expect(
        client.beginWrite({ sql: "INSERT INTO account VALUES (2, 'twice')" }, never),
      ).rejects.toMatchObject({ code: 'failed' });
      expect(await nameNow(client)).toBeTypeOf('string');
    });
  });
}
