import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { SqlqError } from '../../errors.ts';
import { failureOf } from './errors.ts';
import { type FileState, inspectFile } from './file.ts';
import { addExactSums } from './memory/exact-sum.ts';

/** A connection of the driver. */
export type Connection = SQLite.Database;

/** SQLite's own limit of attached databases; all are taken, so that a statement can attach none. */
const attachSlots = 10;

/** How long a statement waits for the lock of another program's write. */
const longestBusyWait = 5000;

/** The largest file that is read into memory where a folder that can't be written keeps SQLite from opening it. */
const inMemoryBytes = 256 << 20;

/** Opens connections to one file, each for one statement, so that no statement meets what another left behind. */
export interface Connector {
  readonly path: string;
  /** A connection on which no statement can write, attach or leave its transaction without the guard's word. */
  reader(): Connection;
  /** A connection that reads, for a text of ours that is the same each time: what guards others takes most of the time. */
  plain(): Connection;
  /** A connection that may write the file. */
  writer(): Connection;
  /** Removes what reading alone would leave beside a file in write-ahead mode. */
  close(): void;
}

export async function connectorOf(path: string, timeoutMilliseconds: number): Promise<Connector> {
  const state = await inspectFile(path);
  const timeout = Math.min(timeoutMilliseconds, longestBusyWait);
  const copy = state.quiet && !state.folderWritable ? copyOf(path, state) : null;
  const opened = (readonly: boolean): Connection => {
    try {
      return new SQLite(path, { readonly, fileMustExist: true, timeout });
    } catch (error) {
      throw failureOf(error, path);
    }
  };
  const plain = (): Connection => (copy === null ? opened(true) : new SQLite(copy, { readonly: true }));
  return {
    path,
    reader: () => guarded(plain(), path),
    plain,
    writer() {
      return occupied(opened(false), path);
    },
    close() {
      if (state.quiet && copy === null) {
        tidy(path);
      }
    },
  };
}

/** Connections to a database that is in memory alone; what one writes no other sees. */
export function connectorInMemory(bytes: Buffer, numerals: ReadonlyMap<number, string>): Connector {
  return {
    path: ':memory:',
    reader() {
      const connection = guarded(new SQLite(bytes, { readonly: true }), ':memory:');
      addExactSums(connection, numerals);
      return connection;
    },
    plain: () => new SQLite(bytes, { readonly: true }),
    writer: () => occupied(new SQLite(bytes), ':memory:'),
    close() {},
  };
}

/** The file's bytes, marked as not in write-ahead mode, which SQLite can't have in memory. */
function copyOf(path: string, { bytes }: FileState): Buffer {
  if (bytes > inMemoryBytes) {
    throw new SqlqError(
      'failed',
      `${path} is in write-ahead mode in a folder that can not be written, and too large to be read into memory`,
      { hint: 'Copy the file to a folder of your own, and ask there.' },
    );
  }
  const copy = readFileSync(path);
  copy[18] = 1;
  copy[19] = 1;
  return copy;
}

/**
 * The engine's own layer. Everything here was found by trying: `readonly` alone still lets VACUUM INTO write a copy,
 * ATTACH open any database and TEMP objects be made; a transaction keeps VACUUM and journal modes out.
 */
function guarded(connection: Connection, path: string): Connection {
  occupied(connection, path);
  try {
    connection.exec('PRAGMA query_only=1; PRAGMA trusted_schema=0; PRAGMA cell_size_check=1; BEGIN');
    return connection;
  } catch (error) {
    connection.close();
    throw failureOf(error, path);
  }
}

function occupied(connection: Connection, path: string): Connection {
  try {
    for (let slot = 0; slot < attachSlots; slot++) {
      connection.exec(`ATTACH ':memory:' AS sqlq_slot_${slot}`);
    }
    // What is sorted or grouped would go to files of the system's temporary folder, until the disk is full.
    connection.exec('PRAGMA trusted_schema=0; PRAGMA temp_store=MEMORY');
    return connection;
  } catch (error) {
    connection.close();
    throw failureOf(error, path);
  }
}

/**
 * Reading a file in write-ahead mode makes a -wal and a -shm file, which only a connection that may write removes, as
 * the last one to close, under SQLite's own locks. It writes nothing: there is nothing in the -wal file.
 */
function tidy(path: string): void {
  try {
    const connection = new SQLite(path, { fileMustExist: true, timeout: 0 });
    try {
      connection.exec('PRAGMA query_only=1');
      connection.pragma('schema_version');
    } finally {
      connection.close();
    }
  } catch {
    // The file may not be written by this user; then the two files stay, as after any program that reads it.
  }
}
