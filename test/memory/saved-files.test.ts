import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SavedQuestion } from '../../src/memory/saved.ts';
import { findSaved, keepSaved, listSaved } from '../../src/memory/saved-files.ts';

let folder: string;
let project: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sqlq-saved-')));
  project = join(folder, 'project');
  await mkdir(join(project, '.sqlq'), { recursive: true });
  await writeFile(join(folder, 'outside.sql'), 'mine');
});
afterEach(() => rm(folder, { recursive: true }));

const saved: SavedQuestion = {
  question: 'one',
  sql: 'SELECT 1',
  engine: 'sqlite',
  reads: [],
  parameters: [],
};

describe('a link in the folder of saved questions', () => {
  it.each([false, true])('is not followed out of it, with force: %s', async (force) => {
    await symlink(join(folder, 'outside.sql'), join(project, '.sqlq/one.sql'));
    const written = keepSaved('one', saved, [project], force);
    if (force) {
      expect(await readFile(await written, 'utf8')).toContain('SELECT 1');
    } else {
      await expect(written).rejects.toThrow('is there already');
    }
    expect(await readFile(join(folder, 'outside.sql'), 'utf8')).toBe('mine');
  });

  it.each([false, true])('is not the folder itself, with force: %s', async (force) => {
    await rm(join(project, '.sqlq'), { recursive: true });
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), join(project, '.sqlq'));
    await expect(keepSaved('one', saved, [project], force)).rejects.toThrow('leads out of the project');
  });
});

it('no pipe is waited for', async () => {
  execFileSync('mkfifo', [join(project, '.sqlq/one.sql')]);
  await expect(findSaved('one', [project])).rejects.toThrow('it is no plain file');
});

it('a file whose name can not be typed is no saved question', async () => {
  for (const name of ['a$(touch b)', 'a b', '-a', 'a;b']) {
    await writeFile(join(project, '.sqlq', `${name}.sql`), '');
  }
  await writeFile(join(project, '.sqlq/good-1.sql'), '');
  expect((await listSaved([project])).map(({ name }) => name)).toEqual(['good-1']);
});
