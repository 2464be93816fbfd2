import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import { emptyEnvironment, programFile } from '../../test/support/program.ts';

const tokenSchema = z.object({ token: z.string() });
const loginSchema = z.object({ access_token: z.string() });

/** Makes an admin in a home, by the program; what it is let in by. */
export function makeAdmin(home: string): string {
  const sqlq = (args: readonly string[], input: string): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [programFile, ...args], {
      env: emptyEnvironment(home),
      cwd: home,
      input,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  sqlq(['user', 'add', 'admin', '--roles', 'ask,run,admin'], `${passwordOf('admin')}\n`);
  return sqlq(['user', 'token', 'admin'], '').trim();
}

/** Makes a user of a server, who signs in and makes a token; what they are let in by. */
export async function makeUser(url: string, admin: string, name: string): Promise<string> {
  const password = passwordOf(name);
  await post(`${url}/v1/users`, admin, { name, password, roles: ['ask', 'run'] });
  const { access_token: access } = loginSchema.parse(
    await post(`${url}/auth/login`, null, { name, password }),
  );
  return tokenSchema.parse(await post(`${url}/auth/tokens`, access, { name: 'bench' })).token;
}

function passwordOf(name: string): string {
  return `only for the bench of ${name}, 7f3a`;
}

async function post(url: string, token: string | null, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}
