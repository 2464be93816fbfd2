import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../src/database/target.ts';
import { endForLacking } from '../needs.ts';
import { mariadbServer, postgresServer, runningServer } from '../servers.ts';
import type { GoldEngine } from './cases.ts';

/** Opens databases of a folder on one engine: `NAME.sqlite` files as they are, `NAME.sql` scripts loaded into a server. */
export interface Host {
  targetOf(database: string): Promise<Target>;
  stop(): Promise<void>;
}

/** Starts what an engine needs; `server` is the URL of one that runs already. */
export async function startHost(
  engine: GoldEngine,
  folder: string,
  server: string | undefined,
): Promise<Host> {
  if (engine === 'sqlite') {
    return {
      async targetOf(database) {
        return { engine: 'sqlite', path: existing(join(folder, `${database}.sqlite`)) };
      },
      async stop() {},
    };
  }
  const begun =
    server !== undefined ? runningServer(server) : engine === 'postgres' ? postgresServer() : mariadbServer();
  const running = await begun.catch(endForLacking);
  const loaded = new Map<string, Promise<Target>>();
  return {
    targetOf(database) {
      const known = loaded.get(database);
      if (known !== undefined) {
        return known;
      }
      const script = readFileSync(existing(join(folder, `${database}.sql`)), 'utf8');
      const made =
        engine === 'postgres'
          ? loadPostgres(running.url, database, script)
          : loadMysql(running.url, database, script);
      loaded.set(database, made);
      return made;
    },
    stop: async () => void (await running.stop()),
  };
}

function existing(file: string): string {
  if (!existsSync(file)) {
    throw new Error(`no such database: ${file}`);
  }
  return file;
}

function targetOf(engine: 'postgres' | 'mysql', url: string, database: string): Target {
  const { hostname, port, username, password } = new URL(url);
  return {
    engine,
    host: hostname,
    port: Number(port),
    socket: null,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    tls: { mode: 'disable', ca: null, certificate: null, key: null },
  };
}

async function loadPostgres(url: string, database: string, script: string): Promise<Target> {
  const { default: pg } = await import('pg');
  // PostgreSQL folds a database's name as little as its client does: the script's own name is kept as it is.
  const name = database.toLowerCase();
  const admin = new pg.Client({ connectionString: `${url}/postgres` });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS "${name}"`);
  await admin.query(`CREATE DATABASE "${name}"`);
  await admin.end();
  const client = new pg.Client({ connectionString: `${url}/${name}` });
  await client.connect();
  await client.query(script);
  await client.query('ANALYZE');
  await client.end();
  return targetOf('postgres', url, name);
}

async function loadMysql(url: string, database: string, script: string): Promise<Target> {
  const { createConnection } = await import('mysql2/promise');
  const { hostname, port, username, password } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    multipleStatements: true,
  });
  await connection.query(`DROP DATABASE IF EXISTS \`${database}\``);
  await connection.query(`CREATE DATABASE \`${database}\``);
  await connection.query(`USE \`${database}\``);
  await connection.query(script);
  await connection.end();
  return targetOf('mysql', url, database);
}
