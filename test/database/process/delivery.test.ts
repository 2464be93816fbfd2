import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProcessEngine, processEngines } from '../../support/process-engines.ts';
import type { Query } from '../../support/query-program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-delivery-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const csv: Query['render'] = { format: 'csv', csvSafe: false, width: null, color: false };

/** Starts the program that asks; its stdout and stderr are pipes. */
function ask({ target }: ProcessEngine, sql: string, changes: Partial<Query> = {}, shell = ''): ChildProcess {
  const query: Query = {
    target: target(),
    sql,
    timeoutMilliseconds: 30_000,
    memoryLimit: 2 ** 30,
    render: csv,
    destination: { kind: 'stdout' },
    ...changes,
  };
  const program = resolve('test/support/query-program.ts');
  return spawn('sh', ['-c', `exec "${process.execPath}" "${program}" ${shell}`], {
    env: { ...process.env, QUERY: JSON.stringify(query) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What the program said in the end. */
async function outcomeOf(program: ChildProcess): Promise<Record<string, unknown>> {
  if (program.stderr === null) {
    throw new Error('no stderr');
  }
  return JSON.parse(await text(program.stderr));
}

/** Processes of that parent. */
function childrenOf(parent: number | undefined): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${parent}\n`);
    } catch {
      return false;
    }
  });
}

function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

for (const engine of processEngines) {
  describe.skipIf(!engine.available())(`rows of ${engine.engine}`, () => {
    let cleanUp: () => Promise<void>;
    beforeAll(async () => {
      cleanUp = await engine.prepare();
    });
    afterAll(() => cleanUp());

    it('all arrive in a pipe with a slow reader', async () => {
      const count = 200_000;
      const program = ask(engine, `SELECT * FROM (${engine.manyRows}) AS many LIMIT ${count}`);
      const { stdout } = program;
      if (stdout === null) {
        throw new Error('no stdout');
      }
      const outcome = outcomeOf(program);
      await new Promise((wake) => setTimeout(wake, 500));
      const lines = (await text(stdout)).split('\n');
      expect(await outcome).toMatchObject({ rows: count, truncated: false, closed: false });
      expect([lines.length, lines[0], lines.at(-1)]).toEqual([count + 2, 'i', '']);
    });

    it('end with their reader, at the server too', async () => {
      const program = ask(engine, `${engine.manyRows} -- closed_reader`);
      const outcome = outcomeOf(program);
      program.stdout?.once('data', () => program.stdout?.destroy());
      expect(await outcome).toMatchObject({ closed: true });
      if (engine.running !== null) {
        expect(await engine.running('closed_reader')).toBe(0);
      }
    });

    it('that no disk holds are an error', async () => {
      for (const format of ['csv', 'json'] as const) {
        const outcome = await outcomeOf(
          ask(engine, engine.manyRows, { render: { ...csv, format } }, '>/dev/full'),
        );
        expect(outcome).toMatchObject({ code: 'failed', message: expect.stringContaining('disk is full') });
      }
    });

    it('end when the program is killed, at the server too', async () => {
      const mark = `killed_${process.pid}`;
      const program = ask(engine, engine.endless(mark));
      await expect.poll(() => childrenOf(program.pid).length, { timeout: 10_000 }).toBe(1);
      const pids = childrenOf(program.pid);
      if (engine.running === null) {
        await new Promise((wake) => setTimeout(wake, 1000));
      } else {
        await expect.poll(() => engine.running?.(mark), { timeout: 10_000 }).toBe(1);
      }
      program.kill('SIGKILL');
      await expect.poll(() => pids.some(isAlive), { timeout: 10_000 }).toBe(false);
      if (engine.running !== null) {
        await expect.poll(() => engine.running?.(mark), { timeout: 10_000 }).toBe(0);
      }
    });
  });
}

describe('a file of rows', () => {
  const [engine] = processEngines;
  if (engine === undefined) {
    throw new Error('no engine');
  }
  const writeTo = (
    path: string,
    sql: string,
    changes: Partial<Query> = {},
  ): Promise<Record<string, unknown>> =>
    outcomeOf(ask(engine, sql, { destination: { kind: 'file', path }, ...changes }));

  it('is whole, keeps the mode that it had, and goes where a link points', async () => {
    const path = join(folder, 'rows.csv');
    writeFileSync(path, 'before');
    chmodSync(path, 0o640);
    const link = join(folder, 'link.csv');
    symlinkSync(path, link);
    expect(await writeTo(link, 'SELECT 1 AS a')).toMatchObject({ rows: 1 });
    expect(readFileSync(path, 'utf8')).toBe('a\n1\n');
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('stays as it was, with nothing beside it, when the query fails on the way', async () => {
    const place = mkdtempSync(join(folder, 'failed-'));
    const path = join(place, 'rows.csv');
    writeFileSync(path, 'before');
    expect(await writeTo(path, engine.manyRows, { timeoutMilliseconds: 500 })).toMatchObject({
      code: 'limit',
    });
    expect(readdirSync(place)).toEqual(['rows.csv']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('may be a device, and may not be a folder or in none', async () => {
    expect(await writeTo('/dev/null', 'SELECT 1 AS a')).toMatchObject({ rows: 1 });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(await writeTo(folder, 'SELECT 1 AS a')).toMatchObject({ code: 'usage' });
    expect(await writeTo(join(folder, 'none', 'a.csv'), 'SELECT 1 AS a')).toMatchObject({ code: 'usage' });
  });

  it.skipIf(process.getuid?.() !== 0)('on a full disk is an error and is absent', async () => {
    const disk = mkdtempSync(join(folder, 'disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      expect(await writeTo(join(disk, 'rows.csv'), engine.manyRows)).toMatchObject({
        code: 'failed',
        message: expect.stringContaining('disk is full'),
      });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
