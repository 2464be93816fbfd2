import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';

/** A database file among canaries: what a hostile statement could change can be compared before and after. */
export interface SqliteWorld {
  readonly path: string;
  readonly folder: string;
  /** Rows, schema, bytes and files of the data folder, the working folder and the canary folder. */
  snapshot(): unknown;
  destroy(): void;
}

const canaryFolder = '/tmp/sqlq-canary/gen';

export function createSqliteWorld(schema: string): SqliteWorld {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-world-'));
  const path = join(folder, 'world.sqlite');
  const database = new SQLite(path);
  database.exec(schema);
  database.close();
  writeFileSync(join(folder, 'canary.txt'), 'canary');
  mkdirSync(canaryFolder, { recursive: true });
  return {
    path,
    folder,
    snapshot: () => ({
      rows: rowsOf(path),
      data: filesOf(folder),
      working: readdirSync(process.cwd()).sort(),
      canaries: filesOf(canaryFolder),
    }),
    destroy: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      return `${name} ${digest} ${statSync(path).mtimeMs}`;
    });
}

function rowsOf(path: string): unknown {
  const database = new SQLite(path, { readonly: true });
  try {
    const tables = database
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name",
      )
      .all();
    return tables.map(({ name, sql }) => [
      name,
      sql,
      database
        .prepare(`SELECT * FROM "${name.replaceAll('"', '""')}"`)
        .safeIntegers()
        .raw()
        .all(),
    ]);
  } finally {
    database.close();
  }
}
