import { chmod, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { makeFolder } from '../../../config/make-folder.ts';
import { messageOf, SqlqError } from '../../../errors.ts';
import { layoutsOf, newerLayout } from './layouts.ts';
import type { Sql, SqlValue } from './sql.ts';

/** Says in a file that it is one of users: "sqlq" in hexadecimal. */
const applicationId = 0x73716c71;

/** Milliseconds to wait while another process writes. */
const busyTimeoutMs = 5000;

/**
 * Opens users in a file that its owner alone may read, and makes it where it is missing. Rejects with a SqlqError:
 * `usage` where others can write to it, else `failed`.
 */
export async function openSqliteUsers(file: string): Promise<Sql> {
  try {
    await makeFolder(dirname(file));
    await refuseWritable(file);
    // SQLite gives its log and shared memory the permissions of the file.
    await (await open(file, 'a', 0o600)).close();
    const { default: Driver } = await import('better-sqlite3');
    const database = new Driver(file, { timeout: busyTimeoutMs });
    try {
      database.pragma('journal_mode = WAL');
      // What was revoked stays revoked, also where the power is lost.
      database.pragma('synchronous = FULL');
      database.pragma('foreign_keys = ON');
      database.pragma('secure_delete = ON');
      bringUpToDate(database);
      await chmod(file, 0o600);
    } catch (error) {
      database.close();
      throw error;
    }
    return sqlOf(database, file);
  } catch (error) {
    throw error instanceof SqlqError ? error : unusable(file, error);
  }
}

/** Whoever else may write to the file can have made themselves a user. */
async function refuseWritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (process.platform !== 'win32' && found !== null && (found.mode & 0o022) !== 0) {
    throw new SqlqError('usage', `Others can write to the users in ${file}.`, {
      hint: `See who is in it, and then: chmod 600 ${file}`,
    });
  }
}

function sqlOf(database: Database, file: string): Sql {
  const run = <Result>(work: () => Result): Promise<Result> => {
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(unusable(file, error));
    }
  };
  return {
    all: (statement, ...values) => run(() => database.prepare(statement).all(named(values))),
    change: (statement, ...values) => run(() => database.prepare(statement).run(named(values)).changes),
    close: async () => void database.close(),
  };
}

/** `$1` is a name to SQLite. */
function named(values: readonly SqlValue[]): Readonly<Record<string, SqlValue>> {
  return Object.fromEntries(values.map((value, index) => [index + 1, value]));
}

function bringUpToDate(database: Database): void {
  const layouts = layoutsOf({
    integer: 'INTEGER',
    serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
    real: 'REAL',
  });
  const numberOf = (pragma: string): number => Number(database.pragma(pragma, { simple: true }));
  const done = (): number => numberOf('user_version');
  database
    .transaction(() => {
      const isEmpty = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
      if (!isEmpty && numberOf('application_id') !== applicationId) {
        throw new Error('it holds something else');
      }
      database.pragma(`application_id = ${applicationId}`);
      if (done() > layouts.length) {
        throw new SqlqError('failed', newerLayout.message, { hint: newerLayout.hint });
      }
      for (const statement of layouts.slice(done()).flat()) {
        database.exec(statement);
      }
      database.pragma(`user_version = ${layouts.length}`);
    })
    .immediate();
}

function unusable(file: string, error: unknown): SqlqError {
  return new SqlqError('failed', `The users in ${file} can't be read or written: ${messageOf(error)}.`, {
    hint: 'Check that it is a file of users, and that it and its folder are yours to write to.',
    cause: error,
  });
}
