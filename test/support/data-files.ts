import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataTarget } from '../../src/config/database/data-files.ts';
import type { Row } from '../../src/database/database.ts';
import { filesConnector } from '../../src/database/duckdb/files/connector.ts';
import { hidePatterns } from '../../src/database/pattern.ts';

/** A folder with files in it, removed at the end of its scope. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-files-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What was made of files: their tables with types, what was said, and their rows. */
export interface ReadFiles {
  /** `column TYPE` of each column, by `schema.table`, or `table` in the main one. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly string[];
  rows(sql: string): Promise<readonly Row[]>;
}

/** How files are named, and what is said of them. */
export interface Reading {
  /** An address a line. */
  readonly db?: string;
  readonly types?: readonly string[];
  readonly reading?: readonly string[];
  /** The part of what is usually held in memory that may be. */
  readonly room?: number;
  /** Patterns of columns whose values nobody is told. */
  readonly hide?: readonly string[];
  /** What is done in the folder once its files are there. */
  prepare?(folder: string): Promise<void>;
}

/** Reads some files as a database, and hands what was made of them to `use`. */
export async function withFiles<Result>(
  files: Readonly<Record<string, string | Uint8Array>>,
  { db = Object.keys(files).join('\n'), room, hide = [], prepare, ...words }: Reading,
  use: (read: ReadFiles, folder: string) => Promise<Result>,
): Promise<Result> {
  await using made = await folderOf(files);
  await prepare?.(made.folder);
  const target = await dataTarget(db, {
    environment: {},
    workingDirectory: made.folder,
    homeFolder: made.folder,
    ...words,
  });
  if (target?.reading === undefined) {
    throw new Error(`${db} is a database`);
  }
  const connector = await filesConnector(target.reading, hidePatterns(hide), undefined, room);
  const rows = async (sql: string): Promise<readonly Row[]> => {
    const connection = await connector.reader();
    try {
      return await connection.rows(sql);
    } finally {
      connection.close();
    }
  };
  try {
    const tables: Record<string, string[]> = {};
    for (const [schema, table, column, type] of await rows(
      'SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index',
    )) {
      const name = schema === 'main' ? String(table) : `${schema}.${table}`;
      tables[name] = [...(tables[name] ?? []), `${column} ${type}`];
    }
    return await use({ tables, rows, warnings: connector.warnings() }, made.folder);
  } finally {
    connector.close();
  }
}

/** What was made of files, without their rows. */
export function tablesOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  reading: Reading = {},
): Promise<Pick<ReadFiles, 'tables' | 'warnings'>> {
  return withFiles(files, reading, async ({ tables, warnings }) => ({ tables, warnings }));
}
