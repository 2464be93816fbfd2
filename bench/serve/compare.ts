/**
 * `sqlq serve` beside nl2sql-api: the same database, question, scripted model and connections, in turns within one run, with
 * a model that answers at once and with one that takes a while. What is printed: questions a second, times, processor time, errors.
 *
 * usage: npm run bench:serve [-- --seconds 10 --rounds 2 --connections 10 --delay 100 --workers N … --venv DIR]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LackingError, needLinux, parseFlags } from '../needs.ts';
import { type Asked, type Load, load, percentile, together } from './load.ts';
import { startPeer } from './peer.ts';
import { startScriptedModel } from './scripted-model.ts';
import { startServer } from './server.ts';
import { writeShop } from './shop.ts';

const options = parseFlags({
  seconds: { type: 'string', default: '10' },
  rounds: { type: 'string', default: '2' },
  connections: { type: 'string', default: '10' },
  delay: { type: 'string', default: '100' },
  workers: { type: 'string', multiple: true, default: [] },
  venv: { type: 'string' },
});
needLinux();
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const peerName = 'nl2sql-api';
const question = 'How many customers are there, in list [<id>]?';

interface Measured {
  readonly name: string;
  readonly asked: Asked;
  stop(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'sqlq-bench-serve-'));
const database = join(folder, 'shop.sqlite');
writeShop(database, 1000);
const model = await startScriptedModel();
const servers: Measured[] = [];
try {
  servers.push(await sqlq('sqlq serve', []));
  for (const workers of options.workers) {
    servers.push(await sqlq(`sqlq serve, ${workers} workers`, ['--workers', workers]));
  }
  const other = await peer().catch((error) => {
    if (!(error instanceof LackingError)) {
      throw error;
    }
    process.stderr.write(`${peerName}: not measured. ${error.message}\n`);
    return [];
  });
  servers.push(...other);
  console.log(`${connections} connections, ${options.rounds} rounds of ${seconds} s each, in turns`);
  for (const delay of [0, Number(options.delay)]) {
    await model.takes(delay);
    const rounds = new Map<string, Load[]>(servers.map(({ name }) => [name, []]));
    for (const { asked } of servers) {
      // Caches fill, children start.
      await load(asked, connections, 3);
    }
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const { name, asked } of servers) {
        rounds.get(name)?.push(await load(asked, connections, seconds));
      }
    }
    console.log(`\nA model that takes ${delay} ms (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    const rows = [...rounds].map(([name, all]) => ({ name, ...figuresOf(together(all)) }));
    for (const { name, rate, p50, p99, errors, count, processor } of rows) {
      console.log(
        `${name.padEnd(24)} ${rate.toFixed(2).padStart(8)} questions/s   p50 ${p50.toFixed(0).padStart(6)} ms   ` +
          `p99 ${p99.toFixed(0).padStart(6)} ms   ` +
          `${processor.toFixed(1).padStart(5)} ms of a processor each   ${errors} errors of ${count + errors}`,
      );
    }
    const other = rows.find(({ name }) => name === peerName);
    for (const own of rows) {
      if (other !== undefined && own !== other) {
        console.log(
          `${own.name}: ${(own.rate / other.rate).toFixed(1)} × the questions of ${other.name}, ` +
            `p99 ${(own.p99 / other.p99).toFixed(2)} and processor time ${(own.processor / other.processor).toFixed(2)} of its`,
        );
      }
    }
  }
} finally {
  await Promise.all(servers.map((one) => one.stop()));
  model.stop();
  rmSync(folder, { recursive: true });
}

function figuresOf({ latencies, seconds: took, errors, processor }: Load) {
  return {
    rate: latencies.length / took,
    count: latencies.length,
    processor: processor / latencies.length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    errors,
  };
}

async function sqlq(name: string, args: readonly string[]): Promise<Measured> {
  const server = await startServer([
    ...['--db', database, '--profile', 'custom', '--base-url', model.baseUrl, '--model', 'scripted'],
    ...['--rate-user', 'none', '--rate-address', 'none', ...args],
  ]);
  return {
    name,
    asked: {
      pid: server.child.pid ?? 0,
      url: `${server.url}/v1/ask`,
      headers: { authorization: `Bearer ${server.token}` },
      body: { question, run: true },
      isAnswer: (body) => body.includes('"rows":[[60]]'),
    },
    stop: server.stop,
  };
}

async function peer(): Promise<Measured[]> {
  const { pid, url, stop } = await startPeer(folder, database, model.baseUrl, options.venv);
  return [
    {
      name: peerName,
      asked: {
        pid,
        url: `${url}/query`,
        headers: {},
        body: {
          natural_language: question,
          datasource_id: 'shop',
          execute: true,
          user_context: { user_id: 'bench', tenant_id: 'bench', roles: ['default'] },
        },
        isAnswer: (body) => body.includes('There are 60 customers.') && body.includes('"errors":[]'),
      },
      stop,
    },
  ];
}
