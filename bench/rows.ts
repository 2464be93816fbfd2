/**
 * Rows to CSV, whole, into a file: `sqlq run` against `sqlite3 -csv`, `duckdb -csv`, `psql --csv` and `mariadb --batch` on the same
 * table, the wall time as a ratio and the peak memory of both (of sqlq: both its processes together); medians of
 * interleaved runs of one session. Needs a build, and the clients on the PATH; those that are not there are named.
 *
 * usage: npm run bench:rows [-- ROWS [RUNS [sqlite|duckdb|postgres|mysql]]]
 * SQLQ_TEST_POSTGRES and SQLQ_TEST_MARIADB name servers to use instead of new ones.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { median } from './median.ts';
import { endFor, measureEach, needLinux, needProgram, readNumber } from './needs.ts';
import { usedBy } from './process-use.ts';
import { mariadbServer, postgresServer } from './servers.ts';

const rows = readNumber(0, 'ROWS', 1_000_000);
const runs = readNumber(1, 'RUNS', 5);
const engines = { sqlite, duckdb, postgres, mysql };
const chosen = Object.entries(engines).filter(([name]) => name === (process.argv[4] ?? name));
if (chosen.length === 0) {
  endFor(`The engine has to be one of ${Object.keys(engines).join(', ')}, not ${process.argv[4]}.`);
}
needLinux();
const program = join(import.meta.dirname, '../bin/sqlq.js');
const database = `sqlq_bench_rows_${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'sqlq-rows-'));
const output = join(folder, 'rows.csv');
const sql = 'SELECT id, name, amount, ratio, day, note FROM sale';

/** One row, the same on every engine: an integer, a short text, a decimal, a double, a date, a text that may be null. */
const select = (day: string, concat: (...parts: string[]) => string): string =>
  `SELECT n AS id, ${concat("'customer '", 'n % 5000')} AS name, (n % 100000) / 100.0 AS amount, n / 7.0 AS ratio,
   ${day} AS day, CASE WHEN n % 3 = 0 THEN NULL ELSE ${concat("'a note, number '", 'n')} END AS note FROM n`;
const types =
  'id integer, name varchar(50), amount decimal(10,2), ratio double precision, day date, note varchar(80)';

interface Ran {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly bytes: number;
}

function run(command: string, argv: readonly string[]): Promise<Ran> {
  const file = openSync(output, 'w');
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { stdio: ['ignore', file, 'inherit'] });
    let peak = 0;
    const poll = setInterval(() => {
      peak = Math.max(peak, usedBy(child.pid ?? 0).kilobytes);
    }, 100);
    child.once('error', reject);
    child.once('exit', (status) => {
      const milliseconds = performance.now() - start;
      clearInterval(poll);
      closeSync(file);
      if (status !== 0) {
        reject(new Error(`${command} ended with ${status}`));
      }
      resolve({ milliseconds, megabytes: peak / 1024, bytes: statSync(output).size });
    });
  });
}

async function compare(name: string, url: string, peer: readonly [string, ...string[]]): Promise<void> {
  const [client, ...clientArguments] = peer;
  const ours: Ran[] = [];
  const theirs: Ran[] = [];
  for (let round = -1; round < runs; round += 1) {
    const their = await run(client, clientArguments);
    const our = await run(process.execPath, [
      program,
      'run',
      '--db',
      url,
      '--format',
      'csv',
      '--timeout',
      '10m',
      sql,
    ]);
    // The first round fills the caches.
    if (round < 0) {
      continue;
    }
    theirs.push(their);
    ours.push(our);
  }
  const time = (all: readonly Ran[]): number => median(all.map(({ milliseconds }) => milliseconds));
  const memory = (all: readonly Ran[]): string =>
    `${median(all.map(({ megabytes }) => megabytes)).toFixed(0)} MB`;
  console.log(
    `${name.padEnd(10)} sqlq ${time(ours).toFixed(0)} ms, ${memory(ours)}; ${client} ${time(theirs).toFixed(0)} ms, ` +
      `${memory(theirs)}; ${(time(ours) / time(theirs)).toFixed(2)} x   (${ours[0]?.bytes} and ${theirs[0]?.bytes} bytes)`,
  );
}

async function sqlite(): Promise<void> {
  needProgram('sqlite3');
  const path = join(folder, 'rows.sqlite');
  const file = new SQLite(path);
  const columns = select("date('2020-01-01', (n % 2000) || ' days')", (...parts) => parts.join(' || '));
  file.exec(
    `CREATE TABLE sale (${types});
     WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows}) INSERT INTO sale ${columns}`,
  );
  file.close();
  await compare('SQLite', path, ['sqlite3', '-readonly', '-csv', '-header', path, sql]);
}

async function duckdb(): Promise<void> {
  needProgram('duckdb');
  const path = join(folder, 'rows.duckdb');
  const columns = select("date '2020-01-01' + CAST(n % 2000 AS INTEGER)", (...parts) => parts.join(' || '));
  const numbers = `SELECT range AS n FROM range(1, ${rows + 1})`;
  execFileSync('duckdb', [
    path,
    `CREATE TABLE sale (${types}); INSERT INTO sale WITH n AS (${numbers}) ${columns}`,
  ]);
  await compare('DuckDB', path, ['duckdb', '-readonly', '-csv', path, sql]);
}

async function postgres(): Promise<void> {
  needProgram('psql');
  const server = await postgresServer();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${database}`);
    const url = new URL(server.url);
    url.pathname = database;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const columns = select("date '2020-01-01' + n % 2000", (...parts) => parts.join(' || '));
    await client.query(`CREATE TABLE sale (${types})`);
    await client.query(`WITH n AS (SELECT generate_series(1, ${rows}) AS n) INSERT INTO sale ${columns}`);
    await client.query('VACUUM ANALYZE sale');
    await client.end();
    await compare('PostgreSQL', url.href, ['psql', '--csv', url.href, '-c', sql]);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.end();
    await server.stop();
  }
}

async function mysql(): Promise<void> {
  const server = await mariadbServer();
  // After the server: where that is installed, its client comes along.
  needProgram('mariadb');
  const admin = await createConnection(server.url);
  try {
    await admin.query(`CREATE DATABASE ${database}`);
    const columns = select(
      "DATE '2020-01-01' + INTERVAL (n % 2000) DAY",
      (...parts) => `CONCAT(${parts.join(', ')})`,
    );
    await admin.query(`USE ${database}`);
    await admin.query(`CREATE TABLE ${database}.sale (${types})`);
    await admin.query(
      `INSERT INTO ${database}.sale ${columns.replace(/FROM n$/u, `FROM (SELECT seq AS n FROM seq_1_to_${rows}) AS n`)}`,
    );
    const url = new URL(server.url);
    url.pathname = database;
    await compare('MariaDB', url.href, [
      'mariadb',
      '--batch',
      `--host=${url.hostname}`,
      `--port=${url.port}`,
      `--user=${url.username}`,
      `--password=${url.password}`,
      '--protocol=tcp',
      database,
      '--execute',
      sql,
    ]);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database}`);
    await admin.end();
    await server.stop();
  }
}

try {
  await measureEach(Object.fromEntries(chosen));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
