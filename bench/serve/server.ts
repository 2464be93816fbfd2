import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyEnvironment, programFile } from '../../test/support/program.ts';

/** A server that is measured. */
export interface MeasuredServer {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it printed to be let in by; empty where it has users. */
  readonly token: string;
  /** Asks for something by its token, and gets JSON back. */
  json(path: string, body: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the built program's `sqlq serve` on a free port, with a home of its own unless one is given. */
export async function startServer(
  args: readonly string[],
  home: string | undefined = undefined,
): Promise<MeasuredServer> {
  const child = spawn(process.execPath, [programFile, 'serve', '--port', '0', ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'sqlq-bench-')),
    env: emptyEnvironment(home),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  const [, url = '', token = ''] = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = / at (https?:\/\/[^/\s]+)\/(?:#token=(\S+))?\s/u.exec(said);
      if (found !== null) {
        resolve(found);
      }
    });
    child.once('exit', () => reject(new Error(`The server did not start: ${said}`)));
  });
  return {
    child,
    url,
    token,
    async json(path, body) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) {
        throw new Error(`${path}: ${response.status} ${await response.text()}`);
      }
      return response.json();
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
