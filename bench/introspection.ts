/**
 * Reading the wide schemas against `pg_dump -s`: the time of one `introspect` on an open connection and of the whole
 * way with a new process, as ratios to a `pg_dump -s` of the same database in the same session; medians.
 *
 * usage: npm run bench:introspection [-- RUNS]
 * SQLQ_TEST_POSTGRES names a server to use instead of a new one: pg_dump refuses servers that are newer than itself.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { openDatabase } from '../src/database/process/client.ts';
import { median } from './median.ts';
import { endFor, endForLacking, readNumber } from './needs.ts';
import { postgresServer, targetOf, urlOf } from './servers.ts';
import { readFacts, statementsOf } from './wide.ts';

const runs = readNumber(0, 'RUNS', 15);
const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The newest pg_dump of Debian's packages or of the PATH; an older one refuses a newer server. */
function findPgDump(): string | null {
  const folder = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(folder).toSorted((a, b) => Number(b) - Number(a));
    const [newest] = versions;
    if (newest !== undefined) {
      return `${folder}/${newest}/bin/pg_dump`;
    }
  } catch {
    // No such folder: the PATH is left.
  }
  return spawnSync('pg_dump', ['--version']).status === 0 ? 'pg_dump' : null;
}

/** The major version of a pg_dump: "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)". */
function majorOf(program: string): number {
  return Number(/\) (\d+)/u.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout)?.[1]);
}

async function serverMajor(address: string): Promise<number> {
  const client = new pg.Client({ connectionString: `${address}/postgres` });
  await client.connect();
  const { rows } = await client.query('SHOW server_version_num');
  await client.end();
  return Math.floor(Number(rows[0]?.server_version_num) / 10_000);
}

const schemas = ['musicbrainz', 'phabricator'].map((name) => ({ name, facts: readFacts(name) }));
const server = await postgresServer().catch(endForLacking);
const url = new URL(server.url);
const pgDump = findPgDump();
const major = await serverMajor(server.url);
if (pgDump !== null && majorOf(pgDump) < major) {
  await server.stop();
  endFor(
    `bench:introspection needs a pg_dump of PostgreSQL ${major} or newer, and ${pgDump} is ${majorOf(pgDump)}; SQLQ_TEST_POSTGRES=postgres://… names an older server.`,
  );
}
try {
  for (const { name, facts } of schemas) {
    const database = `sqlq_bench_${name}`;
    const admin = new pg.Client({ connectionString: urlOf(server, 'postgres') });
    // The server's end, when a run fails half-way, must not hide why it failed.
    admin.on('error', () => {});
    await admin.connect();
    await admin.query(`DROP DATABASE IF EXISTS ${database}`);
    await admin.query(`CREATE DATABASE ${database}`);
    const loader = new pg.Client({ connectionString: urlOf(server, database) });
    await loader.connect();
    await loader.query(statementsOf(facts, 'postgres').join(';\n'));
    await loader.end();

    const open = () =>
      openDatabase(targetOf('postgres', url, database), {
        access: 'read',
        timeoutMilliseconds: 60_000,
        hide: [],
        memoryLimit: 1 << 30,
        environment: process.env,
      });
    const warm = open();
    const columns = (await warm.introspect(everything, never)).tables.reduce(
      (sum, table) => sum + table.columns.length,
      0,
    );
    const times = { dump: [] as number[], warm: [] as number[], cold: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      if (pgDump !== null) {
        times.dump.push(
          await timed(() => {
            const dump = spawnSync(pgDump, ['-s', urlOf(server, database)], { maxBuffer: 1 << 28 });
            if (dump.status !== 0) {
              throw new Error(`pg_dump failed: ${dump.stderr}`);
            }
          }),
        );
      }
      times.warm.push(await timed(() => warm.introspect(everything, never)));
      times.cold.push(
        await timed(async () => {
          const cold = open();
          await cold.introspect(everything, never);
          await cold.close();
        }),
      );
    }
    await warm.close();
    await admin.query(`DROP DATABASE ${database}`);
    await admin.end();
    const base = median(times.dump);
    console.log(`${name}: ${facts.length} tables, ${columns} columns`);
    for (const [what, values] of Object.entries(times)) {
      const label =
        { dump: 'pg_dump -s', warm: 'introspect', cold: 'new process, connect, introspect' }[what] ?? what;
      console.log(
        `  ${label.padEnd(34)} ${median(values).toFixed(1).padStart(7)} ms   ${base === 0 ? 'no pg_dump' : `${(median(values) / base).toFixed(2)} x`}`,
      );
    }
  }
} finally {
  await server.stop();
}
