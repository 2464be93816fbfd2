import { statSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryOnce, waitAfter } from '../../../src/serve/accounts/attempts.ts';
import { isKnownAddress, knowAddress } from '../../../src/serve/accounts/known-addresses.ts';
import { addToken, listTokens, removeToken } from '../../../src/serve/accounts/personal-tokens.ts';
import { sharedKey } from '../../../src/serve/accounts/secrets.ts';
import { openUsers } from '../../../src/serve/accounts/store/open.ts';
import type { Sql } from '../../../src/serve/accounts/store/sql.ts';
import {
  addUser,
  changeUser,
  findSubject,
  findUser,
  hasUsers,
  listUsers,
  namedUser,
  removeUser,
  rightsOf,
} from '../../../src/serve/accounts/user.ts';
import { sampleFile } from '../../support/program.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const now = new Date('2026-11-02T10:00:00Z');
const nobody = { password: null, issuer: null, subject: null } as const;

describe.each(userStores)('users in $name', ({ name, make }) => {
  let place: UserPlace;
  let sql: Sql;
  beforeEach(async () => {
    place = await make();
    sql = await openUsers(place.place);
  });
  afterEach(async () => {
    await sql.close();
    await place.drop();
  });

  it('are kept with all that they may', async () => {
    expect(await hasUsers(sql)).toBe(false);
    const rights = {
      roles: ['ask', 'admin'],
      databases: ['shop', 'o\'brien "x"'],
      profiles: [],
      hide: ['*.email'],
      rowLimit: 9_007_199_254_740_991,
      dollars: 1.25,
    } as const;
    const user = await addUser(
      sql,
      { name: ' Ana@Example.com ', password: '$scrypt$x', issuer: 'https://i', subject: 's', ...rights },
      now,
    );
    expect(user).toMatchObject({
      name: 'ana@example.com',
      password: '$scrypt$x',
      ...rights,
      disabled: false,
      made: now.getTime(),
      seen: null,
    });
    expect(await findUser(sql, 'ANA@example.com')).toEqual(user);
    expect(await findSubject(sql, 'https://i', 's')).toEqual(user);
    expect(await findSubject(sql, 'https://other', 's')).toBeNull();
    expect(await hasUsers(sql)).toBe(true);
  });

  it('are one each of a name, and one of a subject', async () => {
    await addUser(sql, { name: 'ana', ...nobody, ...rightsOf({}) }, now);
    const again = addUser(sql, { name: 'ANA', ...nobody, ...rightsOf({}) }, now);
    await expect(again).rejects.toThrow(/There is a user called ana already/u);
    await addUser(sql, { name: 'bob', password: null, issuer: 'i', subject: 's', ...rightsOf({}) }, now);
    const other = addUser(
      sql,
      { name: 'eve', password: null, issuer: 'i', subject: 's', ...rightsOf({}) },
      now,
    );
    await expect(other).rejects.toThrow();
    expect((await listUsers(sql)).map((user) => user.name)).toEqual(['ana', 'bob']);
  });

  it.each(['', ' ', 'аna', 'a b', '-ana', 'a'.repeat(101), "a'; DROP TABLE sqlq_user"])(
    'have no name like "%s"',
    async (given) => {
      const added = addUser(sql, { name: given, ...nobody, ...rightsOf({}) }, now);
      await expect(added).rejects.toThrow(/can't be the name of a user/u);
    },
  );

  it('change in what is said and nothing else', async () => {
    const user = await addUser(sql, { name: 'ana', ...nobody, ...rightsOf({ databases: ['a'] }) }, now);
    await changeUser(sql, user, {});
    expect(await findUser(sql, 'ana')).toEqual(user);
    await changeUser(sql, user, { roles: [], databases: null, rowLimit: 5, disabled: true });
    expect(await findUser(sql, 'ana')).toEqual({
      ...user,
      roles: [],
      databases: null,
      rowLimit: 5,
      disabled: true,
    });
    await changeUser(sql, user, { rowLimit: null, dollars: 0, hide: ['x'] });
    expect(await findUser(sql, 'ana')).toMatchObject({
      rowLimit: null,
      dollars: 0,
      hide: ['x'],
      disabled: true,
    });
  });

  it('go with their tokens', async () => {
    const user = await addUser(sql, { name: 'ana', ...nobody, ...rightsOf({}) }, now);
    const stores = { sql, now: () => now };
    const made = await addToken(stores, user, { name: 'ci', roles: ['ask'], expires: null });
    expect(made.token).toMatch(/^sqlq_[\w-]{43}$/u);
    expect(await listTokens(stores, user)).toMatchObject([{ name: 'ci', roles: ['ask'], seen: null }]);
    expect(JSON.stringify(await sql.all('SELECT * FROM sqlq_token'))).not.toContain(made.token.slice(5));
    expect(await removeToken(stores, { id: 'another' }, made.id)).toBe(false);
    await removeUser(sql, user);
    expect(await sql.all('SELECT * FROM sqlq_token')).toEqual([]);
    expect(await findUser(sql, 'ana')).toBeNull();
  });

  it('are suggested where a name is nearly one', async () => {
    await addUser(sql, { name: 'ana.garcia', ...nobody, ...rightsOf({}) }, now);
    await expect(namedUser(sql, 'ana.garica')).rejects.toMatchObject({ hint: 'Did you mean ana.garcia?' });
  });

  it('have one key, whoever asks for it first', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openUsers(place.place)));
    const keys = await Promise.all([sql, ...others].map(sharedKey));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[\w-]{43}$/u);
    await Promise.all(others.map((other) => other.close()));
  });

  it('are opened by several at once, and stay when they are opened again', async () => {
    const fresh = await make();
    const opened = await Promise.all([1, 2, 3, 4].map(() => openUsers(fresh.place)));
    const [one] = opened;
    await addUser(one ?? sql, { name: 'ana', ...nobody, ...rightsOf({}) }, now);
    await Promise.all(opened.map((each) => each.close()));
    const again = await openUsers(fresh.place);
    expect(await listUsers(again)).toHaveLength(1);
    await again.close();
    await fresh.drop();
  });

  it('are not touched by an older version', async () => {
    const newer = name === 'SQLite' ? 'PRAGMA user_version = 99' : 'UPDATE sqlq_layout SET version = 99';
    await sql.change(newer).catch(() => sql.all(newer));
    await expect(openUsers(place.place)).rejects.toMatchObject({
      message: 'A newer sqlq has changed the database of users.',
    });
  });

  it('count tries that are made at once as if they came one by one', async () => {
    const rule = { free: 5, longestWait: 60_000, forget: 1_000 };
    const others = await Promise.all([1, 2].map(() => openUsers(place.place)));
    const tries = [sql, ...others].flatMap((each) =>
      Array.from({ length: 10 }, () => tryOnce(each, 'ana', rule, 1_000_000)),
    );
    const made = (await Promise.all(tries)).filter(({ wait }) => wait === 0);
    // The fifth in vain begins the wait.
    expect(made.map(({ failures }) => failures).sort()).toEqual([1, 2, 3, 4, 5]);
    // After it there is one more, then the wait is twice as long.
    expect(await tryOnce(sql, 'ana', rule, 1_001_000)).toEqual({ wait: 0, failures: 6 });
    expect(await tryOnce(sql, 'ana', rule, 1_001_000)).toEqual({ wait: 2_000, failures: 6 });
    // And all is forgotten when nothing was tried for a while.
    expect(await tryOnce(sql, 'ana', rule, 1_001_000 + 2_000 + 1_000)).toEqual({ wait: 0, failures: 1 });
    await Promise.all(others.map((each) => each.close()));
  });

  it('keep the newest addresses that they have signed in from', async () => {
    const user = await addUser(sql, { name: 'ana', ...nobody, ...rightsOf({}) }, now);
    for (let number = 0; number < 15; number += 1) {
      await knowAddress(sql, user.id, `place ${number}`, new Date(number));
    }
    await knowAddress(sql, user.id, 'place 14', new Date(20));
    expect(await isKnownAddress(sql, user.id, 'place 14')).toBe(true);
    expect(await isKnownAddress(sql, user.id, 'place 5')).toBe(true);
    expect(await isKnownAddress(sql, user.id, 'place 4')).toBe(false);
    expect(await isKnownAddress(sql, 'another', 'place 14')).toBe(false);
  });

  if (name === 'SQLite') {
    it('are in a file and a folder that their owner alone may read', async () => {
      expect((await stat(place.place)).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(place.place)).mode & 0o777).toBe(0o700);
      for (const ending of ['-wal', '-shm']) {
        expect((await stat(`${place.place}${ending}`)).mode & 0o777).toBe(0o600);
      }
    });
  }
});

describe('the place of users', () => {
  it('says what is wrong with it, without a password', async () => {
    const server = openUsers('postgres://me:secret@127.0.0.1:1/users');
    await expect(server).rejects.toThrow(/database of users can't be read or written: .*ECONNREFUSED/u);
    await expect(server).rejects.not.toThrow(/secret/u);
    await expect(openUsers('/proc/none/users.sqlite')).rejects.toMatchObject({ code: 'failed' });
  });

  it('is no file that others can write to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sqlq-users-'));
    const file = join(folder, 'users.sqlite');
    await (await openUsers(file)).close();
    for (const mode of [0o666, 0o620]) {
      await chmod(file, mode);
      await expect(openUsers(file)).rejects.toMatchObject({
        code: 'usage',
        message: `Others can write to the users in ${file}.`,
      });
    }
    await chmod(file, 0o644);
    await (await openUsers(file)).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is no file that holds something else, which stays as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sqlq-users-'));
    const text = join(folder, 'notes.txt');
    await writeFile(text, 'Nothing of a database, and longer than its first hundred bytes are. '.repeat(3));
    await expect(openUsers(text)).rejects.toThrow(/not a database/u);
    const shop = join(folder, 'shop.sqlite');
    await copyFile(sampleFile, shop);
    await chmod(shop, 0o644);
    await expect(openUsers(shop)).rejects.toThrow(/it holds something else/u);
    expect((await stat(shop)).mode & 0o777).toBe(0o644);
    await rm(folder, { recursive: true });
  });
});

describe('the wait after tries in vain', () => {
  it('doubles, and never gets longer than its rule says', () => {
    const rule = { free: 3, longestWait: 10_000, forget: 1 };
    expect([1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => waitAfter(failures, rule))).toEqual([
      0, 0, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });
});
