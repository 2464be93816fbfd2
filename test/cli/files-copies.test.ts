import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyEnvironment, programFile, runProgram } from '../support/program.ts';

/** UTF-16 has to be converted before it is read, and this much of it takes a while; packed, it is small. */
const long = (() => {
  const block = gzipSync(Buffer.from('1,2,3,4,5,6,7,8\n'.repeat(200_000), 'utf16le'));
  return Buffer.concat([
    gzipSync(Buffer.from('\uFEFFa,b,c,d,e,f,g,h\n', 'utf16le')),
    ...Array(200).fill(block),
  ]);
})();

let folder: string;
let copies: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-copied-'));
  copies = mkdtempSync(join(tmpdir(), 'sqlq-tmp-'));
  writeFileSync(join(folder, 'long.csv.gz'), long);
  writeFileSync(join(folder, 'short.csv'), Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'));
});

const left = (): readonly string[] => readdirSync(copies).filter((name) => name.startsWith('sqlq-'));
const run = (...argv: readonly string[]) =>
  runProgram(['run', ...argv], { folder, environment: { TMPDIR: copies } });

/** Starts a run that copies what it reads, and waits until it does. */
async function startCopying(db: string, sql = 'SELECT count(*) FROM long'): Promise<ChildProcess> {
  const before = left();
  const child = spawn(process.execPath, [programFile, 'run', '--db', db, sql], {
    cwd: folder,
    env: { ...emptyEnvironment(), TMPDIR: copies },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.write('a,b\n1,2\n');
  await vi.waitUntil(() => left().some((name) => !before.includes(name)), { timeout: 25_000, interval: 10 });
  return child;
}

const ended = (child: ChildProcess): Promise<void> => new Promise((done) => child.once('exit', () => done()));

describe('a file that takes long to read', () => {
  it('is given up after --timeout, and no copy of it is left', async () => {
    const given = await run('--db', 'long.csv.gz', '--timeout', '1s', 'SELECT count(*) FROM long');
    expect(given).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('The reading of files was ended: it took longer than 1 s.'),
    });
    expect(left()).toEqual([]);
  });

  it('is given up at Ctrl-C, and no copy of it is left', async () => {
    const child = await startCopying('long.csv.gz');
    const end = new Promise((done) => child.once('close', done));
    child.kill('SIGINT');
    expect(await end).toBe(130);
    expect(left()).toEqual([]);
  });
});

describe('a copy', () => {
  it('is gone with the process that reads it, and that with the program, however that ends', async () => {
    const child = await startCopying('long.csv.gz');
    child.kill('SIGKILL');
    await vi.waitUntil(() => left().length === 0, { timeout: 25_000, interval: 20 });
  });

  it('of standard input stays where the program is killed, until the next is made', async () => {
    const child = await startCopying('-');
    const end = ended(child);
    child.kill('SIGKILL');
    await end;
    const [first] = left();
    const other = await startCopying('-');
    expect(left()).toHaveLength(1);
    expect(left()).not.toEqual([first]);
    const otherEnd = ended(other);
    other.kill('SIGINT');
    await otherEnd;
    expect(left()).toEqual([]);
  });

  it('of standard input is gone when its query is cancelled', async () => {
    const child = await startCopying('-', 'SELECT count(*) FROM range(10000000) a, range(10000000) b');
    child.stdin?.end();
    child.stderr?.resume();
    // Its answer would take days; whenever it is cancelled, nothing is left.
    await vi.waitUntil(() => readdirSync(join(copies, left()[0] ?? '')).length > 0, { timeout: 25_000 });
    const end = ended(child);
    child.kill('SIGINT');
    await end;
    expect(left()).toEqual([]);
  });

  it('of a process that goes on is left alone', async () => {
    const child = await startCopying('-');
    expect(await run('--db', 'short.csv', 'SELECT b FROM short')).toMatchObject({ stdout: 'b\n2\n' });
    expect(left()).toHaveLength(1);
    const end = new Promise((done) => child.once('close', done));
    child.stdin?.end();
    await end;
    expect(left()).toEqual([]);
  });
});
