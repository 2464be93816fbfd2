/**
 * Start-up against an empty Node.js program: `sqlq --version` and `sqlq --help` as ratios to `node -e 0`, the median of
 * interleaved runs of one session.
 *
 * usage: npm run bench:startup [-- RUNS]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './median.ts';
import { readNumber } from './needs.ts';

const runs = readNumber(0, 'RUNS', 40);
const program = join(import.meta.dirname, '../bin/sqlq.js');
const commands = {
  'node -e 0': ['-e', '0'],
  'sqlq --version': [program, '--version'],
  'sqlq --help': [program, '--help'],
};

const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
for (let run = -3; run < runs; run += 1) {
  for (const [name, argv] of Object.entries(commands)) {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
    if (status !== 0) {
      throw new Error(`${name} ended with ${status}`);
    }
    // The first runs fill the caches.
    if (run >= 0) {
      times.get(name)?.push(performance.now() - start);
    }
  }
}
const base = median(times.get('node -e 0') ?? []);
for (const [name, values] of times) {
  console.log(
    `${name.padEnd(16)} ${median(values).toFixed(1).padStart(7)} ms   ${(median(values) / base).toFixed(2)} x`,
  );
}
