import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A scripted model server in a process of its own. */
export interface EndpointServer {
  readonly baseUrl: string;
  /** Questions that it was asked, and that it answered, in order. */
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  /** Calls back once, when it has answered so many. */
  after(answers: number, act: () => void): void;
  /** As `kill -SIGNAL`; SIGKILL and SIGSTOP among them. */
  signal(name: NodeJS.Signals): void;
  end(): Promise<void>;
}

export async function startEndpointServer(mode: 'ok' | 'busy' | 'loading' = 'ok'): Promise<EndpointServer> {
  const child: ChildProcess = spawn(
    process.execPath,
    [resolve(import.meta.dirname, 'endpoint-process.ts'), mode],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const asked: string[] = [];
  const answered: string[] = [];
  const waiting: { readonly answers: number; readonly act: () => void }[] = [];
  if (child.stdout === null) {
    throw new Error('no output');
  }
  const lines = createInterface({ input: child.stdout });
  const baseUrl = await new Promise<string>((ready) => {
    lines.on('line', (line) => {
      const event: { ready?: string; asked?: string; answered?: string } = JSON.parse(line);
      if (event.ready !== undefined) {
        ready(event.ready);
      }
      if (event.asked !== undefined) {
        asked.push(event.asked);
      }
      if (event.answered !== undefined) {
        answered.push(event.answered);
        for (const { act } of waiting.filter(({ answers }) => answers === answered.length)) {
          act();
        }
      }
    });
  });
  return {
    baseUrl,
    asked,
    answered,
    after: (answers, act) => void waiting.push({ answers, act }),
    signal: (name) => void child.kill(name),
    async end() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((done) => child.once('exit', done));
        child.kill('SIGKILL');
        await gone;
      }
    },
  };
}
