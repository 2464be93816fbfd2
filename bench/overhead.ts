/**
 * What sqlq adds to a small query: `sqlq run`, and `sqlq ask` whose model answers at once, against `sqlite3` or `psql -c`
 * with the same SQL, with warm caches; medians of interleaved runs of one session.
 *
 * usage: npm run bench:overhead [-- RUNS]       SQLQ_TEST_POSTGRES names a server to use instead of a new one
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { answers, startModelServer } from '../test/support/model-server.ts';
import { median } from './median.ts';
import { measureEach, needProgram, readNumber } from './needs.ts';
import { postgresServer, urlOf } from './servers.ts';

const runs = readNumber(0, 'RUNS', 15);
const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const program = join(root, 'bin/sqlq.js');
const sql = 'SELECT country, count(*) AS n FROM customers GROUP BY country ORDER BY n DESC, country LIMIT 3';
const environment = { ...process.env, XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'sqlq-overhead-')) };

const model = await startModelServer();
model.scriptAll(answers({ sql }));
model.models([{ id: 'm', meta: { n_ctx: 8192 } }]);

type Work = () => Promise<unknown>;

async function compare(title: string, works: Readonly<Record<string, Work>>): Promise<void> {
  const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
  for (let turn = -2; turn < runs; turn += 1) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      if (turn >= 0) {
        times.get(name)?.push(performance.now() - start);
      }
    }
  }
  const middle = (name: string): number => median(times.get(name) ?? []);
  const [base = ''] = times.keys();
  console.log(title);
  for (const name of times.keys()) {
    console.log(
      `  ${name.padEnd(30)} ${middle(name).toFixed(0).padStart(5)} ms   ${(middle(name) - middle(base)).toFixed(0).padStart(5)} ms more`,
    );
  }
}

async function measure(
  title: string,
  place: string,
  native: readonly [string, readonly string[]],
): Promise<void> {
  const sqlq =
    (...argv: readonly string[]): Work =>
    () =>
      run(process.execPath, [program, ...argv], { env: environment });
  await compare(title, {
    [`${native[0]}`]: () => run(native[0], [...native[1]]),
    'sqlq run': sqlq('run', '--db', place, sql),
    'sqlq ask': sqlq(
      'ask',
      '--db',
      place,
      '--base-url',
      model.baseUrl,
      '--model',
      'm',
      '--yes',
      '--quiet',
      'top?',
    ),
  });
}

async function sqlite(): Promise<void> {
  needProgram('sqlite3');
  const sample = join(root, 'fixtures/shop/shop.sqlite');
  await measure('SQLite', sample, ['sqlite3', ['-csv', sample, sql]]);
}

async function postgres(): Promise<void> {
  needProgram('psql');
  const server = await postgresServer();
  const name = 'sqlq_bench_overhead';
  const admin = new pg.Client({ connectionString: urlOf(server, 'postgres') });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.query(`CREATE DATABASE ${name}`);
  const loader = new pg.Client({ connectionString: urlOf(server, name) });
  await loader.connect();
  await loader.query(readFileSync(join(root, 'fixtures/shop/shop.postgres.sql'), 'utf8'));
  await loader.end();
  const url = urlOf(server, name);
  await measure('PostgreSQL', url, ['psql', ['--csv', url, '-c', sql]]);
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
  await server.stop();
}

await measureEach({ SQLite: sqlite, PostgreSQL: postgres });
await model.close();
