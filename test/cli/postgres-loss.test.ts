import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../support/postgres-engine.ts';
import { emptyEnvironment, programFile } from '../support/program.ts';

const url = inject('postgresUrl');

/** Rows without end, which come one by one, told from those of other tests by a mark in the SQL. */
const endless = (mark: string): string =>
  `SELECT generate_series(1, 1000000000000) AS n, repeat('x', 100) AS ${mark}`;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe.skipIf(url === null)('a PostgreSQL server that is lost, or too slow', () => {
  const server = postgresTarget(url ?? 'postgres://nobody@127.0.0.1:1');
  const database = uniquePostgresName('loss');
  let folder: string;
  let watcher: Client;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sqlq-loss-'));
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    watcher = await connectTo({ ...server, database });
    await watcher.query('CREATE TABLE person (id int PRIMARY KEY, name text)');
    await watcher.query("INSERT INTO person VALUES (1, 'Ada'), (2, 'Bob')");
  });
  afterAll(async () => {
    await watcher?.end();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (argv: readonly string[]): ChildProcess =>
    spawn(process.execPath, [programFile, 'run', '--db', `${url}/${database}`, ...argv], {
      cwd: folder,
      env: emptyEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  async function outcomeOf(program: ChildProcess): Promise<Outcome> {
    if (program.stdout === null || program.stderr === null) {
      throw new Error('no pipes');
    }
    const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(program.stdout), text(program.stderr)]);
    return { stdout, stderr, code: await ended };
  }

  /** Backends that work for the program in this database. */
  async function backends(): Promise<readonly number[]> {
    const { rows } = await watcher.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sqlq'`,
    );
    return rows.map(({ pid }) => pid);
  }

  async function running(mark: string): Promise<readonly number[]> {
    const { rows } = await watcher.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND state = 'active' AND position($1 IN query) > 0`,
      [mark],
    );
    return rows.map(({ pid }) => pid);
  }

  /** Ends the one backend; a test that has found none must not wait for what it has not done. */
  async function endBackend(pids: readonly number[]): Promise<void> {
    expect(pids).toHaveLength(1);
    const { rows } = await watcher.query('SELECT pg_terminate_backend($1) AS ended', [pids[0]]);
    expect(rows).toEqual([{ ended: true }]);
  }

  async function bytesIn(place: string): Promise<void> {
    const size = (): number =>
      readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
    await expect.poll(size, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
  }

  function expectOneText(stderr: string, message: RegExp): void {
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at .*[(:]\d+/mu);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(4);
  }

  it.each(['csv', 'json', 'ndjson', 'tsv', 'markdown'])(
    'leaves no file of %s when the backend is ended between rows',
    async (format) => {
      const place = mkdtempSync(join(folder, 'ended-'));
      const mark = `ended_${format}`;
      const output = join(place, 'rows');
      const outcome = outcomeOf(start(['--format', format, '--output', output, endless(mark)]));
      await bytesIn(place);
      await endBackend(await running(mark));
      const { code, stderr, stdout } = await outcome;
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expectOneText(stderr, /server ended the connection|connection to the server broke/);
      expect(readdirSync(place)).toEqual([]);
      await expect.poll(backends, { timeout: 30_000 }).toEqual([]);
    },
  );

  it('leaves the file of before as it was', async () => {
    const place = mkdtempSync(join(folder, 'before-'));
    const output = join(place, 'rows.csv');
    writeFileSync(output, 'before\n');
    const outcome = outcomeOf(start(['--force', '--output', output, endless('before_it')]));
    await bytesIn(place);
    await endBackend(await running('before_it'));
    expect((await outcome).code).toBe(1);
    expect(readdirSync(place)).toEqual(['rows.csv']);
    expect(readFileSync(output, 'utf8')).toBe('before\n');
  });

  it('says that what was printed is not all when the backend is ended between rows', async () => {
    const program = start([endless('printed_rows')]);
    const outcome = outcomeOf(program);
    await new Promise((resolve) => program.stdout?.once('data', resolve));
    await endBackend(await running('printed_rows'));
    const { code, stderr, stdout } = await outcome;
    expect(code).toBe(1);
    expect(stdout.length).toBeGreaterThan(0);
    expectOneText(stderr, /not complete/);
  });

  it.each([
    ['counting without end', 'SELECT count(*) AS slow_1 FROM generate_series(1, 1000000000000)', 'slow_1'],
    [
      'a recursion without end',
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) AS slow_2 FROM t',
      'slow_2',
    ],
    ['rows without end', endless('slow_3'), 'slow_3'],
    [
      'a table that grows in memory',
      "SELECT string_agg(md5(n::text), '' ORDER BY md5(n::text)) AS slow_4 FROM generate_series(1, 1000000000) n",
      'slow_4',
    ],
    ['a lock that another session holds', 'SELECT count(*) AS slow_5 FROM person', 'slow_5'],
  ])('ends %s at the limit, at the server too', async (_what, sql, mark) => {
    const place = mkdtempSync(join(folder, 'slow-'));
    const holder = await connectTo({ ...server, database });
    if (mark === 'slow_5') {
      await holder.query('BEGIN; LOCK TABLE person IN ACCESS EXCLUSIVE MODE');
    }
    const argv = ['--timeout', '2s', '--output', join(place, 'rows.csv'), sql];
    const { code, stderr } = await outcomeOf(start(argv));
    await holder.end();
    expect(code).toBe(5);
    expectOneText(stderr, /too long|locked|timeout/i);
    expect(readdirSync(place)).toEqual([]);
    await expect.poll(() => running(mark), { timeout: 30_000 }).toEqual([]);
    await expect.poll(backends, { timeout: 30_000 }).toEqual([]);
  });

  it('leaves nothing at the server when the program is killed', async () => {
    const mark = 'killed_program';
    const program = start([`SELECT count(*) AS ${mark} FROM generate_series(1, 1000000000000)`]);
    const outcome = outcomeOf(program);
    await expect.poll(async () => (await running(mark)).length, { timeout: 30_000 }).toBe(1);
    program.kill('SIGKILL');
    await outcome;
    await expect.poll(backends, { timeout: 30_000 }).toEqual([]);
  });

  it('ends with 130 at once on Ctrl-C, at the server too', async () => {
    const mark = 'interrupted_program';
    const program = start([`SELECT count(*) AS ${mark} FROM generate_series(1, 1000000000000)`]);
    const outcome = outcomeOf(program);
    await expect.poll(async () => (await running(mark)).length, { timeout: 30_000 }).toBe(1);
    program.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    await expect.poll(backends, { timeout: 30_000 }).toEqual([]);
  });

  it('keeps nothing of a change whose backend is ended while it runs', async () => {
    const sql = `UPDATE person SET name = CASE id WHEN 1 THEN 'Eve'
      ELSE (SELECT count(*)::text FROM generate_series(1, 1000000000000 + person.id)) END`;
    const outcome = outcomeOf(start(['--write', '--yes', sql]));
    // A backend has a transaction's number once it has changed the first row; before that it may still be planning.
    const changing = async (): Promise<readonly number[]> => {
      const { rows } = await watcher.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'active' AND query LIKE 'UPDATE%' AND backend_xid IS NOT NULL`,
      );
      return rows.map(({ pid }) => pid);
    };
    await expect.poll(async () => (await changing()).length, { timeout: 30_000 }).toBe(1);
    await endBackend(await changing());
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expectOneText(stderr, /server ended the connection|connection to the server broke/);
    const { rows } = await watcher.query('SELECT name FROM person ORDER BY id');
    expect(rows).toEqual([{ name: 'Ada' }, { name: 'Bob' }]);
  });
});
