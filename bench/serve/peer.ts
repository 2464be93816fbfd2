import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { pythonWith } from '../peers/venv.ts';

/** nl2sql-api, as it serves one database. */
export interface Peer {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** It imports for so long on a busy machine. */
const mostSecondsToStart = 180;

/** Starts nl2sql-api on a database and a model's server, and has it index the schema; `folder` is for its files. */
export async function startPeer(
  folder: string,
  database: string,
  baseUrl: string,
  venv: string | undefined,
): Promise<Peer> {
  const here = (name: string): string => new URL(name, import.meta.url).pathname;
  const python = pythonWith(here('requirements.txt'), 'sqlq-bench-serve', venv);
  const configs = join(folder, 'configs');
  mkdirSync(configs, { recursive: true });
  const write = (name: string, what: unknown): void =>
    writeFileSync(join(configs, name), JSON.stringify(what));
  // JSON is YAML too.
  write('datasources.yaml', {
    version: 1,
    datasources: [{ id: 'shop', description: 'the shop', connection: { type: 'sqlite', database } }],
  });
  write('llm.yaml', {
    version: 1,
    default: { provider: 'openai', model: 'scripted', api_key: 'none', base_url: baseUrl },
  });
  write('policies.json', {
    version: 1,
    roles: {
      default: { description: 'all', role: 'default', allowed_datasources: ['*'], allowed_tables: ['*'] },
    },
  });
  write('sample_questions.yaml', {});
  write('secrets.yaml', { version: 1, providers: [] });
  const port = await freePort();
  const log = join(folder, 'peer.log');
  const output = openSync(log, 'w');
  const child = spawn(python, [here('peer.py'), String(port)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_BASE: baseUrl,
    },
    stdio: ['ignore', output, output],
  });
  const url = `http://127.0.0.1:${port}/api/v1`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  };
  try {
    for (let waited = 0; ; waited += 1) {
      const isThere = await fetch(`${url}/health`).then(
        () => true,
        () => false,
      );
      if (isThere) {
        break;
      }
      if (child.exitCode !== null || waited > mostSecondsToStart) {
        throw new Error(`nl2sql-api does not start:\n${readFileSync(log, 'utf8').slice(-3000)}`);
      }
      await sleep(1000);
    }
    const indexed = await fetch(`${url}/index-all`, { method: 'POST' });
    if (!indexed.ok) {
      throw new Error(`nl2sql-api does not index: ${await indexed.text()}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, url, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}
