import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificates } from './certificates.ts';
import { debianProgram } from './debian-program.ts';
import { freePort } from './free-port.ts';

/** A Redis of a test's own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a machine that loses its power does. */
  kill(): Promise<void>;
  /** Starts it again at the same port, empty. */
  restart(): Promise<void>;
  /** Stops it without ending its connections, and lets it go on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  readonly password?: string;
  readonly certificates?: Certificates;
}

/** Debian's Redis; null where it is neither installed nor can be. */
export async function redisProgram(): Promise<string | null> {
  return debianProgram('redis-server', 'redis-server');
}

/** Starts Debian's Redis, which keeps nothing on disk. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = await redisProgram();
  if (program === null) {
    throw new Error('redis-server is not installed, and can not be');
  }
  const { password, certificates: tls } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-redis-'));
  const port = await freePort();
  const ports =
    tls === undefined
      ? ['--port', `${port}`]
      : [
          ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no'],
          ...['--tls-cert-file', tls.kinds.good.certificate, '--tls-key-file', tls.kinds.good.key],
          ...['--tls-ca-cert-file', join(tls.folder, 'ca.pem')],
        ];
  const words = [...ports, '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const secret = password === undefined ? [] : ['--requirepass', password];
  let server = await start();

  async function start(): Promise<ChildProcess> {
    const child = spawn(program ?? '', [...words, ...secret], { stdio: 'ignore' });
    const deadline = Date.now() + 30_000;
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error('redis-server did not start');
      }
      await sleep(50);
    }
    return child;
  }

  async function kill(): Promise<void> {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    }
  }

  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}://${user}localhost:${port}`,
    port,
    kill,
    async restart() {
      server = await start();
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
