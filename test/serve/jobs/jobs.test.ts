import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type JobOptions, type Jobs } from '../../../src/serve/jobs/jobs.ts';
import { createJobRecords } from '../../../src/serve/jobs/record.ts';
import { noSpan } from '../../../src/serve/observe/span.ts';
import { newId } from '../../../src/serve/question/kept.ts';
import { callerNamed, type JobParts, jobParts } from '../../support/job-parts.ts';
import { processEngines } from '../../support/process-engines.ts';

const ada = callerNamed('ada');
const grace = callerNamed('grace');
const patience = { timeout: 30_000 };

for (const engine of processEngines.filter(({ engine: name }) => name === 'sqlite' || name === 'postgres')) {
  describe.skipIf(!engine.available())(`jobs on ${engine.engine}`, () => {
    let cleanUp: () => Promise<void>;
    let folder: string;
    let own: JobParts;
    let open: Jobs[];
    beforeAll(async () => {
      cleanUp = await engine.prepare();
    });
    afterAll(() => cleanUp());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sqlq-jobs-'));
      own = await jobParts(engine.target(), folder);
      open = [];
    });
    afterEach(async () => {
      await Promise.all(open.map((jobs) => jobs.close()));
      await own.close();
      rmSync(folder, { recursive: true });
    });

    const results = (): string => join(folder, 'results');

    /** One more instance, of those that share a state and a folder. */
    async function instance(changes: Partial<JobOptions> = {}): Promise<Jobs> {
      const jobs = await createJobs(own.parts, {
        folder: results(),
        keptMilliseconds: 3_600_000,
        mostBytes: 2 ** 30,
        atOnce: 2,
        atOnceOfUser: 2,
        mostWaiting: 5,
        mostOfUser: 10,
        mostBytesOfUser: 2 ** 32,
        ...changes,
      });
      open.push(jobs);
      return jobs;
    }

    const begin = async (jobs: Jobs, caller: typeof ada, sql: string, format: 'csv' | 'json' = 'csv') =>
      jobs.start(
        { parts: own.parts, caller, requestId: 'r', address: '127.0.0.1', span: noSpan },
        await own.answer(caller, sql),
        { format, limit: null },
      );

    it('run by themselves, tell how far they are, and are fetched by whose they are alone', async () => {
      const jobs = await instance();
      const other = await instance();
      const sql = `SELECT * FROM (${engine.manyRows}) AS many LIMIT 120000`;
      const job = await begin(jobs, ada, sql);
      expect(job).toMatchObject({ state: 'waiting', rows: 0, bytes: 0, format: 'csv', error: null });
      await expect.poll(async () => (await other.find(ada, job.id)).state, patience).toBe('done');
      const { path, format } = await other.resultOf(ada, job.id);
      const text = readFileSync(path, 'utf8');
      expect([format, text.split('\n').length]).toEqual(['csv', 120_002]);
      expect(await jobs.find(ada, job.id)).toMatchObject({ rows: 120_000, bytes: text.length });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(results()).mode & 0o777).toBe(0o700);
      expect(await jobs.list(ada)).toHaveLength(1);
      expect(await jobs.list(grace)).toEqual([]);
      for (const look of [jobs.find, jobs.resultOf, jobs.end]) {
        await expect(look(grace, job.id)).rejects.toMatchObject({ code: 'not-found' });
        await expect(look(ada, newId())).rejects.toMatchObject({ code: 'not-found' });
      }
      expect(await other.end(ada, job.id)).toMatchObject({ state: 'done' });
      expect(readdirSync(results())).toEqual([]);
      await expect(jobs.find(ada, job.id)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('close JSON with how the rows came', async () => {
      const jobs = await instance();
      const job = await begin(jobs, ada, "SELECT 1 AS a, 'x' AS b", 'json');
      await expect.poll(async () => (await jobs.find(ada, job.id)).state, patience).toBe('done');
      const { path } = await jobs.resultOf(ada, job.id);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
        columns: [{ name: 'a' }, { name: 'b' }],
        rows: [[1, 'x']],
        truncated: false,
        doubts: [],
      });
    });

    it('are ended from any instance, at the database too', async () => {
      const jobs = await instance();
      const other = await instance();
      const mark = `cancelled_job_${process.pid}`;
      const job = await begin(jobs, ada, `${engine.manyRows} -- ${mark}`);
      await expect.poll(async () => (await other.find(ada, job.id)).rows, patience).toBeGreaterThan(0);
      expect(await other.find(ada, job.id)).toMatchObject({ state: 'running' });
      await expect(other.resultOf(ada, job.id)).rejects.toMatchObject({ code: 'conflict' });
      expect(await other.end(ada, job.id)).toMatchObject({ state: 'cancelled' });
      await expect.poll(() => readdirSync(results()), patience).toEqual([]);
      if (engine.running !== null) {
        await expect.poll(() => engine.running?.(mark), patience).toBe(0);
      }
      expect(await jobs.find(ada, job.id)).toMatchObject({ state: 'cancelled' });
    });

    it('that fail, or grow too large, say so and leave no file', async () => {
      const jobs = await instance({ mostBytes: 100_000 });
      const failed = await begin(jobs, ada, 'SELECT secret FROM (SELECT 1 AS a) AS t');
      const large = await begin(jobs, ada, engine.manyRows);
      await expect.poll(async () => (await jobs.find(ada, failed.id)).state, patience).toBe('failed');
      await expect.poll(async () => (await jobs.find(ada, large.id)).state, patience).toBe('failed');
      expect((await jobs.find(ada, failed.id)).error).toContain('•••');
      expect((await jobs.find(ada, large.id)).error).toMatch(/^The result is larger than/u);
      expect(readdirSync(results())).toEqual([]);
    });

    it('of one user never take more room together than they may, whichever instances write them', async () => {
      const most = 500_000;
      const limits = { mostBytesOfUser: most, atOnce: 3, atOnceOfUser: 3 };
      const instances = [await instance(limits), await instance(limits)];
      const [first, second] = instances as [Jobs, Jobs];
      const sql = `SELECT * FROM (${engine.manyRows}) AS many LIMIT 30000`;
      const kept = async (): Promise<number> =>
        readdirSync(results())
          .map((name) => statSync(join(results(), name), { throwIfNoEntry: false })?.size ?? 0)
          .reduce((sum, size) => sum + size, 0);
      const begun = await Promise.all(
        Array.from({ length: 4 }, (_, index) => begin(index % 2 === 0 ? first : second, ada, sql)),
      );
      let highest = 0;
      await expect
        .poll(
          async () => {
            highest = Math.max(highest, await kept());
            const all = await Promise.all(begun.map(({ id }) => first.find(ada, id)));
            return all.every(({ state }) => state === 'done' || state === 'failed');
          },
          { timeout: 60_000, interval: 5 },
        )
        .toBe(true);
      expect(highest).toBeGreaterThan(0);
      expect(highest).toBeLessThanOrEqual(most);
      const all = await Promise.all(begun.map(({ id }) => first.find(ada, id)));
      const failed = all.filter(({ state }) => state === 'failed');
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.every(({ error }) => error?.includes('as much room as they may'))).toBe(true);
      // What failed keeps no room, and another user's is their own.
      await Promise.all(all.map(({ id }) => second.end(ada, id)));
      for (const who of [ada, grace]) {
        const { id } = await begin(second, who, 'SELECT 1 AS a');
        await expect.poll(async () => (await first.find(who, id)).state, patience).toBe('done');
      }
    }, 90_000);

    it('wait their turn, and are refused where too many do', async () => {
      const jobs = await instance({ atOnce: 1, mostWaiting: 1, mostOfUser: 3 });
      const first = await begin(jobs, ada, engine.manyRows);
      await expect.poll(async () => (await jobs.find(ada, first.id)).state, patience).toBe('running');
      const second = await begin(jobs, ada, 'SELECT 1 AS a');
      await expect(begin(jobs, grace, 'SELECT 2 AS a')).rejects.toMatchObject({ code: 'busy' });
      expect(await jobs.list(grace)).toEqual([]);
      expect((await jobs.find(ada, second.id)).state).toBe('waiting');
      await jobs.end(ada, first.id);
      await expect.poll(async () => (await jobs.find(ada, second.id)).state, patience).toBe('done');
      await begin(jobs, ada, 'SELECT 3 AS a');
      await expect(begin(jobs, ada, 'SELECT 4 AS a')).rejects.toMatchObject({ code: 'too-many' });
    });

    it('are forgotten with their files once they are old', async () => {
      const jobs = await instance({ keptMilliseconds: 5000 });
      const job = await begin(jobs, ada, 'SELECT 1 AS a');
      await expect.poll(() => readdirSync(results()), patience).toEqual([job.id]);
      await expect.poll(() => jobs.list(ada), patience).toEqual([]);
      await jobs.sweep();
      expect(readdirSync(results())).toEqual([]);
    });

    it('whose server has died are said to have failed', async () => {
      const jobs = await instance();
      const record = {
        id: newId(),
        answer: newId(),
        state: 'running' as const,
        rows: 5,
        bytes: 10,
        format: 'csv' as const,
        time: new Date().toISOString(),
        expires: new Date(Date.now() + 3_600_000).toISOString(),
        error: null,
        owner: ada.id,
        runner: 'one-that-is-gone',
        reserved: 0,
        seen: { database: 'shop', hide: [] },
      };
      await createJobRecords(own.state, () => new Date()).add(record);
      expect(await jobs.find(ada, record.id)).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('server'),
      });
      expect((await jobs.list(ada)).map(({ state }) => state)).toEqual(['failed']);
      await jobs.end(ada, record.id);
      expect(await jobs.list(ada)).toEqual([]);
    });

    it('end with their server, and say so', async () => {
      const jobs = await instance();
      const other = await instance();
      const mark = `closing_${process.pid}`;
      const job = await begin(jobs, ada, `${engine.manyRows} -- ${mark}`);
      await expect.poll(async () => (await jobs.find(ada, job.id)).state, patience).toBe('running');
      await jobs.close();
      expect(await other.find(ada, job.id)).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('ended'),
      });
      expect(readdirSync(results())).toEqual([]);
      if (engine.running !== null) {
        expect(await engine.running(mark)).toBe(0);
      }
    });
  });
}
