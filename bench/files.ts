/**
 * Questions of a Parquet set that is far larger than memory: the wall time of each, the peak memory of both processes, and how
 * much of the set was read. Makes the set first, ten files of rows that hardly pack, and removes it at the end. Linux; needs a
 * build, and room for the set where TMPDIR is.
 *
 * usage: npm run bench:files [-- GIGABYTES]   (10 unless given)
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endFor, needLinux, readNumber } from './needs.ts';
import { usedBy } from './process-use.ts';

const gigabytes = readNumber(0, 'GIGABYTES', 10);
needLinux();
const { default: driver } = await import('@duckdb/node-bindings').catch(() =>
  endFor('It needs the package @duckdb/node-bindings, which could not be installed on this machine.'),
);
const { bavail, bsize } = statfsSync(tmpdir());
if (bavail * bsize < gigabytes * 1.1e9) {
  endFor(
    `It needs ${gigabytes} GB of room in ${tmpdir()}, or in another folder that TMPDIR names; or ask for less: bench:files -- 1`,
  );
}
const program = join(import.meta.dirname, '../bin/sqlq.js');
const home = mkdtempSync(join(tmpdir(), 'sqlq-bench-files-'));
const files = 10;
/** A row of it takes about as many bytes. */
const bytesPerRow = 39;
const rows = Math.round((gigabytes * 1e9) / bytesPerRow);

async function make(): Promise<void> {
  const config = driver.create_config();
  for (const [name, value] of [
    ['memory_limit', '2GB'],
    ['preserve_insertion_order', 'false'],
  ] as const) {
    driver.set_config(config, name, value);
  }
  const connection = await driver.connect(await driver.open(':memory:', config));
  for (let file = 0; file < files; file += 1) {
    const range = [file, file + 1].map((part) => Math.round((part * rows) / files)).join(', ');
    const path = join(home, `events-${file}.parquet`);
    await driver.query(
      connection,
      `COPY (SELECT i AS id, DATE '2015-01-01' + CAST(i // 65000 AS INTEGER) AS day, 'country ' || (i % 40) AS country,
        (hash(i) % 100000) / 100 AS amount, hash(i) AS a, hash(i + 1000000007) AS b, hash(i * 3) AS c, hash(i + 5) AS d
        FROM range(${range}) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2000000)`,
    );
  }
}

function measure(what: string, argv: readonly string[]): Promise<void> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...argv], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: home, XDG_STATE_HOME: home },
    });
    let kilobytes = 0;
    let bytesRead = 0;
    const poll = setInterval(() => {
      const used = usedBy(child.pid ?? 0);
      kilobytes = Math.max(kilobytes, used.kilobytes);
      bytesRead = Math.max(bytesRead, used.bytesRead);
    }, 30);
    child.once('error', reject);
    child.once('exit', (status) => {
      clearInterval(poll);
      const seconds = (performance.now() - start) / 1000;
      console.log(
        `${what.padEnd(34)} ${seconds.toFixed(1)} s, ${(kilobytes / 1024).toFixed(0)} MB of memory, ${(bytesRead / 1e6).toFixed(0)} MB read${status === 0 ? '' : `, exit code ${status}`}`,
      );
      resolve();
    });
  });
}

try {
  await make();
  const bytes = readdirSync(home)
    .filter((name) => name.endsWith('.parquet'))
    .reduce((sum, name) => sum + statSync(join(home, name)).size, 0);
  console.log(`${(bytes / 1e9).toFixed(1)} GB, ${rows.toLocaleString('en')} rows in ${files} files`);
  const db = ['--db', `${home}/*.parquet`];
  const offline = ['ask', ...db, '--profile', 'offline', '--yes'];
  const byCountry = 'SELECT country, count(*) AS n, sum(amount) AS total FROM events GROUP BY country';
  await measure('one group for each country', ['run', ...db, byCountry]);
  await measure('the mean of a day', [
    'run',
    ...db,
    "SELECT count(*), avg(amount) FROM events WHERE day = DATE '2020-05-05'",
  ]);
  await measure('one row by its number', [
    'run',
    ...db,
    `SELECT * FROM events WHERE id = ${Math.round(rows / 2)}`,
  ]);
  await measure('asked offline, the first time', [...offline, 'how many events per country']);
  await measure('asked offline, the second time', [...offline, 'how many events per country']);
  await measure('a month by country, asked offline', [...offline, 'total amount by country in March 2020']);
} finally {
  rmSync(home, { recursive: true, force: true });
}
