import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cappedStore,
  foldersOf,
  installationSalt,
  privateStore,
  writePrivateFile,
} from '../../src/config/folders.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-folders-'));
});
afterEach(() => rm(home, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('foldersOf', () => {
  test('below the home folder, or where the XDG variables say', () => {
    expect(foldersOf({}, '/home/ann')).toEqual({
      config: '/home/ann/.config/sqlq',
      cache: '/home/ann/.cache/sqlq',
      state: '/home/ann/.local/state/sqlq',
    });
    const environment = { XDG_CONFIG_HOME: '/c', XDG_CACHE_HOME: '/k', XDG_STATE_HOME: '/s' };
    expect(foldersOf(environment, '/home/ann')).toEqual({
      config: '/c/sqlq',
      cache: '/k/sqlq',
      state: '/s/sqlq',
    });
  });

  test('a relative path of a variable is ignored', () => {
    expect(foldersOf({ XDG_CONFIG_HOME: 'c', XDG_CACHE_HOME: '' }, '/h')).toMatchObject({
      config: '/h/.config/sqlq',
      cache: '/h/.cache/sqlq',
    });
  });
});

describe('writePrivateFile', () => {
  test('its user’s alone, whatever was there, and nothing beside it', async () => {
    const path = join(home, 'a', 'b', 'file');
    await writePrivateFile(path, 'one');
    expect(await readFile(path, 'utf8')).toBe('one');
    expect(await modeOf(path)).toBe(0o600);
    expect(await modeOf(join(home, 'a', 'b'))).toBe(0o700);
    await chmod(path, 0o666);
    await writePrivateFile(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(join(home, 'a', 'b'))).toEqual(['file']);
  });

  test('what can’t be written leaves nothing behind', async () => {
    await mkdir(join(home, 'taken'));
    await expect(writePrivateFile(join(home, 'taken'), 'text')).rejects.toThrow();
    expect(await readdir(home)).toEqual(['taken']);
  });

  test('many at once leave one whole', async () => {
    const path = join(home, 'file');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(texts.map((text) => writePrivateFile(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(home)).toEqual(['file']);
  });
});

describe('privateStore', () => {
  test('keeps texts by key, for its user alone', async () => {
    const store = privateStore(join(home, 'cache'));
    expect(await store.read('schema-1')).toBeNull();
    await store.write('schema-1', 'text');
    expect(await store.read('schema-1')).toBe('text');
    expect(await modeOf(join(home, 'cache'))).toBe(0o700);
    expect(await modeOf(join(home, 'cache', 'schema-1.json'))).toBe(0o600);
  });

  test('closes a folder that others could enter', async () => {
    await mkdir(join(home, 'cache'), { mode: 0o755 });
    await privateStore(join(home, 'cache')).write('a', 'text');
    expect(await modeOf(join(home, 'cache'))).toBe(0o700);
  });

  test('loses what it can’t keep', async () => {
    await writeFile(join(home, 'cache'), 'a file');
    const store = privateStore(join(home, 'cache'));
    await store.write('a', 'text');
    expect(await store.read('a')).toBeNull();
  });
});

describe('installationSalt', () => {
  test('is made once', async () => {
    const store = privateStore(home);
    const salt = await installationSalt(store);
    expect(salt).toMatch(/^[0-9a-f]{48}$/u);
    expect(await installationSalt(store)).toBe(salt);
    expect(await installationSalt(privateStore(join(home, 'other')))).not.toBe(salt);
  });
});

test('a capped store keeps the newest texts', async () => {
  const folder = join(home, 'answers');
  const store = cappedStore(folder, 2);
  for (const [age, key] of ['a', 'b', 'c'].entries()) {
    await store.write(key, key);
    await utimes(join(folder, `${key}.json`), age + 1, age + 1);
  }
  await store.write('d', 'd');
  expect((await readdir(folder)).sort()).toEqual(['c.json', 'd.json']);
  expect(await store.read('a')).toBeNull();
  expect(await store.read('d')).toBe('d');
});

test('a capped store that is full makes room for several texts at once', async () => {
  const folder = join(home, 'answers');
  const store = cappedStore(folder, 20);
  for (let age = 0; age < 20; age += 1) {
    await store.write(`k${age}`, 'text');
    await utimes(join(folder, `k${age}.json`), age + 1, age + 1);
  }
  await store.write('more', 'text');
  const kept = await readdir(folder);
  expect(kept).toHaveLength(18);
  expect(kept).toContain('more.json');
  for (const gone of ['k0.json', 'k1.json', 'k2.json']) {
    expect(kept).not.toContain(gone);
  }
  for (let number = 0; number < 100; number += 1) {
    await store.write(`n${number}`, 'text');
    expect((await readdir(folder)).length).toBeLessThanOrEqual(20);
  }
  expect(await store.read('n99')).toBe('text');
});
