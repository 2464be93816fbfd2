/**
 * Many open streams on one server that nothing comes of: agents that listen for changes at /mcp, those of several users. What
 * memory they take, whether a question is still answered in time, and whether all of them are still open after a while.
 *
 * usage: npm run bench:serve-streams [-- --streams 10000 --users 10 --seconds 60]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endFor, needLinux, parseFlags } from '../needs.ts';
import { percentile } from './load.ts';
import { memoryOf } from './processes.ts';
import { startScriptedModel } from './scripted-model.ts';
import { startServer } from './server.ts';
import { writeShop } from './shop.ts';
import { makeAdmin, makeUser } from './users.ts';

const options = parseFlags({
  streams: { type: 'string', default: '10000' },
  users: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '60' },
});
needLinux();
const wanted = Number(options.streams);
/** Node.js takes as many as it may have. */
const descriptors = Number(/^Max open files +(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
if (descriptors < wanted + 200) {
  endFor(
    `${wanted} streams need as many file descriptors, and a process may have ${descriptors} here: ulimit -n ${wanted + 200}, or fewer --streams.`,
  );
}
/** So many are being opened at a time. */
const together = 50;
const questions = 20;
const flags = ['--rate-user', 'none', '--rate-address', 'none'];
const version = '2026-07-28';
const listen = JSON.stringify({
  jsonrpc: '2.0',
  id: 'listen',
  method: 'subscriptions/listen',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
    notifications: { toolsListChanged: true },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'sqlq-streams-'));
const home = join(folder, 'home');
mkdirSync(home);
const database = join(folder, 'shop.sqlite');
writeShop(database, 1000);
const admin = makeAdmin(home);
const model = await startScriptedModel();
const server = await startServer(
  [
    '--db',
    database,
    ...['--profile', 'custom', '--base-url', model.baseUrl, '--model', 'scripted'],
    ...flags,
  ],
  home,
);
const pid = server.child.pid ?? 0;
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
const open = new Set<IncomingMessage>();
let refused = 0;
try {
  const tokens = await Promise.all(
    Array.from({ length: Number(options.users) }, (_, number) =>
      makeUser(server.url, admin, `user${number}`),
    ),
  );
  console.log(`file descriptors a process may have: ${descriptors}; flags: ${flags.join(' ')}`);
  await tell('no stream');
  let number = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: together }, async () => {
      while (number < wanted) {
        const token = tokens[number % tokens.length] ?? '';
        number += 1;
        await openStream(token);
      }
    }),
  );
  console.log(
    `opened ${open.size} streams of ${wanted} in ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  await tell(`${open.size} streams`);
  await sleep(Number(options.seconds) * 1000);
  await tell(`${open.size} streams, ${options.seconds} s later`);
  if (refused > 0 || open.size < wanted) {
    console.error(`${refused} were refused, and ${wanted - refused - open.size} have ended.`);
    process.exitCode = 1;
  }
} finally {
  agent.destroy();
  await server.stop();
  model.stop();
  rmSync(folder, { recursive: true });
}

/** Opens a stream, and waits until it has begun. */
function openStream(token: string): Promise<void> {
  return new Promise((resolve) => {
    const refuse = (): void => {
      refused += 1;
      resolve();
    };
    const asked = request(`${server.url}/mcp`, {
      agent,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-method': 'subscriptions/listen',
        'mcp-protocol-version': version,
      },
    });
    asked.once('error', refuse);
    asked.once('response', (response) => {
      if (response.headers['content-type']?.startsWith('text/event-stream') !== true) {
        response.resume();
        refuse();
        return;
      }
      open.add(response);
      response.once('close', () => open.delete(response));
      // What keeps it open is not kept.
      response.once('error', () => {}).on('data', () => resolve());
    });
    asked.end(listen);
  });
}

/** Asks a few questions, and prints how long that took and what memory there is. */
async function tell(when: string): Promise<void> {
  const times: number[] = [];
  for (let number = 0; number < questions; number += 1) {
    const start = performance.now();
    const response = await fetch(`${server.url}/v1/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ question: `How many customers are there, ${when}, ${number}?`, run: true }),
    });
    const text = await response.text();
    if (!text.includes('"rows":[[60]]')) {
      throw new Error(`No answer, with ${when}: ${response.status} ${text.slice(0, 300)}`);
    }
    times.push(performance.now() - start);
  }
  console.log(
    `${when}: ${(memoryOf(pid) / 1024).toFixed(0)} MB; ${questions} questions, one after another, ` +
      `p50 ${percentile(times, 0.5).toFixed(0)} ms, the slowest ${Math.max(...times).toFixed(0)} ms (load of the machine: ${loadavg()[0]?.toFixed(1)})`,
  );
}
