import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A new folder for a server that runs as another account, with one of its own for temporary files. */
export async function serverFolder(
  name: string,
): Promise<{ readonly folder: string; readonly temporary: string }> {
  const folder = await mkdtemp(join(tmpdir(), `sqlq-${name.toLowerCase()}-`));
  // A server that starts deletes what others keep in a folder for temporary tables that they share.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await chmod(folder, 0o777);
  await chmod(temporary, 0o777);
  return { folder, temporary };
}

/** How a server is started. */
export interface ServerStart {
  readonly name: string;
  readonly command: string;
  readonly options: readonly string[];
  /** What is deleted at the end. */
  readonly folder: string;
  readonly timeoutMs: number;
  /** Resolves once the server answers; it is asked again while it rejects. */
  readonly ready: () => Promise<unknown>;
}

/**
 * Starts a server and waits until it answers; resolves to what ends it and deletes its folder. Throws an Error with what
 * it printed where it does not answer.
 */
export async function startServer(start: ServerStart): Promise<() => Promise<void>> {
  const { name, command, options, folder, timeoutMs, ready } = start;
  const output: string[] = [];
  const server = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  server.stdout.on('data', (chunk) => output.push(String(chunk)));
  server.stderr.on('data', (chunk) => output.push(String(chunk)));
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${name} did not start: ${output.join('')}`);
    }
    try {
      await ready();
      break;
    } catch {
      await sleep(100);
    }
  }
  return async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
