/**
 * A million rows over HTTP to one reader that takes so many kilobytes a second, as CSV and as JSON: the peak memory of the
 * server and the process that runs the query, together, and while nothing was asked. The answer has to be whole.
 *
 * usage: npm run bench:serve-reader [-- ROWS [KILOBYTES_A_SECOND]]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import * as z from 'zod';
import { needLinux, readNumber } from '../needs.ts';
import { memoryOf } from './processes.ts';
import { type MeasuredServer, startServer } from './server.ts';

const rows = readNumber(0, 'ROWS', 1_000_000);
const bytesPerSecond = readNumber(1, 'KILOBYTES_A_SECOND', 2000) * 1000;
needLinux();
/** So often a reader takes its share. */
const sharesPerSecond = 20;
const answerSchema = z.object({ id: z.string() });

const folder = mkdtempSync(join(tmpdir(), 'sqlq-slow-reader-'));
const path = join(folder, 'sale.sqlite');
const file = new SQLite(path);
file.exec(`
  CREATE TABLE sale (id INTEGER PRIMARY KEY, name TEXT, amount REAL, day TEXT, note TEXT);
  WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows})
    INSERT INTO sale SELECT n, 'customer ' || n % 5000, n % 100000 / 100.0, date('2020-01-01', n % 2000 || ' days'),
      CASE WHEN n % 3 > 0 THEN 'a note, number ' || n END FROM n`);
file.close();

const server = await startServer(['--db', path]);
const pid = server.child.pid ?? 0;
try {
  const { id } = answerSchema.parse(await server.json('/v1/sql', { sql: 'SELECT * FROM sale' }));
  // JSON has a line before its rows and one after them.
  for (const [type, others] of [
    ['text/csv', 1],
    ['application/json', 2],
  ] as const) {
    await sleep(500);
    const before = memoryOf(pid);
    let peak = before;
    const poll = setInterval(() => {
      peak = Math.max(peak, memoryOf(pid));
    }, 200);
    const start = performance.now();
    const { bytes, lines } = await readSlowly(server, `/v1/answers/${id}/run`, type);
    clearInterval(poll);
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${type.padEnd(18)} ${(lines - others).toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(0)} s; ` +
        `peak ${(peak / 1024).toFixed(0)} MB, before ${(before / 1024).toFixed(0)} MB`,
    );
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** Reads an answer a share at a time, and counts it. */
function readSlowly(
  { url, token }: MeasuredServer,
  route: string,
  accept: string,
): Promise<{ readonly bytes: number; readonly lines: number }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept },
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      let bytes = 0;
      let lines = 0;
      let left = bytesPerSecond / sharesPerSecond;
      const refill = setInterval(() => {
        left = Math.min(left, 0) + bytesPerSecond / sharesPerSecond;
        if (left > 0) {
          response.resume();
        }
      }, 1000 / sharesPerSecond);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
          lines += 1;
        }
        left -= chunk.length;
        if (left <= 0) {
          response.pause();
        }
      });
      response.once('close', () => {
        clearInterval(refill);
        if (response.complete) {
          resolve({ bytes, lines });
        } else {
          reject(new Error(`The answer broke off after ${bytes} bytes.`));
        }
      });
    });
    asked.end();
  });
}
