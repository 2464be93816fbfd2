import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../src/database/target.ts';
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
  const running = server === undefined ? await startServer(engine) : { url: server, async stop() {} };
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
    stop: () => running.stop(),
  };
}

function existing(file: string): string {
  if (!existsSync(file)) {
    throw new Error(`no such database: ${file}`);
  }
  return file;
}

async function startServer(
  engine: 'postgres' | 'mysql',
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (engine === 'postgres') {
    return (await import('../../test/support/postgres-server.ts')).startPostgres();
  }
  const started = await (await import('../../test/support/mariadb-server.ts')).startMariadb();
  if (started === null) {
    throw new Error('MariaDB is not on the PATH and cannot be installed; name a server with --server');
  }
  return started;
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
