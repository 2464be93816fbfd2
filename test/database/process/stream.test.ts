import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Transform, type Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientOptions,
  type DatabaseClient,
  openDatabase,
  type RunOptions,
} from '../../../src/database/process/client.ts';
import type { Format } from '../../../src/render/format.ts';
import { childPids } from '../../support/child-pids.ts';
import { type ProcessEngine, processEngines } from '../../support/process-engines.ts';

const never = new AbortController().signal;
const patient = 60_000;

let open: DatabaseClient[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-stream-'));
});
afterEach(async () => {
  await Promise.all(open.map((database) => database.close()));
  open = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

function start({ target }: ProcessEngine, options: Partial<ClientOptions> = {}): DatabaseClient {
  const database = openDatabase(target(), {
    access: 'read',
    timeoutMilliseconds: 120_000,
    hide: [],
    memoryLimit: 2 ** 30,
    environment: process.env,
    streams: { mostMilliseconds: 120_000 },
    ...options,
  });
  open.push(database);
  return database;
}

function runInto(
  writable: Writable,
  format: Format = 'csv',
  idleMilliseconds = patient,
  signal = never,
): RunOptions {
  return {
    render: { format, csvSafe: false, width: null, color: false },
    destination: { kind: 'stream', into: { writable, idleMilliseconds } },
    limit: null,
    signal,
  };
}

/** All that comes through a stream that a run leaves open. */
async function through(database: DatabaseClient, sql: string, format: Format): Promise<Buffer> {
  const writable = new PassThrough();
  const all = buffer(writable);
  await database.run(sql, runInto(writable, format));
  expect(writable.writable).toBe(true);
  writable.end();
  return all;
}

const formats: readonly Format[] = ['csv', 'tsv', 'json', 'ndjson', 'markdown', 'html', 'xlsx', 'parquet'];

/** Fails after a hundred thousand rows. */
const failing: Readonly<Record<string, string>> = {
  sqlite:
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) SELECT CASE WHEN i = 100000 THEN abs(-9223372036854775807 - 1) ELSE i END AS i FROM n',
  duckdb:
    "SELECT CAST(CASE WHEN range = 9000000 THEN 'x' ELSE CAST(range AS VARCHAR) END AS INTEGER) AS i FROM range(10000000)",
  postgres: 'SELECT 100000 / (100000 - i) AS i FROM generate_series(1, 200000) AS i',
  mysql: 'SELECT IF(seq = 100000, (SELECT 1 UNION SELECT 2), seq) AS i FROM seq_1_to_200000',
};

for (const engine of processEngines) {
  describe.skipIf(!engine.available())(`rows of ${engine.engine} as a stream`, () => {
    let cleanUp: () => Promise<void>;
    beforeAll(async () => {
      cleanUp = await engine.prepare();
    });
    afterAll(() => cleanUp());

    it('are to the byte what a file gets, in every format, one run after the other', async () => {
      const database = start(engine);
      const sql = `SELECT i, 'é "quoted", \u202e' AS word, NULL AS none, 1.50 AS price FROM (${engine.manyRows}) AS many LIMIT 3000`;
      for (const format of formats) {
        const path = join(folder, `rows.${engine.engine}.${format}`);
        const { render } = runInto(new PassThrough(), format);
        await database.run(sql, { render, destination: { kind: 'file', path }, limit: null, signal: never });
        const streamed = await through(database, sql, format);
        const filed = readFileSync(path);
        if (format === 'xlsx') {
          // A workbook tells when it was made.
          expect(Math.abs(streamed.length - filed.length), format).toBeLessThan(20);
        } else {
          expect(streamed.equals(filed), format).toBe(true);
        }
        expect(streamed.length, format).toBeGreaterThan(500);
      }
    });

    it('come to several readers at once from several processes, each its own', async () => {
      const numbers = [1, 2, 3];
      const texts = await Promise.all(
        numbers.map((number) => through(start(engine), `SELECT ${number} AS a`, 'csv')),
      );
      expect(texts.map(String)).toEqual(numbers.map((number) => `a\n${number}\n`));
    });

    it('wait for a slow reader, and all arrive', async () => {
      const count = 150_000;
      const slow = new Transform({
        highWaterMark: 16_384,
        transform: (chunk, _encoding, done) => setTimeout(() => done(null, chunk), 10),
      });
      const all = text(slow);
      const sql = `SELECT * FROM (${engine.manyRows}) AS many LIMIT ${count}`;
      expect(await start(engine).run(sql, runInto(slow))).toMatchObject({ rows: count, closed: false });
      slow.end();
      const lines = (await all).split('\n');
      expect([lines.length, lines[0], lines.at(-1)]).toEqual([count + 2, 'i', '']);
    });

    it('end with their reader, at the server too, and the next run finds a new process', async () => {
      const database = start(engine);
      const writable = new PassThrough();
      const mark = `gone_reader_${process.pid}`;
      const running = database
        .run(`${engine.manyRows} -- ${mark}`, runInto(writable))
        .catch((error: unknown) => error);
      writable.once('data', () => writable.destroy());
      expect(await running).toMatchObject({ code: 'cancelled' });
      if (engine.running !== null) {
        expect(await engine.running(mark)).toBe(0);
      }
      expect(String(await through(database, 'SELECT 7 AS a', 'csv'))).toBe('a\n7\n');
    });

    it('end where nobody takes a byte for too long, at the server too', async () => {
      const database = start(engine);
      const writable = new PassThrough();
      const mark = `idle_reader_${process.pid}`;
      const running = database.run(`${engine.manyRows} -- ${mark}`, runInto(writable, 'csv', 1000));
      await expect(running).rejects.toMatchObject({
        code: 'limit',
        message: expect.stringContaining('took nothing'),
      });
      expect(writable.destroyed).toBe(true);
      if (engine.running !== null) {
        expect(await engine.running(mark)).toBe(0);
      }
    });

    it('end at an abort with its reason, and never look whole', async () => {
      const database = start(engine);
      const controller = new AbortController();
      const writable = new PassThrough();
      const reason = new Error('enough');
      const reading = buffer(writable).catch((error: unknown) => error);
      const running = database
        .run(engine.manyRows, runInto(writable, 'ndjson', patient, controller.signal))
        .catch((error: unknown) => error);
      writable.once('data', () => controller.abort(reason));
      expect(await running).toBe(reason);
      expect(await reading).toBe(reason);
    });

    it('break off where the query fails among them, and the process goes on', async () => {
      const database = start(engine);
      const writable = new PassThrough();
      const reading = buffer(writable).catch((error: unknown) => error);
      const running = database.run(failing[engine.engine] ?? '', runInto(writable));
      await expect(running).rejects.toMatchObject({
        code: 'failed',
        hint: expect.stringContaining('not complete'),
      });
      expect(await reading).toMatchObject({ code: 'failed' });
      expect(String(await through(database, 'SELECT 8 AS a', 'csv'))).toBe('a\n8\n');
    });

    it('leave the reader untouched where there is an error before the first of them', async () => {
      const database = start(engine);
      const writable = new PassThrough();
      await expect(database.run('DROP TABLE x', runInto(writable))).rejects.toMatchObject({
        code: 'refused',
      });
      await expect(
        database.run('SELECT nonsense FROM (SELECT 1 AS a) AS t', runInto(writable)),
      ).rejects.toMatchObject({ code: 'failed' });
      const all = text(writable);
      await database.run('SELECT 9 AS a', runInto(writable));
      writable.end();
      expect(await all).toBe('a\n9\n');
    });

    it('break off where their process is killed', async () => {
      const database = start(engine);
      const writable = new PassThrough();
      const reading = buffer(writable).catch((error: unknown) => error);
      const running = database.run(engine.manyRows, runInto(writable)).catch((error: unknown) => error);
      await once(writable, 'data');
      for (const pid of childPids()) {
        process.kill(Number(pid), 'SIGKILL');
      }
      expect(await running).toMatchObject({ code: 'failed', message: expect.stringContaining('SIGKILL') });
      expect(await reading).toMatchObject({ code: 'failed' });
    });
  });
}
