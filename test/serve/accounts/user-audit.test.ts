import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openUsers } from '../../../src/serve/accounts/store/open.ts';
import { listUsers } from '../../../src/serve/accounts/user.ts';
import { filesOf } from '../../../src/serve/audit/files.ts';
import { type Ended, emptyEnvironment, runProgram } from '../../support/program.ts';
import { startServe } from '../../support/serve.ts';

const password = 'four plain words together';
const other = 'another four plain words';

let home: string;
let settings: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
  settings = join(home, 'config', 'sqlq');
  mkdirSync(settings, { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

const sqlq = (argv: readonly string[], input = ''): Promise<Ended> =>
  runProgram(argv, { environment: emptyEnvironment(home), input });
const user = (...argv: readonly string[]): Promise<Ended> => sqlq(['user', ...argv], `${password}\n`);

function writeSettings(text: string): void {
  writeFileSync(join(settings, '.sqlqrc.yaml'), text, { mode: 0o600 });
}

interface Entry {
  readonly action: string;
  readonly outcome: string;
  readonly about: string | null;
  readonly user: { readonly id: string; readonly name: string; readonly by: string } | null;
}

async function logged(): Promise<{ readonly text: string; readonly entries: readonly Entry[] }> {
  const files = await filesOf(join(home, 'state', 'sqlq', 'audit'));
  const text = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line): Entry => JSON.parse(line));
  return { text, entries };
}

describe('what sqlq user changes', () => {
  it('is written down: by whom of this machine, what, of whom, and how it ended; and never a secret', async () => {
    await user('add', 'Ana', '--roles', 'ask,admin', '--hide', '*.email');
    await user('add', 'ana');
    await sqlq(['user', 'add', 'ben'], 'short\n');
    await user('add', 'a pass phrase here');
    await sqlq(['user', 'password', 'ana'], `${other}\n`);
    await user('set', 'ana', '--roles', 'ask', '--databases', 'all', '--dollars', '2');
    const token = (await user('token', 'ana', '--name', 'ci')).stdout.trim();
    await user('token', 'ana', '--revoke', token);
    await user('token', 'ana', '--revoke', 'ci');
    await user('disable', 'ana');
    await user('enable', 'ana');
    await user('remove', 'ana');
    await user('remove', 'ana');
    // Who only looks changes nothing.
    await user('list');
    const { text, entries } = await logged();
    const ends = entries.filter(({ outcome }) => outcome !== 'started');
    expect(ends.map(({ action, outcome, about }) => [action, outcome, about])).toEqual([
      ['user.add', 'done', expect.stringMatching(/^ana: roles ask, admin; databases all; .*hide \*\.email/u)],
      ['user.add', 'usage', expect.stringMatching(/^ana: /u)],
      ['user.add', 'usage', expect.stringMatching(/^ben: /u)],
      ['user.add', 'usage', expect.stringMatching(/^what can be no name: /u)],
      ['user.set', 'done', 'ana: password'],
      ['user.set', 'done', 'ana: roles ask; databases all; dollars 2'],
      ['token.add', 'done', 'ana: ci; roles ask'],
      ['token.remove', 'usage', 'ana'],
      ['token.remove', 'done', expect.stringMatching(/^ana: ci \([0-9a-f-]{36}\)$/u)],
      ['user.set', 'done', 'ana: disabled'],
      ['user.set', 'done', 'ana: enabled'],
      ['user.remove', 'done', 'ana'],
      ['user.remove', 'usage', 'ana'],
    ]);
    // Each began before it was done.
    expect(entries.filter(({ outcome }) => outcome === 'started')).toHaveLength(ends.length);
    const me = { id: `os:${process.geteuid?.()}`, name: userInfo().username, by: 'command' };
    for (const { user: by } of entries) {
      expect(by).toEqual(me);
    }
    for (const secret of [password, other, 'short', 'pass phrase', token, 'scrypt']) {
      expect(text).not.toContain(secret);
    }
    const verified = await sqlq(['audit', 'verify']);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('All is as it was written') });
  }, 120_000);

  it('is not done where it can not be written down', async () => {
    mkdirSync(join(home, 'state', 'sqlq'), { recursive: true });
    writeFileSync(join(home, 'state', 'sqlq', 'audit'), 'a file in the way');
    const added = await user('add', 'ana');
    expect(added).toMatchObject({ code: 1, stderr: expect.stringContaining("can't be written") });
    expect((await user('list')).stderr).toContain('There are no users yet');
  });
});

describe('sqlq user beside a server', () => {
  it('works on the users and the log that the settings of the server name', async () => {
    writeFileSync(join(settings, 'audit.key'), `${'k'.repeat(32)}\n`, { mode: 0o600 });
    writeSettings(
      'database: sample\nprofile: offline\nserve:\n  users: people.sqlite\n  auditKeyFile: audit.key\n',
    );
    expect((await user('add', 'ana')).code).toBe(0);
    const sql = await openUsers(join(settings, 'people.sqlite'));
    expect((await listUsers(sql)).map(({ name }) => name)).toEqual(['ana']);
    const server = await startServe([], { home });
    try {
      const signedIn = await server.json('/auth/login', { name: 'ana', password });
      expect(signedIn.status).toBe(200);
      // While the server writes its own.
      expect((await user('disable', 'ana')).code).toBe(0);
      expect((await server.json('/auth/login', { name: 'ana', password })).status).toBe(401);
    } finally {
      await server.stop();
    }
    await sql.close();
    const { entries } = await logged();
    const actions = entries.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(actions).toEqual(
      expect.arrayContaining(['user.add done', 'audit.open done', 'login done', 'user.set done']),
    );
    // The key is that of the settings, and no other makes records that follow these.
    expect((await sqlq(['audit', 'verify'])).code).toBe(0);
    writeFileSync(join(home, 'other.key'), `${'x'.repeat(32)}\n`, { mode: 0o600 });
    const refused = await user('enable', 'ana', '--audit-key-file', join(home, 'other.key'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is kept with another key') });
    expect((await user('list')).stdout).toContain('disabled');
    expect((await sqlq(['audit', 'verify'])).code).toBe(0);
  }, 60_000);

  it('takes the file that --config names, a flag before it, and none of the folder', async () => {
    const config = join(home, 'serve.yaml');
    writeFileSync(config, 'serve:\n  users: of-config.sqlite\n', { mode: 0o600 });
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-folder-'));
    writeFileSync(join(folder, '.sqlqrc.yaml'), 'serve:\n  users: of-folder.sqlite\n');
    const add = (name: string, ...more: readonly string[]): Promise<Ended> =>
      runProgram(['user', 'add', name, ...more], {
        environment: emptyEnvironment(home),
        folder,
        input: `${password}\n`,
      });
    expect((await add('ana', '--config', config)).code).toBe(0);
    expect((await add('ben', '--config', config, '--users', join(home, 'of-flag.sqlite'))).code).toBe(0);
    expect((await add('cy')).code).toBe(0);
    const names = async (place: string): Promise<readonly string[]> => {
      const sql = await openUsers(place);
      const found = (await listUsers(sql)).map(({ name }) => name);
      await sql.close();
      return found;
    };
    expect(await names(join(home, 'of-config.sqlite'))).toEqual(['ana']);
    expect(await names(join(home, 'of-flag.sqlite'))).toEqual(['ben']);
    expect(await names(join(home, 'state', 'sqlq', 'users.sqlite'))).toEqual(['cy']);
    await rm(folder, { recursive: true });
  });
});
