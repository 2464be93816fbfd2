import { chmod, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { beginning, type Link } from './line.ts';

/** Where a log ends: its last record, and how long the file is in which it stands. */
export interface Head extends Link {
  /** The number of the first record of that file. */
  readonly first: number;
  readonly bytes: number;
}

/** The end of a log, which one process at a time moves on. */
export interface HeadStore {
  /** Hands the head to `move` while no other process has it, and keeps what that resolves to. Rejects with what `move` does. */
  advance(move: (head: Head) => Promise<Head>, signal: AbortSignal): Promise<void>;
  /** The head as it is kept; null where nothing was ever written. */
  read(): Head | null;
  close(): void;
}

const stored = z
  .object({ record: z.number(), hash: z.string(), first: z.number(), bytes: z.number() })
  .optional();

/** Milliseconds between two tries to get the head, and how many in all. */
const retryMs = 3;

/** Opens the head of a log, in a file that its owner alone may read. Rejects as the file system and SQLite do. */
export async function openHead(file: string): Promise<HeadStore> {
  await (await open(file, 'a', 0o600)).close();
  await chmod(file, 0o600);
  const { default: Driver } = await import('better-sqlite3');
  // To wait here would keep the whole process waiting.
  const database = new Driver(file, { timeout: 0 });
  await patiently(database, AbortSignal.timeout(10_000), () => {
    database.pragma('journal_mode = WAL');
    // The log itself is on the disk before its head moves, and a head that is behind it is found out: no second wait for the disk.
    database.pragma('synchronous = NORMAL');
    database.exec(
      `CREATE TABLE IF NOT EXISTS head
         (one INTEGER PRIMARY KEY CHECK (one = 1), record INTEGER, hash TEXT, first INTEGER, bytes INTEGER) STRICT`,
    );
  });
  const read = (): Head | null =>
    stored.parse(database.prepare('SELECT record, hash, first, bytes FROM head').get()) ?? null;
  const keep = database.prepare(
    'INSERT OR REPLACE INTO head (one, record, hash, first, bytes) VALUES (1, ?, ?, ?, ?)',
  );
  return {
    async advance(move, signal) {
      await patiently(database, signal, () => database.exec('BEGIN IMMEDIATE'));
      try {
        const { record, hash, first, bytes } = await move(read() ?? { ...beginning, first: 1, bytes: 0 });
        keep.run(record, hash, first, bytes);
        database.exec('COMMIT');
      } finally {
        if (database.inTransaction) {
          database.exec('ROLLBACK');
        }
      }
    },
    read,
    close: () => void database.close(),
  };
}

/** Does what another process may be in the way of, again until it is not. Rejects with the signal's reason. */
async function patiently(database: Database, signal: AbortSignal, work: () => unknown): Promise<void> {
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && /^SQLITE_BUSY/u.test(String(error.code)))) {
        throw error;
      }
      if (database.inTransaction) {
        database.exec('ROLLBACK');
      }
    }
    signal.throwIfAborted();
    // Two that are in each other's way come back at different times.
    await sleep(retryMs * (1 + Math.random()));
  }
}
