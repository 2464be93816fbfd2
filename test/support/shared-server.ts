import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.ts';
import { type ServeRun, startServe } from './serve.ts';

/** What a user of a shared server sees of it. */
export interface SharedUser {
  readonly token: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON where there is a body, and reads JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a reply holds is what a test is about
  json(path: string, body?: unknown, init?: RequestInit): Promise<{ status: number; body: any }>;
}

/** A server that several users share. */
export interface SharedServer extends ServeRun {
  user(name: string): SharedUser;
}

/** A password that is long enough. */
export const usualPassword = 'four plain words together';

/** Starts `sqlq serve` with users, each with the flags of `sqlq user add`, who have a token each. */
export async function startShared(
  users: Readonly<Record<string, readonly string[]>>,
  args: readonly string[],
  folder = mkdtempSync(join(tmpdir(), 'sqlq-folder-')),
): Promise<SharedServer> {
  const place = join(mkdtempSync(join(tmpdir(), 'sqlq-users-')), 'users.sqlite');
  const tokens = new Map<string, string>();
  for (const [name, flags] of Object.entries(users)) {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const environment = { HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home };
    const added = await runProgram(['user', 'add', name, ...flags, '--users', place], {
      environment,
      input: `${usualPassword}\n`,
    });
    if (added.code !== 0) {
      throw new Error(added.stderr);
    }
    const made = await runProgram(['user', 'token', name, '--name', 'test', '--users', place], {
      environment,
    });
    tokens.set(name, made.stdout.trim());
  }
  const server = await startServe([...args, '--users', place], { folder });
  return {
    ...server,
    user(name) {
      const token = tokens.get(name) ?? '';
      const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
        server.fetch(path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
      return {
        token,
        fetch: ask,
        async json(path, body, init = {}) {
          const response = await ask(path, {
            ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
            ...init,
            headers: {
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...init.headers,
            },
          });
          const text = await response.text();
          return { status: response.status, body: text === '' ? null : JSON.parse(text) };
        },
      };
    },
  };
}
