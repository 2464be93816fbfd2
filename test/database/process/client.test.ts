import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientOptions,
  type DatabaseClient,
  openDatabase,
  type RunOptions,
} from '../../../src/database/process/client.ts';
import { childPids } from '../../support/child-pids.ts';
import { hostileCases } from '../../support/hostile.ts';
import { type ProcessEngine, processEngines } from '../../support/process-engines.ts';

const never = new AbortController().signal;
const gigabyte = 2 ** 30;
const toParent: RunOptions = {
  render: { format: 'csv', csvSafe: false, width: null, color: false },
  destination: { kind: 'rows' },
  limit: null,
  signal: never,
};

let open: DatabaseClient[] = [];
afterEach(async () => {
  await Promise.all(open.map((database) => database.close()));
  open = [];
});

function start({ target }: ProcessEngine, options: Partial<ClientOptions> = {}): DatabaseClient {
  const database = openDatabase(target(), {
    access: 'read',
    timeoutMilliseconds: 30_000,
    hide: [],
    memoryLimit: gigabyte,
    environment: { ...process.env, OPENAI_API_KEY: 'canary-key', PGPASSWORD: 'canary-password' },
    ...options,
  });
  open.push(database);
  return database;
}

for (const engine of processEngines) {
  describe.skipIf(!engine.available())(`the process of ${engine.engine}`, () => {
    let cleanUp: () => Promise<void>;
    beforeAll(async () => {
      cleanUp = await engine.prepare();
    });
    afterAll(() => cleanUp());

    it('answers, call after call', async () => {
      const database = start(engine);
      expect((await database.facts(never)).dialect.engine).toBe(engine.engine);
      expect((await database.examine({ sql: 'DROP TABLE x' }, never)).verdict.kind).not.toBe('read');
      expect((await database.run('SELECT 1 AS a, NULL AS b', toParent)).data).toEqual([
        [engine.engine === 'sqlite' ? 1n : 1, null],
      ]);
      await expect(
        database.plan({ sql: 'SELECT nonsense FROM (SELECT 1 AS a) AS t' }, never),
      ).rejects.toMatchObject({
        code: 'failed',
        message: expect.stringContaining('nonsense'),
      });
      await expect(database.run('DROP TABLE x', toParent)).rejects.toMatchObject({ code: 'refused' });
    });

    it('stops at the limit, and says whether there is more', async () => {
      const database = start(engine);
      expect(await database.run(engine.manyRows, { ...toParent, limit: 3 })).toMatchObject({
        rows: 3,
        truncated: true,
      });
      expect(await database.run('SELECT 1 AS a', { ...toParent, limit: 1 })).toMatchObject({
        rows: 1,
        truncated: false,
      });
    });

    it('ends at the deadline, at the server too, and the next call finds a new process', async () => {
      const database = start(engine, { timeoutMilliseconds: 700 });
      const mark = `deadline_${process.pid}`;
      await expect(database.run(engine.endless(mark), toParent)).rejects.toMatchObject({ code: 'limit' });
      if (engine.running !== null) {
        expect(await engine.running(mark)).toBe(0);
      }
      expect((await database.run('SELECT 2 AS a', toParent)).rows).toBe(1);
    });

    it('ends at an abort, at the server too, with its reason', async () => {
      const database = start(engine);
      const mark = `abort_${process.pid}`;
      const controller = new AbortController();
      await database.facts(never);
      const run = database.run(engine.endless(mark), { ...toParent, signal: controller.signal });
      const settled = run.catch((error: unknown) => error);
      if (engine.running !== null) {
        await expect.poll(() => engine.running?.(mark), { timeout: 10_000 }).toBe(1);
      }
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await settled).toBe(reason);
      if (engine.running !== null) {
        expect(await engine.running(mark)).toBe(0);
      }
      expect(childPids()).toEqual([]);
    });

    it('sees no secret in its environment or its arguments', async () => {
      const database = start(engine);
      await database.facts(never);
      const pids = childPids();
      expect(pids).toHaveLength(1);
      for (const pid of pids) {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        for (const text of [environment, argv]) {
          expect(text).not.toMatch(/canary|postgres:|admin/u);
        }
        expect(environment).not.toContain('OPENAI_API_KEY');
      }
      await database.close();
      await expect.poll(childPids, { timeout: 10_000 }).toEqual([]);
    });

    it('comes back after a crash, which has one clear text', async () => {
      const database = start(engine);
      await database.facts(never);
      const running = database.run(engine.endless('crash'), toParent).catch((error: unknown) => error);
      for (const pid of childPids()) {
        process.kill(Number(pid), 'SIGSEGV');
      }
      expect(await running).toMatchObject({ code: 'failed', message: expect.stringContaining('SIGSEGV') });
      expect((await database.run('SELECT 3 AS a', toParent)).rows).toBe(1);
    });

    it('survives the runaways of the hostile corpus', { timeout: 120_000 }, async () => {
      const cases = hostileCases('runaway').filter((one) => one.engine === engine.engine);
      expect(cases).not.toEqual([]);
      const database = start(engine, { timeoutMilliseconds: 2000, memoryLimit: 400 * 2 ** 20 });
      for (const { id, sql } of cases) {
        const outcome = await database
          .run(sql, { ...toParent, destination: { kind: 'file', path: '/dev/null' } })
          .then(() => 'finished')
          .catch((error: { code?: string; message?: string }) => error.code ?? error.message);
        // Some finish by themselves on some versions.
        expect(['finished', 'limit'], id).toContain(outcome);
        expect((await database.run('SELECT 1 AS a', toParent)).rows, id).toBe(1);
      }
    });
  });
}

describe('the memory watch', () => {
  it('ends a query that takes too much, also one that blocks its thread', async () => {
    const [sqlite] = processEngines;
    if (sqlite === undefined) {
      throw new Error('no engine');
    }
    const database = start(sqlite, { memoryLimit: 300 * 2 ** 20 });
    const large = 'SELECT length(randomblob(400000000) || randomblob(400000000)) AS n';
    await expect(database.run(large, toParent)).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining('memory'),
    });
  });
});
