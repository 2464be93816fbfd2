import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

let server: ServeRun | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

const usual = 'database: sample\nprofile: offline\n';

/** A settings file in a folder of its own. */
function settingsFile(text: string, name = 'serve.yaml'): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-serve-settings-'));
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return { folder, file };
}

async function statuses({ fetch }: ServeRun, count: number): Promise<readonly number[]> {
  const all: number[] = [];
  for (let left = count; left > 0; left -= 1) {
    all.push((await fetch('/v1/me')).status);
  }
  return all;
}

describe('serve in a settings file', () => {
  it('says what flags say, and is read anew on SIGHUP', async () => {
    const { file } = settingsFile(`${usual}serve:\n  rateAddress: 2/h\n`);
    server = await startServe(['--config', file]);
    const started = server;
    expect(await statuses(started, 3)).toEqual([200, 200, 429]);
    writeFileSync(file, `${usual}serve:\n  rateAddress: none\n`);
    started.child.kill('SIGHUP');
    await until(async () => (await started.fetch('/v1/me')).status === 200);
    expect(await statuses(started, 3)).toEqual([200, 200, 200]);
  });

  it('gives way to a flag', async () => {
    const { file } = settingsFile(`${usual}serve:\n  rateAddress: 1/h\n`);
    server = await startServe(['--config', file, '--rate-address', 'none']);
    expect(await statuses(server, 3)).toEqual([200, 200, 200]);
  });

  it('names files from where it lies, and variables', async () => {
    const { folder, file } = settingsFile(`${usual}serve:\n  users: \${WHO}.sqlite\n  workers: 2\n`);
    const added = await runProgram(['user', 'add', 'ana', '--users', join(folder, 'people.sqlite')], {
      input: 'a long enough password\n',
    });
    expect(added.code).toBe(0);
    server = await startServe(['--config', file], { environment: { WHO: 'people' } });
    expect(server.token).toBe('');
    const login = await fetch(`${server.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ana', password: 'a long enough password' }),
    });
    expect(login.status).toBe(200);
    await until(() => server?.stderr().includes('2 workers answer') === true);
  });

  it('counts for nothing in a file that merely lies in the folder', async () => {
    const { folder } = settingsFile('serve:\n  rateAddress: 1/h\n', '.sqlqrc.yaml');
    server = await startServe(['--db', 'sample', '--profile', 'offline'], { folder });
    expect(await statuses(server, 3)).toEqual([200, 200, 200]);
    const asked = await runProgram(['config'], { folder });
    expect(asked.stderr).toContain("serve counts in the user's own file alone, and is ignored");
  });

  it('is told what is wrong with it', async () => {
    const { file } = settingsFile(`${usual}serve:\n  prot: 80\n  rateUser: many\n  port: 70000\n`);
    const { code, stderr } = await runProgram(['serve', '--config', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('serve.prot: there is no such setting; did you mean port?');
    expect(stderr).toMatch(/serve\.rateUser: it has to be a number a second/u);
    expect(stderr).toMatch(/serve\.port: /u);
  });
});
