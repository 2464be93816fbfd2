import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inject } from 'vitest';
import type { Target } from '../../src/database/target.ts';
import { createDuckdb } from './duckdb-engine.ts';
import { mysqlTarget, runAsOwner, uniqueName } from './mysql-engine.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from './postgres-engine.ts';

/** A database that was made for a test. */
export interface ScriptedDatabase {
  readonly target: Target;
  /** What `--db` takes. */
  readonly url: string;
  drop(): Promise<void>;
}

/** An engine on which the same statements make the same database. */
export interface ScriptedEngine {
  readonly name: 'sqlite' | 'duckdb' | 'postgres' | 'mysql';
  readonly isAvailable: boolean;
  create(script: readonly string[]): Promise<ScriptedDatabase>;
}

/** The engines; texts compare letter by letter on each. `part` stands in the names of databases. */
export function scriptedEngines(part: string): readonly ScriptedEngine[] {
  const [postgresUrl, mysqlUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  return [
    {
      name: 'sqlite',
      isAvailable: true,
      async create(script) {
        const folder = mkdtempSync(join(tmpdir(), `sqlq-${part}-`));
        const path = join(folder, 'made.db');
        const database = new Database(path);
        database.exec(script.join(';\n'));
        database.close();
        return {
          target: { engine: 'sqlite', path },
          url: path,
          drop: async () => rmSync(folder, { recursive: true }),
        };
      },
    },
    {
      name: 'duckdb',
      isAvailable: true,
      async create(script) {
        const { path, destroy } = await createDuckdb(script);
        return { target: { engine: 'duckdb', path }, url: path, drop: destroy };
      },
    },
    {
      name: 'postgres',
      isAvailable: postgresUrl !== null,
      async create(script) {
        const server = postgresTarget(postgresUrl ?? '');
        const database = uniquePostgresName(part);
        await runPostgres(server, [`CREATE DATABASE ${database}`]);
        await runPostgres({ ...server, database }, script);
        return {
          target: { ...server, database },
          url: `${postgresUrl}/${database}`,
          drop: () => runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]),
        };
      },
    },
    {
      name: 'mysql',
      isAvailable: mysqlUrl !== null,
      async create(script) {
        const server = mysqlTarget(mysqlUrl ?? 'mysql://u:p@localhost:1');
        const database = uniqueName(part);
        await runAsOwner(server, [
          `CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
          `USE ${database}`,
          ...script,
        ]);
        return {
          target: { ...server, database },
          url: `${mysqlUrl}/${database}`,
          drop: () => runAsOwner(server, [`DROP DATABASE ${database}`]),
        };
      },
    },
  ];
}
