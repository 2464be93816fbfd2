import { chmod, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { makeFolder } from '../config/make-folder.ts';
import { messageOf, SqlqError } from '../errors.ts';

/** An open store of what is remembered. */
export type Store = Database;

/** Milliseconds to wait while another process writes. */
const busyTimeoutMs = 2000;

/** Layouts of a file: each step leads from that of its number to the next; `user_version` counts those that were done. */
export type Layouts = readonly string[];

const memory: Layouts = [
  `CREATE TABLE answer (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     place TEXT NOT NULL,
     name TEXT,
     question TEXT NOT NULL,
     sql TEXT NOT NULL,
     assumptions TEXT NOT NULL,
     provider TEXT,
     model TEXT,
     outcome TEXT NOT NULL,
     rows INTEGER,
     verdict TEXT
   ) STRICT;
   CREATE INDEX answer_at ON answer (at);
   CREATE TABLE example (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     place TEXT NOT NULL,
     question TEXT NOT NULL,
     sql TEXT NOT NULL,
     source TEXT NOT NULL,
     wording TEXT NOT NULL,
     UNIQUE (place, wording)
   ) STRICT;`,
  // Whose an answer or an example is: '' of whoever runs sqlq on this machine, else of a user of its service.
  `ALTER TABLE answer ADD COLUMN who TEXT NOT NULL DEFAULT '';
   ALTER TABLE answer ADD COLUMN conversation TEXT;
   CREATE INDEX answer_who ON answer (who, id);
   ALTER TABLE example RENAME TO example_before;
   CREATE TABLE example (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     who TEXT NOT NULL DEFAULT '',
     place TEXT NOT NULL,
     question TEXT NOT NULL,
     sql TEXT NOT NULL,
     source TEXT NOT NULL,
     wording TEXT NOT NULL,
     UNIQUE (place, wording, who)
   ) STRICT;
   INSERT INTO example (id, at, place, question, sql, source, wording)
     SELECT id, at, place, question, sql, source, wording FROM example_before;
   DROP TABLE example_before;`,
];

/**
 * Opens the store in a file that only its user may read, in a folder that only its user may enter; makes both where they
 * are missing. Write-ahead logging lets several processes read while one writes. Throws a SqlqError `failed`.
 */
export async function openStore(file: string, layouts: Layouts = memory): Promise<Store> {
  try {
    const folder = dirname(file);
    await makeFolder(folder);
    await chmod(folder, 0o700);
    // SQLite gives its log and shared memory the permissions of the file.
    await (await open(file, 'a', 0o600)).close();
    await chmod(file, 0o600);
    const { default: Driver } = await import('better-sqlite3');
    const store = new Driver(file, { timeout: busyTimeoutMs });
    try {
      store.pragma('journal_mode = WAL');
      store.pragma('synchronous = NORMAL');
      // What is forgotten is gone from the file too.
      store.pragma('secure_delete = ON');
      bringUpToDate(store, layouts);
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  } catch (error) {
    if (error instanceof SqlqError) {
      throw error;
    }
    throw new SqlqError('failed', `What sqlq remembers can't be opened: ${file}: ${messageOf(error)}.`, {
      hint: 'Check that the file and its folder are yours to write to, or move the file away: a new one is made.',
      cause: error,
    });
  }
}

function bringUpToDate(store: Store, layouts: Layouts): void {
  const done = (): number => Number(store.pragma('user_version', { simple: true }));
  if (done() > layouts.length) {
    throw new SqlqError('failed', 'A newer sqlq has changed the file in which sqlq remembers answers.', {
      hint: 'Use that version of sqlq, or turn this off: SQLQ_HISTORY=false',
    });
  }
  if (done() === layouts.length) {
    return;
  }
  store
    .transaction(() => {
      // Another process may have done it while this one waited for the lock.
      for (const layout of layouts.slice(done())) {
        store.exec(layout);
      }
      store.pragma(`user_version = ${layouts.length}`);
    })
    .immediate();
}
