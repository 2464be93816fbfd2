/**
 * Many users of one server at once, each signed in by a token of their own, for a while: questions with rows, lists in each
 * format, follow-ups, answers that are rejected. Prints each minute what memory the server and its processes take. Ends with
 * 1 where anything failed, or where the last third of the time takes over 15 % more memory than the third before it.
 *
 * usage: npm run bench:serve-soak [-- --users 200 --minutes 10 --think SECONDS --workers N]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { needLinux, parseFlags } from '../needs.ts';
import { percentile } from './load.ts';
import { memoryOf } from './processes.ts';
import { startScriptedModel } from './scripted-model.ts';
import { startServer } from './server.ts';
import { writeShop } from './shop.ts';
import { makeAdmin, makeUser } from './users.ts';
import { visit } from './visitor.ts';

const options = parseFlags({
  users: { type: 'string', default: '200' },
  minutes: { type: 'string', default: '10' },
  think: { type: 'string', default: '20' },
  workers: { type: 'string', default: '1' },
});
needLinux();
const milliseconds = Number(options.minutes) * 60_000;
const mostGrowth = 0.15;
const lookEvery = 5_000;
/** Signing up takes a hash that is meant to take long. */
const together = 4;

const folder = mkdtempSync(join(tmpdir(), 'sqlq-soak-'));
const home = join(folder, 'home');
mkdirSync(home);
const database = join(folder, 'shop.sqlite');
writeShop(database, 20_000);
const admin = makeAdmin(home);
const model = await startScriptedModel();
const server = await startServer(
  [
    ...['--db', database, '--profile', 'custom', '--base-url', model.baseUrl, '--model', 'scripted'],
    ...['--workers', options.workers, '--rate-address', 'none'],
  ],
  home,
);
const failures: string[] = [];
let turnedAway = 0;
let latencies: { readonly what: string; readonly took: number }[] = [];
const all: typeof latencies = [];
const memory: number[] = [];
const pid = server.child.pid ?? 0;
try {
  const names = Array.from({ length: Number(options.users) }, (_, number) => `user${number}`);
  const tokens: string[] = [];
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        tokens.push(await makeUser(server.url, admin, name));
      }
    }),
  );
  console.log(`${tokens.length} users are signed in (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
  const ending = new AbortController();
  const visits = tokens.map((token) =>
    visit(
      server.url,
      token,
      Number(options.think),
      {
        answered: (what, took) => latencies.push({ what, took }),
        turnedAway: () => {
          turnedAway += 1;
        },
        failed: (what, why) => failures.push(`${what}: ${why}`),
      },
      ending.signal,
    ),
  );
  const start = performance.now();
  let minute = 0;
  while (performance.now() - start < milliseconds) {
    await sleep(lookEvery);
    memory.push(memoryOf(pid));
    if (performance.now() - start >= (minute + 1) * 60_000) {
      minute += 1;
      tellMinute(minute);
    }
  }
  ending.abort();
  await Promise.all(visits);
  all.push(...latencies);
} finally {
  await server.stop();
  model.stop();
  rmSync(folder, { recursive: true });
}

const third = Math.floor(memory.length / 3);
const middle = mean(memory.slice(third, 2 * third));
const last = mean(memory.slice(2 * third));
const took = all.map((one) => one.took);
console.log(
  `\n${all.length} visits, ${failures.length} errors, ${turnedAway} times told to come again; p50 ` +
    `${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms\n` +
    `memory: ${inMegabytes(middle)} in the middle third, ${inMegabytes(last)} in the last (${(100 * (last / middle - 1)).toFixed(1)} %)`,
);
for (const failure of failures.slice(0, 10)) {
  console.error(failure);
}
process.exitCode = failures.length > 0 || last > middle * (1 + mostGrowth) ? 1 : 0;

function tellMinute(minute: number): void {
  const times = latencies.map((one) => one.took);
  all.push(...latencies);
  latencies = [];
  console.log(
    `${String(minute).padStart(3)} min  ${inMegabytes(memory.at(-1) ?? 0).padStart(7)}  ${times.length} visits  ` +
      `p50 ${percentile(times, 0.5).toFixed(0)} ms  p99 ${percentile(times, 0.99).toFixed(0)} ms  ` +
      `${failures.length} errors, ${turnedAway} times told to come again  (load ${loadavg()[0]?.toFixed(1)})`,
  );
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);
}

function inMegabytes(kilobytes: number): string {
  return `${(kilobytes / 1024).toFixed(0)} MB`;
}
