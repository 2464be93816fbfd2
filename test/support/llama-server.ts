import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

/** A program that starts llama.cpp's server with a small model; CONTRIBUTING.md says what it has to do. */
const llamaStart = process.env['SQLQ_TEST_LLAMA'] ?? '';

/** Why the tests on a real model can't run; null where they can. */
export function llamaMissing(): string | null {
  // The tests take minutes on a small machine, so they are asked for.
  if (llamaStart === '') {
    return 'SQLQ_TEST_LLAMA names no program that starts a server';
  }
  return existsSync(llamaStart) ? null : `SQLQ_TEST_LLAMA: ${llamaStart} is missing`;
}

export interface LlamaServer {
  readonly baseUrl: string;
  readonly model: string;
  /** Ends the server, at once as if it had crashed. */
  kill(): Promise<void>;
  /** Holds the server, as if its machine had gone away. */
  hold(): void;
}

/** Resolves when the model is loaded; its first start downloads it. */
export async function startLlama(contextSize: number): Promise<LlamaServer> {
  const port = await freePort();
  // A group of its own, so that the server that the script starts ends with it.
  const child = spawn(llamaStart, [String(port), String(contextSize)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const kill = (): Promise<void> => killGroup(child);
  try {
    const baseUrl = await readyAt(child);
    const hold = (): void => {
      if (child.pid !== undefined) {
        process.kill(-child.pid, 'SIGSTOP');
      }
    };
    return { baseUrl, model: 'ai/smollm2', kill, hold };
  } catch (error) {
    await kill();
    throw error;
  }
}

async function readyAt(child: ChildProcess): Promise<string> {
  if (child.stdout === null) {
    throw new Error('no output');
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      return url;
    }
  }
  throw new Error(`${llamaStart} ended before it was ready`);
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exit = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await exit;
}
