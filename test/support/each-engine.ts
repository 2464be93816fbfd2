import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inject } from 'vitest';
import type { Target } from '../../src/database/target.ts';
import { createDuckdb, runDuckdb } from './duckdb-engine.ts';
import { mysqlTarget, runAsOwner, uniqueName } from './mysql-engine.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from './postgres-engine.ts';

/** A database of a test's own on one engine. */
export interface OwnDatabase {
  readonly target: Target;
  /** Runs more statements in it, as its owner. */
  run(statements: readonly string[]): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a database from statements that each engine takes. */
export interface EngineOfTest {
  readonly name: string;
  readonly isAvailable: () => boolean;
  create(script: readonly string[]): Promise<OwnDatabase>;
}

export const eachEngine: readonly EngineOfTest[] = [
  {
    name: 'sqlite',
    isAvailable: () => true,
    async create(script) {
      const folder = mkdtempSync(join(tmpdir(), 'sqlq-own-'));
      const path = join(folder, 'own.db');
      const run = async (statements: readonly string[]): Promise<void> => {
        const database = new Database(path);
        database.exec(statements.join(';\n'));
        database.close();
      };
      await run(script);
      return {
        target: { engine: 'sqlite', path },
        run,
        drop: async () => rmSync(folder, { recursive: true }),
      };
    },
  },
  {
    name: 'duckdb',
    isAvailable: () => true,
    async create(script) {
      const { path, destroy } = await createDuckdb(script);
      return {
        target: { engine: 'duckdb', path },
        run: (statements) => runDuckdb(path, statements),
        drop: destroy,
      };
    },
  },
  {
    name: 'postgres',
    isAvailable: () => inject('postgresUrl') !== null,
    async create(script) {
      const server = postgresTarget(inject('postgresUrl') ?? '');
      const database = uniquePostgresName('own');
      await runPostgres(server, [`CREATE DATABASE ${database}`]);
      const run = (statements: readonly string[]): Promise<void> =>
        runPostgres({ ...server, database }, statements);
      await run(script);
      return {
        target: { ...server, database },
        run,
        drop: () => runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]),
      };
    },
  },
  {
    name: 'mysql',
    isAvailable: () => inject('mariadbUrl') !== null,
    async create(script) {
      const server = mysqlTarget(inject('mariadbUrl') ?? 'mysql://u:p@localhost:1');
      const database = uniqueName('own');
      const run = (statements: readonly string[]): Promise<void> =>
        runAsOwner(server, [`USE ${database}`, ...statements]);
      await runAsOwner(server, [`CREATE DATABASE ${database} CHARACTER SET utf8mb4`]);
      await run(script);
      return {
        target: { ...server, database },
        run,
        drop: () => runAsOwner(server, [`DROP DATABASE ${database}`]),
      };
    },
  },
];
