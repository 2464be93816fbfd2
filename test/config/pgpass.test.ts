import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPgpass, matchPgpass } from '../../src/config/database/pgpass.ts';

const key = { host: 'db.example.com', port: 5432, database: 'shop', user: 'ann' };
const anywhere = { namedHost: false };

describe('matchPgpass', () => {
  test.each([
    ['db.example.com:5432:shop:ann:pw', 'pw'],
    ['*:*:*:*:pw', 'pw'],
    ['other:*:*:*:no\n*:5432:*:ann:pw', 'pw'],
    ['*:*:*:*:first\n*:*:*:*:second', 'first'],
    ['# a comment\n\r\n*:*:*:*:pw\r\n', 'pw'],
    ['*:*:*:*:a\\:b\\\\c', 'a:b\\c'],
    ['*:*:*:*:pw:rest', 'pw'],
    ['#*:*:*:*:pw', null],
    ['*:5433:*:*:pw', null],
    ['*:*:*:bob:pw', null],
    ['*:*:*:pw', null],
    ['', null],
  ])('%j', (text, password) => {
    expect(matchPgpass(text, key, anywhere)).toBe(password);
  });

  test('escapes in any field', () => {
    expect(matchPgpass('fe80\\:\\:1:*:*:*:pw', { ...key, host: 'fe80::1' }, anywhere)).toBe('pw');
  });

  test('a line for the named host alone, where only that will do', () => {
    const text = '*:*:*:*:for all\ndb.example.com:*:*:*:for this';
    expect(matchPgpass(text, key, { namedHost: true })).toBe('for this');
    expect(matchPgpass('*:*:*:*:for all', key, { namedHost: true })).toBeNull();
    expect(matchPgpass('*:*:*:*:for all', { ...key, host: '*' }, { namedHost: true })).toBeNull();
  });
});

describe('findPgpass', () => {
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sqlq-pgpass-'));
    await writeFile(join(home, '.pgpass'), '*:*:*:*:from home\n', { mode: 0o600 });
    await writeFile(join(home, 'other'), '*:*:*:*:from variable\n', { mode: 0o600 });
    await writeFile(join(home, 'open'), '*:*:*:*:seen by all\n');
    await chmod(join(home, 'open'), 0o640);
  });
  afterAll(() => rm(home, { recursive: true }));

  test('reads the file of the home folder, or of PGPASSFILE', async () => {
    expect(await findPgpass(key, {}, home, anywhere)).toEqual({ password: 'from home', warning: null });
    const environment = { PGPASSFILE: join(home, 'other') };
    expect(await findPgpass(key, environment, home, anywhere)).toEqual({
      password: 'from variable',
      warning: null,
    });
  });

  test('does not use one that others can read, and says the mend', async () => {
    const path = join(home, 'open');
    expect(await findPgpass(key, { PGPASSFILE: path }, home, anywhere)).toEqual({
      password: null,
      warning: `Others can read the password file ${path}, so it is not used. Mend it: chmod 600 ${path}`,
    });
  });

  test('is silent where there is none, and not where it is a folder', async () => {
    expect(await findPgpass(key, { PGPASSFILE: join(home, 'none') }, home, anywhere)).toEqual({
      password: null,
      warning: null,
    });
    expect(await findPgpass(key, { PGPASSFILE: home }, home, anywhere)).toEqual({
      password: null,
      warning: `The password file ${home} is no plain file, and is not used.`,
    });
  });
});
