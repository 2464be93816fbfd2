import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyEnvironment, runProgram, sampleFile } from '../support/program.ts';

const home = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
const environment = { ...emptyEnvironment(home), XDG_CACHE_HOME: home };

/** What is kept of compiled code, with its inode: a file that is written anew has another. */
function kept(): Readonly<Record<string, number>> {
  const files = readdirSync(join(home, 'sqlq'), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files.flatMap(({ name, parentPath }): [string, number][] => {
      const [, kind] = /^code-[0-9a-f]{16}-(.*)$/u.exec(name) ?? [];
      return kind === undefined ? [] : [[kind, statSync(join(parentPath, name)).ino]];
    }),
  );
}

it('keeps what a command and the process of its database compile, until nothing new comes', async () => {
  const query = () => runProgram(['run', '--db', sampleFile, 'SELECT 1 AS n'], { environment });
  for (let turn = 0; turn < 4; turn += 1) {
    expect(await query()).toMatchObject({ code: 0, stdout: 'n\n1\n', stderr: '' });
  }
  const before = kept();
  expect(Object.keys(before).sort()).toEqual(['database', 'run']);
  expect(await query()).toMatchObject({ code: 0, stdout: 'n\n1\n', stderr: '' });
  expect(kept()).toEqual(before);
});

it('keeps nothing of a run that failed', async () => {
  expect((await runProgram(['sing'], { environment })).code).toBe(2);
  expect(Object.keys(kept())).not.toContain('sing');
});

it.each(['others may write to', ...(process.geteuid?.() === 0 ? ['another user owns'] : [])])(
  'keeps and runs nothing in a folder that %s',
  async (kind) => {
    const theirs = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
    const folder = join(theirs, 'sqlq');
    mkdirSync(join(folder, 'compiled'), { recursive: true });
    if (kind === 'another user owns') {
      chownSync(folder, 65534, 65534);
    } else {
      chmodSync(folder, 0o777);
    }
    const run = await runProgram(['run', '--db', sampleFile, 'SELECT 1 AS n'], {
      environment: { ...environment, XDG_CACHE_HOME: theirs },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'n\n1\n' });
    expect(readdirSync(join(folder, 'compiled'))).toEqual([]);
  },
);

it.each(['', 'here'])(
  'takes a HOME of "%s" for none: nothing of the folder that it runs in',
  async (named) => {
    const theirs = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
    for (const folder of ['.cache', '.config/sqlq']) {
      mkdirSync(join(theirs, named, folder), { recursive: true });
    }
    writeFileSync(join(theirs, named, '.config/sqlq/.sqlqrc.yaml'), 'database: nowhere.sqlite\n');
    const unset = { HOME: named, XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '' };
    const run = await runProgram(['config'], { environment: { ...environment, ...unset }, folder: theirs });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).not.toContain('nowhere');
    expect(readdirSync(join(theirs, named, '.cache'))).toEqual([]);
  },
);

it.each([
  'that others may put another in the place of',
  ...(process.geteuid?.() === 0 ? ['that a link of another user leads to'] : []),
])('keeps and runs nothing in a folder %s', async (kind) => {
  const theirs = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
  const folder = join(theirs, 'sqlq');
  if (kind.includes('link')) {
    const own = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
    symlinkSync(own, folder);
    lchownSync(folder, 65534, 65534);
  }
  mkdirSync(join(folder, 'compiled'), { recursive: true, mode: 0o700 });
  chmodSync(theirs, kind.includes('link') ? 0o1777 : 0o777);
  const run = await runProgram(['run', '--db', sampleFile, 'SELECT 1 AS n'], {
    environment: { ...environment, XDG_CACHE_HOME: theirs },
  });
  expect(run).toMatchObject({ code: 0, stdout: 'n\n1\n' });
  expect(readdirSync(join(folder, 'compiled'))).toEqual([]);
});

it('lets nobody else into the folder that it keeps compiled code in', async () => {
  const own = mkdtempSync(join(tmpdir(), 'sqlq-start-'));
  const compiled = join(own, 'sqlq', 'compiled');
  mkdirSync(compiled, { recursive: true, mode: 0o755 });
  expect(
    (await runProgram(['--version'], { environment: { ...environment, XDG_CACHE_HOME: own } })).code,
  ).toBe(0);
  expect(readdirSync(compiled)).not.toEqual([]);
  expect(statSync(compiled).mode & 0o777).toBe(0o700);
});
