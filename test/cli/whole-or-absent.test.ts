import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mysqlTarget, runAsOwner, uniqueName } from '../support/mysql-engine.ts';
import { emptyEnvironment, programFile, sampleFile } from '../support/program.ts';

const mariadb = inject('mariadbUrl');
const isRoot = process.getuid?.() === 0;
const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-whole-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program, its stdout a pipe or a file that is open already. */
function start(argv: readonly string[], stdout: 'pipe' | number = 'pipe'): ChildProcess {
  return spawn(process.execPath, [programFile, 'run', ...argv], {
    cwd: folder,
    env: emptyEnvironment(),
    stdio: ['ignore', stdout, 'pipe'],
  });
}

interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
}

async function outcomeOf(program: ChildProcess): Promise<Outcome> {
  if (program.stderr === null) {
    throw new Error('no stderr');
  }
  const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
  return { stderr: await text(program.stderr), code: await ended };
}

/** One error and one hint, as a person reads them: no stack, no second message. */
function expectOneText(stderr: string, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.match(/^(sqlq: |error: )/gimu)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(stderr).not.toMatch(/^\s+at .*[(:]\d+/mu);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(4);
}

/** The child that holds the database. */
async function childOf(program: ChildProcess): Promise<number> {
  let found: string | undefined;
  await expect
    .poll(
      () => {
        found = readdirSync('/proc').find((pid) => {
          try {
            return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${program.pid}\n`);
          } catch {
            return false;
          }
        });
        return found;
      },
      { timeout: 30_000 },
    )
    .toBeDefined();
  return Number(found);
}

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const partsIn = (place: string): readonly string[] =>
  readdirSync(place).filter((name) => name.endsWith('.part'));

/** Waits until rows have reached the unfinished file in this folder. */
async function rowsIn(place: string): Promise<void> {
  const size = (): number => partsIn(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
  await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(100_000);
}

describe('an output', () => {
  it.skipIf(!isRoot)('on a full disk is an error and leaves nothing', async () => {
    const disk = mkdtempSync(join(folder, 'disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    try {
      const output = join(disk, 'rows.csv');
      const { code, stderr } = await outcomeOf(start(['--db', sampleFile, '--output', output, endless]));
      expect(code).toBe(1);
      expectOneText(stderr, /the output file failed: the disk is full\. What was written is not complete/);
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  it('to a full device is an error', async () => {
    for (const format of ['csv', 'json', 'table']) {
      const device = openSync('/dev/full', 'w');
      try {
        const sql = format === 'table' ? 'SELECT 1' : endless;
        const { code, stderr } = await outcomeOf(
          start(['--db', sampleFile, '--format', format, sql], device),
        );
        expect(code).toBe(1);
        expectOneText(stderr, /disk is full/);
      } finally {
        closeSync(device);
      }
    }
  });

  it('is absent when the process of the database is killed', async () => {
    const place = mkdtempSync(join(folder, 'child-'));
    const program = start(['--db', sampleFile, '--output', join(place, 'rows.csv'), endless]);
    const outcome = outcomeOf(program);
    await rowsIn(place);
    process.kill(await childOf(program), 'SIGKILL');
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expectOneText(stderr, /process/);
    expect(readdirSync(place)).toEqual([]);
  });

  it('is absent when the program is killed, and the next run sweeps up what it left', async () => {
    const place = mkdtempSync(join(folder, 'parent-'));
    const output = join(place, 'rows.csv');
    const program = start(['--db', sampleFile, '--output', output, endless]);
    const outcome = outcomeOf(program);
    await rowsIn(place);
    const child = await childOf(program);
    program.kill('SIGKILL');
    await outcome;
    await expect.poll(() => isAlive(child), { timeout: 30_000 }).toBe(false);
    const left = readdirSync(place);
    expect(left).toEqual([expect.stringMatching(/^\.rows\.csv\.\d+\.\w+\.part$/)]);
    // Another one's, which may be at work on another machine that shares the folder.
    const foreign = `.rows.csv.${program.pid}.fresh.part`;
    closeSync(openSync(join(place, foreign), 'w'));
    const long = new Date(Date.now() - 3_600_000);
    for (const name of left) {
      utimesSync(join(place, name), long, long);
    }
    const next = await outcomeOf(start(['--db', sampleFile, '--output', output, 'SELECT 1 AS a']));
    expect(next.code).toBe(0);
    expect(readdirSync(place).sort()).toEqual([foreign, 'rows.csv']);
  });
});

describe.skipIf(mariadb === null)('on MariaDB', () => {
  const server = mysqlTarget(mariadb ?? 'mysql://nobody@127.0.0.1:1');
  const database = uniqueName('whole');
  const url = `${mariadb ?? ''}/${database}`;

  /** Numbers of the connections that run a statement with this mark. */
  async function running(mark: string): Promise<readonly number[]> {
    const connection = await createConnection({ uri: mariadb ?? '', rowsAsArray: true });
    const [rows] = await connection.query(
      'SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND info LIKE ?',
      [`%${mark}%`],
    );
    connection.destroy();
    return Array.isArray(rows) ? rows.map((row) => Number(Array.isArray(row) ? row[0] : Number.NaN)) : [];
  }

  beforeAll(() => runAsOwner(server, [`CREATE DATABASE ${database}`]));
  afterAll(() => runAsOwner(server, [`DROP DATABASE ${database}`]));

  it('a connection that is killed between rows is an error, and the file absent', async () => {
    const place = mkdtempSync(join(folder, 'killed-'));
    const program = start([
      '--db',
      url,
      '--output',
      join(place, 'rows.csv'),
      'SELECT seq AS killed_between FROM seq_1_to_1000000000',
    ]);
    const outcome = outcomeOf(program);
    await rowsIn(place);
    const ids = await running('killed_between');
    expect(ids).toHaveLength(1);
    await runAsOwner(server, [`KILL ${ids[0]}`]);
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expectOneText(stderr, /connection|killed/);
    expect(readdirSync(place)).toEqual([]);
  });

  it('what the server can not end at once is told', async () => {
    // MariaDB looks for KILL between rows, and not within this call, whose time grows with the square of the length: how
    // long that is in seconds is the machine's, so it grows until the call outlives the wait for its end.
    for (const length of [110_000, 220_000, 330_000]) {
      const mark = `stubborn_${length}_${process.pid}`;
      const sql = `SELECT LENGTH(REGEXP_REPLACE(REPEAT('ab', ${length}), '(a)(b)', 'x')) AS ${mark}`;
      const { code, stderr } = await outcomeOf(start(['--db', url, '--timeout', '1s', sql]));
      expect(code).toBe(5);
      const isStillThere = (await running(mark)).length > 0;
      await expect.poll(async () => (await running(mark)).length, { timeout: 100_000 }).toBe(0);
      if (isStillThere) {
        expectOneText(
          stderr,
          /took longer than 1 s[\s\S]*The server was told to end the statement and still works on it/,
        );
        return;
      }
    }
    throw new Error('the server ended every call in time');
  }, 180_000);

  it('nothing goes on at the server past its limit when both processes are killed', async () => {
    const mark = `forsaken_${process.pid}`;
    const program = start([
      '--db',
      url,
      '--timeout',
      '4s',
      `SELECT COUNT(*) AS ${mark} FROM seq_1_to_10000000 a, seq_1_to_10000000 b`,
    ]);
    const outcome = outcomeOf(program);
    await expect.poll(async () => (await running(mark)).length, { timeout: 30_000 }).toBe(1);
    const child = await childOf(program);
    process.kill(child, 'SIGKILL');
    program.kill('SIGKILL');
    await outcome;
    await expect.poll(() => isAlive(child), { timeout: 30_000 }).toBe(false);
    await expect.poll(async () => (await running(mark)).length, { timeout: 30_000 }).toBe(0);
  });
});
