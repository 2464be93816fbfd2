import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Access, Database, Row } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { beginWrite, query } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlq-file-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  const open = (name: string, access: Access = 'read'): Promise<Database> =>
    sqlite.open(
      { engine: 'sqlite', path: join(folder, name) },
      { access, timeoutMilliseconds: 200, hide: [] },
      never,
    );
  const make = (name: string, ...statements: string[]): SQLite.Database => {
    const file = new SQLite(join(folder, name));
    for (const sql of ['CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)', ...statements]) {
      file.exec(sql);
    }
    return file;
  };
  const rows = async (database: Database): Promise<Row[]> => {
    const found: Row[] = [];
    for await (const batch of (await query(database, 'SELECT a FROM t', { signal: never })).batches) {
      found.push(...batch);
    }
    return found;
  };

  it.each([
    ['missing.sqlite', () => {}, /there is no such file/],
    ['folder', (path: string) => mkdirSync(path), /it is a folder/],
    [
      'text.sqlite',
      (path: string) => writeFileSync(path, 'a,b\n1,2\n'.repeat(100)),
      /not a SQLite database, or it is encrypted/,
    ],
    ['short.sqlite', (path: string) => writeFileSync(path, 'SQL'), /not a SQLite database/],
    ['empty.sqlite', (path: string) => writeFileSync(path, ''), /is empty/],
    ['space.sqlite ', (path: string) => writeFileSync(path, ''), /white space/],
  ] as const)('says what is wrong with %s', async (name, prepare, words) => {
    prepare(join(folder, name));
    await expect(open(name)).rejects.toMatchObject({
      name: 'SqlqError',
      message: expect.stringMatching(words),
    });
  });

  it('says that it is damaged', async () => {
    make('damaged.sqlite').close();
    const path = join(folder, 'damaged.sqlite');
    const whole = statSync(path).size;
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, whole);
    writeFileSync(path, bytes);
    await expect(open('damaged.sqlite').then(rows)).rejects.toMatchObject({
      name: 'SqlqError',
      message: expect.stringMatching(/damaged|not a SQLite/),
    });
  });

  it('says that another program writes to it', async () => {
    const writer = make('locked.sqlite');
    writer.exec('BEGIN EXCLUSIVE');
    await expect(open('locked.sqlite').then(rows)).rejects.toMatchObject({
      name: 'SqlqError',
      message: expect.stringMatching(/locked by another program/),
    });
    writer.close();
  });

  it('is read in write-ahead mode, and nothing stays beside it', async () => {
    make('wal.sqlite', 'PRAGMA journal_mode=WAL').close();
    const before = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
    expect(before).toHaveLength(1);
    const database = await open('wal.sqlite');
    expect(await rows(database)).toEqual([[1n]]);
    await database.close();
    expect(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs])).toEqual(before);
  });

  it('is read in write-ahead mode beside a program that writes, and its files stay', async () => {
    const writer = make('wal.sqlite', 'PRAGMA journal_mode=WAL');
    writer.exec('INSERT INTO t VALUES (2)');
    const database = await open('wal.sqlite');
    expect(await rows(database)).toEqual([[1n], [2n]]);
    await database.close();
    writer.exec('INSERT INTO t VALUES (3)');
    expect(readdirSync(folder).sort()).toEqual(['wal.sqlite', 'wal.sqlite-shm', 'wal.sqlite-wal']);
    writer.close();
  });

  describe.skipIf(process.getuid?.() !== 0)('in a folder that can not be written', () => {
    /** Makes the folder read-only, as on a disk that is mounted so: a mode of its own would not stop root. */
    const shut = async (use: () => Promise<void>): Promise<void> => {
      execFileSync('mount', ['--bind', folder, folder]);
      try {
        execFileSync('mount', ['-o', 'remount,ro,bind', folder]);
        await use();
      } finally {
        execFileSync('umount', ['-l', folder]);
      }
    };

    it('is read in write-ahead mode when nobody has it open', async () => {
      make('wal.sqlite', 'PRAGMA journal_mode=WAL').close();
      await shut(async () => {
        const database = await open('wal.sqlite');
        expect(await rows(database)).toEqual([[1n]]);
        await database.close();
      });
      expect(readdirSync(folder)).toEqual(['wal.sqlite']);
    });

    it('is not read without the changes of its -wal file', async () => {
      const writer = make('writing.sqlite', 'PRAGMA journal_mode=WAL');
      writer.exec('INSERT INTO t VALUES (2)');
      for (const end of ['', '-wal']) {
        copyFileSync(join(folder, `writing.sqlite${end}`), join(folder, `left.sqlite${end}`));
      }
      writer.close();
      await shut(async () => {
        await expect(open('left.sqlite').then(rows)).rejects.toMatchObject({
          name: 'SqlqError',
          message: expect.stringMatching(/changes in its -wal file, in a folder that can not be written/),
        });
      });
    });
  });

  it.skipIf(process.platform !== 'linux')('sorts and groups in memory, not on the disk', async () => {
    make('sorted.sqlite').close();
    const database = await open('sorted.sqlite');
    for (const sql of [
      'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT i, randomblob(500) FROM n ORDER BY 2',
      'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT DISTINCT randomblob(500) FROM n',
    ]) {
      const { batches } = await query(database, sql, { signal: never });
      for await (const _ of batches) {
        const opened = readdirSync('/proc/self/fd').flatMap((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`);
          } catch {
            return [];
          }
        });
        expect(opened.filter((path) => path.endsWith('(deleted)'))).toEqual([]);
        break;
      }
    }
    await database.close();
  });

  it('tells that rows changed, in write-ahead mode too', async () => {
    const writer = make('wal.sqlite', 'PRAGMA journal_mode=WAL');
    const database = await open('wal.sqlite');
    const before = await database.dataFingerprint(never);
    expect(await database.dataFingerprint(never)).toBe(before);
    writer.exec('INSERT INTO t VALUES (2)');
    expect(await database.dataFingerprint(never)).not.toBe(before);
    await database.close();
    writer.close();
  });

  it('may have any name', async () => {
    for (const name of ['a b?c#d%41.sqlite', 'file:x?mode=memory', '名前.sqlite', "it's"]) {
      make(name).close();
      const database = await open(name);
      expect(await rows(database)).toEqual([[1n]]);
      await database.close();
    }
  });

  it('names tables that triggers and cascades changed', async () => {
    make(
      'write.sqlite',
      'CREATE TABLE log (a)',
      'CREATE TRIGGER tr AFTER DELETE ON t BEGIN INSERT INTO log VALUES (old.a); INSERT INTO log VALUES (0); END',
    ).close();
    const database = await open('write.sqlite', 'write');
    const pending = await beginWrite(database, 'DELETE FROM t RETURNING a', never);
    expect(pending.changes).toEqual([
      { table: 't', rows: 1 },
      { table: 'log', rows: 2 },
    ]);
    await pending.commit();
    expect(await rows(database)).toEqual([]);
    await database.close();
  });

  it.each([
    'PRAGMA user_version=1',
    "ATTACH 'x' AS y",
    "VACUUM INTO '/tmp/sqlq-canary/gen/x'",
    "INSERT INTO t SELECT load_extension('x')",
    'UPDATE t SET a = (SELECT file FROM pragma_database_list)',
    'CREATE VIRTUAL TABLE v USING fts3tokenize(simple)',
    'CREATE TEMP TABLE v (a)',
    "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT fts3_tokenizer('a'); END",
    'CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT sqlite_log(1, 2); END',
    'CREATE VIEW v AS SELECT load_extension(1)',
    'BEGIN',
  ])('stays shut for %s, in every mode', async (sql) => {
    make('write.sqlite').close();
    const database = await open('write.sqlite', 'ddl');
    await expect(beginWrite(database, sql, never)).rejects.toMatchObject({ code: 'refused' });
    await database.close();
  });

  it('makes what --write=ddl asks for', async () => {
    make('write.sqlite').close();
    const database = await open('write.sqlite', 'ddl');
    for (const [sql, table] of [
      [
        'CREATE TABLE made (a VARCHAR(10) CHECK (length(a) > 0), b REFERENCES t (a), PRIMARY KEY (a))',
        'made',
      ],
      ['CREATE INDEX IF NOT EXISTS made_b ON made (b)', 'made'],
      ['CREATE VIEW seen (x) AS SELECT a FROM t', 'seen'],
      ['CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO made (a) VALUES (new.a); END', 't'],
      ['ALTER TABLE t ADD COLUMN c DECIMAL(10, 2) DEFAULT 0', 't'],
      ["CREATE VIRTUAL TABLE words USING fts5 (a, tokenize='porter unicode61')", 'words'],
      ['DROP VIEW seen', 'seen'],
    ] as const) {
      const pending = await beginWrite(database, sql, never);
      expect(pending.changes, sql).toContainEqual({ table, rows: null });
      await pending.commit();
    }
    await database.close();
  });
});
