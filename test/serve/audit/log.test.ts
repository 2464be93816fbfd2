import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audit, AuditEntry } from '../../../src/serve/audit/audit.ts';
import { fileOf, filesOf, headFile } from '../../../src/serve/audit/files.ts';
import { openAudit } from '../../../src/serve/audit/log.ts';
import { verifyFolder } from '../../../src/serve/audit/verify.ts';

let folder: string;
const now = (): Date => new Date('2026-11-02T10:00:00Z');
const all = { key: null, hash: null, from: 1 };

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'sqlq-audit-')), 'audit');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const ana = { id: 'u1', name: 'ana', by: 'session' } as const;
const ran = (sql: string): AuditEntry => ({ action: 'run', outcome: 'answered', caller: ana, sql, rows: 3 });

async function written(count: number, mostBytes?: number): Promise<void> {
  const audit = await openAudit({
    folder,
    key: null,
    now,
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  for (let number = 1; number <= count; number += 1) {
    await audit.record(ran(`SELECT ${number}`));
  }
  await audit.close();
}

const linesOf = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8')).trimEnd().split('\n');

describe('the audit log', () => {
  it('says who did what and how it ended, in files that its owner alone may read', async () => {
    const audit = await openAudit({ folder, key: null, now });
    await audit.record({
      action: 'run',
      outcome: 'answered',
      caller: ana,
      address: '10.0.0.7',
      requestId: 'r-1',
      database: 'shop',
      question: 'how many?\u2028\u009b31m',
      sql: 'SELECT count(*) FROM orders',
      rows: 1,
      milliseconds: 12,
    });
    await audit.close();
    const file = fileOf(folder, 1);
    const [opened, record, ...more] = (await linesOf(file)).map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(opened).toMatchObject({ record: 1, action: 'audit.open', previous: '0'.repeat(64) });
    expect(record).toMatchObject({
      record: 2,
      time: '2026-11-02T10:00:00.000Z',
      action: 'run',
      outcome: 'answered',
      user: { id: 'u1', name: 'ana', by: 'session' },
      address: '10.0.0.7',
      requestId: 'r-1',
      database: 'shop',
      question: 'how many?\u2028\u009b31m',
      sql: 'SELECT count(*) FROM orders',
      rows: 1,
      milliseconds: 12,
      previous: opened.hash,
    });
    // No reader may see the end of a line, or a terminal a command, in what somebody asked.
    expect(await readFile(file, 'utf8')).not.toMatch(/[\u2028\u009b]/u);
    expect(await verifyFolder(folder, all)).toMatchObject({ problem: null, records: 2, endChecked: true });
    for (const path of [file, headFile(folder)]) {
      expect((await stat(path)).mode & 0o777, path).toBe(0o600);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('goes on in another file where one is full, as one chain', async () => {
    await written(40, 2_000);
    await written(3, 2_000);
    const files = await filesOf(folder);
    expect(files.length).toBeGreaterThan(4);
    expect(await verifyFolder(folder, all)).toMatchObject({
      problem: null,
      records: 45,
      files: files.length,
      last: { record: 45 },
    });
  });

  it('is one chain of all the processes that write it at once', async () => {
    const script = resolve(import.meta.dirname, '../../support/append-audit.ts');
    const names = ['one', 'two', 'three'];
    const ends = names.map(async (name) => {
      const child = spawn(process.execPath, [script, folder, name, '100'], { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      return code;
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    const lines = (await Promise.all((await filesOf(folder)).map(linesOf))).flat();
    const users = lines.map((line) => JSON.parse(line).user?.name ?? null);
    for (const name of names) {
      expect(users.filter((user) => user === name)).toHaveLength(100);
    }
    // They took turns: it is not one after the other.
    expect(new Set(users.slice(0, 60)).size).toBeGreaterThan(1);
    expect(await verifyFolder(folder, all)).toMatchObject({ problem: null, records: 303 });
  });

  it('keeps a record whose writer died before it moved the end on', async () => {
    await written(2);
    const before = await readFile(headFile(folder));
    const wal = await readFile(`${headFile(folder)}-wal`).catch(() => null);
    await written(1);
    await writeFile(headFile(folder), before);
    await rm(`${headFile(folder)}-wal`, { force: true });
    await rm(`${headFile(folder)}-shm`, { force: true });
    expect(wal).toBeNull();
    await written(1);
    expect(await verifyFolder(folder, all)).toMatchObject({ problem: null, records: 7 });
  });

  it('takes out half a record that a writer left as it died, and says so', async () => {
    await written(2);
    await appendFile(fileOf(folder, 1), '{"record":4,"time":"2026');
    await written(1);
    const lines = await linesOf(fileOf(folder, 1));
    expect(lines.map((line) => JSON.parse(line).action)).toEqual([
      'audit.open',
      'run',
      'run',
      'audit.recover',
      'audit.open',
      'run',
    ]);
    expect(lines[3]).toContain('24 bytes at the end');
    expect(await verifyFolder(folder, all)).toMatchObject({ problem: null, records: 6 });
  });
});

describe('a log that can not be gone on with', () => {
  const record = async (audit: Audit): Promise<void> => audit.record(ran('SELECT 1'));

  it('is refused at the start where records are missing', async () => {
    await written(3);
    await truncate(fileOf(folder, 1), 400);
    await expect(openAudit({ folder, key: null, now })).rejects.toThrow(
      /is shorter than it was: records are missing/u,
    );
  });

  it('is refused at the start where what is kept of its end is gone', async () => {
    await written(3);
    await rm(headFile(folder));
    await expect(openAudit({ folder, key: null, now })).rejects.toThrow(/what was kept of its end is gone/u);
  });

  it('refuses a record while the server runs, and says why', async () => {
    const audit = await openAudit({ folder, key: null, now });
    await record(audit);
    await truncate(fileOf(folder, 1), 100);
    await expect(record(audit)).rejects.toThrow(/shorter than it was/u);
    await audit.close();
  });

  it.runIf(process.platform === 'linux')(
    'refuses records while the disk is full, and goes on after',
    async () => {
      await written(1, 1);
      // The next file is one that takes nothing.
      await symlink('/dev/full', fileOf(folder, 3));
      await expect(openAudit({ folder, key: null, now, mostBytes: 1 })).rejects.toThrow(/the disk is full/u);
      await rm(fileOf(folder, 3));
      await written(1, 1);
      expect(await verifyFolder(folder, all)).toMatchObject({ problem: null, records: 4 });
    },
  );
});
