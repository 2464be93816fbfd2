import { resolve } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { inject } from 'vitest';
import type { Engine } from '../../src/database/engines.ts';
import type { Target } from '../../src/database/target.ts';
import { createDuckdb } from './duckdb-engine.ts';
import { mysqlTarget, runAsOwner } from './mysql-engine.ts';
import { postgresTarget } from './postgres-engine.ts';

/** A real database of each engine, and what the server says of the statements that it runs. */
export interface ProcessEngine {
  readonly engine: Engine;
  readonly available: () => boolean;
  /** Makes what the target needs; what it gives back takes that away. */
  readonly prepare: () => Promise<() => Promise<void>>;
  readonly target: () => Target;
  /** Rows without an end, or nearly. */
  readonly manyRows: string;
  /** A statement that computes for hours before its first row. */
  readonly endless: (mark: string) => string;
  /** How many statements with this mark the server runs now; null where there is no server. */
  readonly running: ((mark: string) => Promise<number>) | null;
}

/** One for each process of the test run. */
const mysqlDatabase = `sqlq_process_${process.pid}`;

let duckdbPath = '';

export const processEngines: readonly ProcessEngine[] = [
  {
    engine: 'sqlite',
    available: () => true,
    prepare: async () => async () => {},
    target: () => ({ engine: 'sqlite', path: resolve('fixtures/shop/shop.sqlite') }),
    manyRows:
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000) SELECT i FROM n',
    endless: (mark) =>
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS ${mark} FROM n`,
    running: null,
  },
  {
    engine: 'duckdb',
    available: () => true,
    async prepare() {
      const made = await createDuckdb([]);
      duckdbPath = made.path;
      return made.destroy;
    },
    target: () => ({ engine: 'duckdb', path: duckdbPath }),
    manyRows: 'SELECT range AS i FROM range(100000000)',
    endless: (mark) =>
      `SELECT count(*) AS ${mark} FROM range(10000000) a, range(10000000) b WHERE a.range + b.range < 0`,
    running: null,
  },
  {
    engine: 'postgres',
    available: () => inject('postgresUrl') !== null,
    prepare: async () => async () => {},
    target: () => postgresTarget(inject('postgresUrl') ?? ''),
    manyRows: 'SELECT generate_series(1, 100000000) AS i',
    endless: (mark) => `SELECT count(*) AS ${mark} FROM pg_class a, pg_class b, pg_class c, pg_class d`,
    async running(mark) {
      const client = new Client({ connectionString: inject('postgresUrl') ?? '' });
      await client.connect();
      const { rows } = await client.query(
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
        [`%${mark}%`],
      );
      await client.end();
      return rows.length;
    },
  },
  {
    engine: 'mysql',
    available: () => inject('mariadbUrl') !== null,
    async prepare() {
      const server = mysqlTarget(inject('mariadbUrl') ?? '');
      await runAsOwner(server, [`CREATE DATABASE ${mysqlDatabase}`]);
      return () => runAsOwner(server, [`DROP DATABASE ${mysqlDatabase}`]);
    },
    target: () => mysqlTarget(inject('mariadbUrl') ?? '', { database: mysqlDatabase }),
    manyRows:
      'SELECT a.ordinal_position AS i FROM information_schema.columns a, information_schema.columns b, information_schema.columns c',
    endless: (mark) =>
      `SELECT count(*) AS ${mark} FROM information_schema.columns a, information_schema.columns b, information_schema.columns c`,
    async running(mark) {
      const connection = await createConnection(inject('mariadbUrl') ?? '');
      const [rows] = await connection.query(
        'SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND info LIKE ?',
        [`%${mark}%`],
      );
      connection.destroy();
      return Array.isArray(rows) ? rows.length : 0;
    },
  },
];
