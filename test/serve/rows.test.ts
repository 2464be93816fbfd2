import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readXlsx } from 'hucre/xlsx';
import { afterEach, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { memoryOf } from '../../bench/serve/processes.ts';
import { processEngines } from '../support/process-engines.ts';
import { runProgram } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { beginDownload, readOn } from '../support/slow-download.ts';

const patience = { timeout: 60_000, interval: 200 };

let open: ServeRun[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.stop()));
  open = [];
});

async function start(...args: readonly string[]): Promise<ServeRun> {
  const database = args.includes('--db') ? [] : ['--db', 'sample'];
  const server = await startServe([...database, '--profile', 'offline', ...args]);
  open.push(server);
  return server;
}

async function answerTo(server: ServeRun, sql: string): Promise<string> {
  const { status, body } = await server.json('/v1/sql', { sql });
  expect(status, JSON.stringify(body)).toBe(200);
  return z.object({ id: z.string() }).parse(body).id;
}

const runsSchema = z.object({
  runs: z.array(z.object({ rows: z.number().nullable(), error: z.string().nullable() })),
});

/** How the runs of an answer went, once there is one. */
async function runsOf(server: ServeRun, id: string): Promise<z.infer<typeof runsSchema>['runs']> {
  return runsSchema.parse((await server.json(`/v1/answers/${id}`)).body).runs;
}

/** So many rows of a hundred bytes. */
const rows = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${count}) SELECT i, '${'x'.repeat(92)}' AS filling FROM n`;

/** The processes that run queries for a server. */
function queryProcesses({ child }: ServeRun): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${child.pid}\n`) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child.cjs')
      );
    } catch {
      return false;
    }
  });
}

describe('rows over HTTP', () => {
  it('come whole to a reader who takes longer than the time limit of the database', async () => {
    const server = await start('--timeout', '8s');
    const response = await beginDownload(server, await answerTo(server, rows(300_000)), 'text/csv');
    await sleep(10_000);
    expect(await readOn(response)).toMatchObject({ lines: 300_001, isWhole: true });
  }, 120_000);

  it('end where the database itself takes longer, before the first of them and among them', async () => {
    const server = await start('--timeout', '2s');
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT';
    const none = await answerTo(server, `${endless} count(*) AS c FROM n`);
    expect((await server.json(`/v1/answers/${none}/run`, {})).status).toBe(504);
    const many = await answerTo(server, `${endless} i FROM n`);
    const read = await readOn(await beginDownload(server, many, 'text/csv'));
    expect(read.bytes).toBeGreaterThan(0);
    expect(read.isWhole).toBe(false);
    await expect
      .poll(async () => (await runsOf(server, many))[0]?.error, patience)
      .toContain('took longer than 2 s');
  }, 120_000);

  it('break off, never to look whole, where the reader takes nothing for too long or not all in time', async () => {
    const limits = [
      ['--slow-reader', 'took nothing for 1 s'],
      ['--longest-read', 'to read its rows took longer than 1 s'],
    ] as const;
    for (const [flag, error] of limits) {
      const server = await start(flag, '1s');
      const id = await answerTo(server, rows(1_000_000));
      const response = await beginDownload(server, id, 'text/csv');
      await expect.poll(async () => (await runsOf(server, id))[0]?.error, patience).toContain(error);
      expect((await readOn(response)).isWhole, flag).toBe(false);
    }
  }, 180_000);

  it('of a reader who goes away are not asked for any more', async () => {
    const server = await start();
    const id = await answerTo(server, rows(100_000_000));
    const response = await beginDownload(server, id, 'text/csv');
    expect(queryProcesses(server)).not.toHaveLength(0);
    response.destroy();
    await expect.poll(async () => (await runsOf(server, id))[0]?.error, patience).toContain('went away');
    // Where the driver works without a pause, only the end of the process is the end of the query.
    const ticks = (): readonly string[] =>
      queryProcesses(server).map(
        (pid) => `${pid} ${readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join()}`,
      );
    await expect
      .poll(async () => {
        const before = ticks();
        await sleep(500);
        return ticks().every((line, index) => line === before[index]);
      }, patience)
      .toBe(true);
  }, 120_000);

  const postgres = processEngines.find(({ engine }) => engine === 'postgres');
  it.skipIf(inject('postgresUrl') === null)(
    'end at the server with their reader',
    async () => {
      const mark = `reader_over_http_${process.pid}`;
      const server = await start('--db', inject('postgresUrl') ?? '');
      const id = await answerTo(server, `SELECT generate_series(1, 100000000) AS ${mark}`);
      const response = await beginDownload(server, id, 'text/csv');
      expect(await postgres?.running?.(mark)).toBe(1);
      response.destroy();
      await expect.poll(() => postgres?.running?.(mark), patience).toBe(0);
    },
    120_000,
  );

  it('are those of the command line, to the byte', async () => {
    const sql = `SELECT i, 'é "quoted", ;' || char(10) || i AS word, NULL AS none, i / 4.0 AS price, x'00ff' AS bytes
      FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n)`;
    const server = await start();
    const id = await answerTo(server, sql);
    const formats = {
      csv: 'text/csv',
      tsv: 'text/tab-separated-values',
      ndjson: 'application/x-ndjson',
      html: 'text/html',
      markdown: 'text/markdown',
    };
    for (const [format, accept] of Object.entries(formats)) {
      const { stdout, code } = await runProgram(['run', '--db', 'sample', '--format', format, sql]);
      expect(code, format).toBe(0);
      const response = await server.fetch(`/v1/answers/${id}/run`, { method: 'POST', headers: { accept } });
      // A page tells when it was made.
      const timeless = (text: string): string => text.replaceAll(/<time .*<\/time>/gu, 'then');
      expect(timeless(await response.text()), format).toBe(timeless(stdout));
    }
    const { stdout } = await runProgram(['run', '--db', 'sample', '--format', 'json', sql]);
    const named = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(stdout));
    const { body } = await server.json(`/v1/answers/${id}/run`, {});
    expect(body).toMatchObject({ rows: named.map((row) => Object.values(row)), truncated: false });
  }, 120_000);

  it('are those of the command line in a workbook, but for when it was made', async () => {
    const sql = "SELECT 1 AS a, 'é' AS b, 2.5 AS c UNION ALL SELECT 2, NULL, 3";
    const server = await start();
    const id = await answerTo(server, sql);
    const file = `${server.home}/rows.xlsx`;
    const { code, stderr } = await runProgram(['run', '--db', 'sample', '--output', file, sql]);
    expect(code, stderr).toBe(0);
    const response = await server.fetch(`/v1/answers/${id}/run`, {
      method: 'POST',
      headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
    });
    const sent = await readXlsx(new Uint8Array(await response.arrayBuffer()));
    const written = await readXlsx(readFileSync(file));
    expect(sent.sheets).toEqual(written.sheets);
    expect(sent.sheets[0]?.rows).toEqual([
      ['a', 'b', 'c'],
      [1, 'é', 2.5],
      [2, null, 3],
    ]);
  }, 60_000);

  it('a million of them take no memory that grows with them', async () => {
    const server = await start('--timeout', '10m');
    const id = await answerTo(server, rows(1_000_000));
    const pid = server.child.pid ?? 0;
    await readOn(await beginDownload(server, await answerTo(server, rows(1000)), 'text/csv'));
    const before = memoryOf(pid);
    let peak = before;
    const poll = setInterval(() => {
      peak = Math.max(peak, memoryOf(pid));
    }, 200);
    const read = await readOn(await beginDownload(server, id, 'text/csv'), 25e6);
    clearInterval(poll);
    expect(read).toMatchObject({ lines: 1_000_001, isWhole: true });
    // They are a hundred megabytes and more; what a collector leaves lying at a busy moment is no growth with them.
    expect((peak - before) / 1024).toBeLessThan(90);
  }, 180_000);
});
