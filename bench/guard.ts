/**
 * What the guard and the child process add to a query: the driver in this process against the client, which judges,
 * checks and runs the same SQL in its child; both connected before, as the child is while a model is waited for. Medians
 * of interleaved runs of one session, on the sample shop. The start of the child is in bench/overhead.ts.
 *
 * usage: npm run bench:guard [-- RUNS]
 * SQLQ_TEST_POSTGRES and SQLQ_TEST_MARIADB name servers to use instead of new ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { openDatabase } from '../src/database/process/client.ts';
import type { Target } from '../src/database/target.ts';
import { median } from './median.ts';
import { measureEach, readNumber } from './needs.ts';
import { mariadbServer, postgresServer, targetOf } from './servers.ts';

const runs = readNumber(0, 'RUNS', 30);
const shop = join(import.meta.dirname, '../fixtures/shop');
const sql = 'SELECT country, count(*) AS n FROM customers GROUP BY country ORDER BY n DESC, country LIMIT 3';
const database = `sqlq_bench_guard_${process.pid}`;
const never = new AbortController().signal;

/** A connection by the driver alone. */
interface Direct {
  query(): Promise<unknown>;
  close(): Promise<unknown>;
}

function open(target: Target) {
  return openDatabase(target, {
    access: 'read',
    timeoutMilliseconds: 30_000,
    hide: [],
    memoryLimit: 1 << 30,
    environment: process.env,
  });
}

async function ask(client: ReturnType<typeof open>): Promise<void> {
  await client.examine({ sql }, never);
  await client.run(sql, {
    render: { format: 'csv', csvSafe: false, width: null, color: false },
    destination: { kind: 'rows' },
    limit: null,
    signal: never,
  });
}

async function compare(name: string, target: Target, connect: () => Promise<Direct>): Promise<void> {
  const direct = await connect();
  const client = open(target);
  const works: Readonly<Record<string, () => Promise<void>>> = {
    driver: async () => void (await direct.query()),
    client: () => ask(client),
  };
  const times = new Map(Object.keys(works).map((work) => [work, [] as number[]]));
  for (let turn = -3; turn < runs; turn += 1) {
    for (const [work, run] of Object.entries(works)) {
      const start = performance.now();
      await run();
      if (turn >= 0) {
        times.get(work)?.push(performance.now() - start);
      }
    }
  }
  await client.close();
  await direct.close();
  const [driver, ours] = [median(times.get('driver') ?? []), median(times.get('client') ?? [])];
  console.log(
    `${name.padEnd(10)} driver ${driver.toFixed(1).padStart(5)} ms, ` +
      `with guard and child ${ours.toFixed(1).padStart(5)} ms: ${(ours - driver).toFixed(1).padStart(5)} ms more`,
  );
}

async function sqlite(): Promise<void> {
  const path = join(shop, 'shop.sqlite');
  await compare('SQLite', { engine: 'sqlite', path }, async () => {
    const file = new SQLite(path, { readonly: true });
    return { query: async () => file.prepare(sql).all(), close: async () => file.close() };
  });
}

async function postgres(): Promise<void> {
  const server = await postgresServer();
  const url = new URL(server.url);
  const connect = async (name: string): Promise<pg.Client> => {
    url.pathname = name;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
  };
  const admin = await connect('postgres');
  try {
    await admin.query(`CREATE DATABASE ${database}`);
    const loader = await connect(database);
    await loader.query(readFileSync(join(shop, 'shop.postgres.sql'), 'utf8'));
    await loader.end();
    await compare('PostgreSQL', targetOf('postgres', url, database), async () => {
      const client = await connect(database);
      return { query: () => client.query(sql), close: () => client.end() };
    });
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.end();
    await server.stop();
  }
}

async function mysql(): Promise<void> {
  const server = await mariadbServer();
  const url = new URL(server.url);
  const admin = await createConnection({ uri: url.href, multipleStatements: true });
  try {
    await admin.query(`CREATE DATABASE ${database}; USE ${database}`);
    await admin.query(readFileSync(join(shop, 'shop.mysql.sql'), 'utf8'));
    url.pathname = database;
    await compare('MariaDB', targetOf('mysql', url, database), async () => {
      const connection = await createConnection(url.href);
      return { query: () => connection.query(sql), close: () => connection.end() };
    });
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database}`);
    await admin.end();
    await server.stop();
  }
}

await measureEach({ SQLite: sqlite, PostgreSQL: postgres, MariaDB: mysql });
