import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import { type ApiAnswer, answerSchema } from '../../src/serve/api/answer.ts';
import { emptyEnvironment, programFile } from './program.ts';
import { until } from './until.ts';

export interface ServeRun {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
  readonly home: string;
  stdout(): string;
  stderr(): string;
  /** Asks with the token, unless other headers are given. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON, and gets JSON back with its status. */
  json(path: string, body?: unknown, init?: RequestInit): Promise<{ status: number; body: unknown }>;
  /** Asks a question, and gets an answer. */
  ask(question: string, more?: Readonly<Record<string, unknown>>): Promise<ApiAnswer>;
  /** Hears the events of a request until its end. */
  events(path: string, body: unknown): Promise<readonly ServerEvent[]>;
  /** How the server ended. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface ServeOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  readonly home?: string;
}

/** Starts `sqlq serve` on a free port, as a user does, and reads the address and the token that it prints. */
export async function startServe(
  args: readonly string[],
  { environment = {}, folder, home = mkdtempSync(join(tmpdir(), 'sqlq-home-')) }: ServeOptions = {},
): Promise<ServeRun> {
  const child = spawn(process.execPath, [programFile, 'serve', '--port', '0', ...args], {
    cwd: folder ?? mkdtempSync(join(tmpdir(), 'sqlq-folder-')),
    env: { ...emptyEnvironment(home), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  let hasEnded = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      hasEnded = true;
      resolve(code);
    });
  });
  const address = (): RegExpExecArray | null =>
    /(https?:\/\/[^/\s]+)\/(?:#token=(\S+))?/u.exec(written.stderr);
  await until(() => address() !== null || hasEnded);
  const [, url, token = ''] = address() ?? [];
  if (url === undefined) {
    throw new Error(`The server did not start: ${written.stderr}`);
  }
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const send = (path: string, body: unknown, init: RequestInit = {}): Promise<Response> =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });
  const json: ServeRun['json'] = async (path, body, init) => {
    const response = body === undefined ? await ask(path, init) : await send(path, body, init);
    return { status: response.status, body: await response.json() };
  };
  return {
    url,
    token,
    child,
    home,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    fetch: ask,
    json,
    async ask(question, more = {}) {
      const { status, body } = await json('/v1/ask', { question, ...more });
      if (status !== 200) {
        throw new Error(`status ${status}: ${JSON.stringify(body)}`);
      }
      return answerSchema.parse(body);
    },
    async events(path, body) {
      const response = await send(path, body, { headers: { accept: 'text/event-stream' } });
      const found: ServerEvent[] = [];
      const parser = createParser({
        onEvent: ({ event = '', data }) => found.push({ event, data: JSON.parse(data) }),
      });
      parser.feed(await response.text());
      return found;
    },
    ended,
    async stop() {
      if (!hasEnded) {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await ended;
        clearTimeout(timer);
      }
    },
  };
}

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    requestId: z.string(),
  }),
});

/** The error of a reply. */
export function errorOf(body: unknown): z.infer<typeof errorSchema>['error'] {
  return errorSchema.parse(body).error;
}
