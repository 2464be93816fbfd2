import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The program as users run it. */
export const programFile = resolve(import.meta.dirname, '../../bin/sqlq.js');

export const sampleFile = resolve(import.meta.dirname, '../../fixtures/shop/shop.sqlite');

/** How one run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Variables besides those of an empty home; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** A descriptor that takes the stream's place; what is written to it is not in `Ended`. */
  readonly instead?: { readonly stdout?: number; readonly stderr?: number };
}

/** An environment in which nothing of this machine's user shows: an empty home, no keys, no servers' variables. */
export function emptyEnvironment(home = mkdtempSync(join(tmpdir(), 'sqlq-home-'))): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    TZ: 'UTC',
  };
}

/** Runs the program without a terminal, as a script does. */
export function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [programFile, ...argv], {
      cwd: options.folder ?? mkdtempSync(join(tmpdir(), 'sqlq-folder-')),
      env: { ...emptyEnvironment(), ...options.environment },
      stdio: ['pipe', options.instead?.stdout ?? 'pipe', options.instead?.stderr ?? 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: 'SIGINT' as const }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error) => {
      if (error.name !== 'AbortError') {
        failed(error);
      }
    });
    child.once('close', (code, signal) => done({ code, signal, stdout, stderr }));
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}
