import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../src/serve/accounts/password.ts';
import { changeUser, findUser } from '../../../src/serve/accounts/user.ts';
import {
  type AccountsServer,
  addTestUser,
  bearer,
  type Clock,
  cheapCost,
  goodPassword,
  send,
  startAccounts,
  type Told,
} from '../../support/accounts-server.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const minute = 60_000;

describe.each(userStores)('signing in, with users in $name', ({ make }) => {
  const clock: Clock = { milliseconds: Date.UTC(2026, 10, 2) };
  let place: UserPlace;
  let one: AccountsServer;
  let other: AccountsServer;

  beforeAll(async () => {
    place = await make();
    one = await startAccounts(place.place, { clock });
    other = await startAccounts(place.place, { clock });
    for (const name of ['ana', 'bob', 'carol', 'dan', 'eve']) {
      await addTestUser(one.accounts, name);
    }
  });
  afterAll(async () => {
    await one.close();
    await other.close();
    await place.drop();
  });

  const from = (address: string): Readonly<Record<string, string>> => ({ 'x-forwarded-for': address });
  const login = (name: string, password: string, address: string, server = one): Promise<Told> =>
    send(server.url, 'POST', '/auth/login', { name, password }, from(address));

  it('fails in one way, whatever was wrong', async () => {
    const eve = await findUser(one.accounts.sql, 'eve');
    await changeUser(one.accounts.sql, eve ?? { id: '' }, { disabled: true });
    const replies = await Promise.all([
      login('ana', 'a wrong password', '10.0.0.1'),
      login('nobody', 'a wrong password', '10.0.0.1'),
      login('eve', goodPassword, '10.0.0.1'),
      login("' OR 1=1 --", goodPassword, '10.0.0.1'),
      login('\u0000', 'x'.repeat(1000), '10.0.0.1'),
    ]);
    const told = replies.map(({ status, body, headers }) => ({
      status,
      body: { ...body.error, requestId: '' },
      headers: [...headers.keys()].sort(),
    }));
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(told[0]).toMatchObject({
      status: 401,
      body: { code: 'unauthorized', message: 'The name or the password is wrong.', hint: null },
    });
    expect(one.outcomes).toEqual(Array(5).fill('failed'));
  });

  it('waits after failures, of names that there are and are not alike, on every instance', async () => {
    clock.milliseconds += 120 * minute;
    for (const name of ['bob', 'not-there']) {
      const address = name === 'bob' ? '10.1.0.1' : '10.1.0.2';
      const tries: Told[] = [];
      for (let count = 0; count < 6; count += 1) {
        tries.push(await login(name, 'a wrong password', address, count % 2 === 0 ? one : other));
      }
      expect(
        tries.map(({ status }) => status),
        name,
      ).toEqual([401, 401, 401, 401, 401, 429]);
      expect(tries[5]?.headers.get('retry-after')).toBe('1');
      expect(tries[5]?.body.error).toMatchObject({ code: 'too-many' });
      // Not even the right one is tried then.
      expect((await login(name, goodPassword, address, other)).status).toBe(429);
      clock.milliseconds += 1_000;
      expect((await login(name, 'a wrong password', address)).status).toBe(401);
      expect((await login(name, 'a wrong password', address)).headers.get('retry-after')).toBe('2');
    }
    clock.milliseconds += 2_000;
    expect((await login('bob', goodPassword, '10.1.0.1')).status).toBe(200);
    // Then all is as it was.
    for (let count = 0; count < 4; count += 1) {
      expect((await login('bob', 'a wrong password', '10.1.0.1')).status).toBe(401);
    }
    expect((await login('bob', goodPassword, '10.1.0.1')).status).toBe(200);
  });

  it('is written down where it begins to wait, once, and without a name that nobody has', async () => {
    const slowed = [...one.audited, ...other.audited].filter(({ outcome }) => outcome === 'slowed');
    expect(slowed).toMatchObject([
      { action: 'login', about: 'bob', address: '10.1.0.1', caller: null },
      { action: 'login', about: 'a name that nobody has', address: '10.1.0.2', caller: null },
    ]);
  });

  it('slows whoever guesses at one account from many addresses, and not its user where they usually are', async () => {
    clock.milliseconds += 120 * minute;
    expect((await login('carol', goodPassword, '10.2.0.1')).status).toBe(200);
    const statuses: number[] = [];
    for (let count = 0; count < 24; count += 1) {
      statuses.push((await login('carol', 'a wrong password', `10.3.0.${count}`)).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(statuses.slice(20)).toEqual(Array(4).fill(429));
    // From elsewhere nobody gets in now, from where she usually is she does, as often as she likes.
    expect((await login('carol', goodPassword, '10.4.0.1', other)).status).toBe(429);
    expect((await login('carol', goodPassword, '10.2.0.1', other)).status).toBe(200);
    expect((await login('carol', goodPassword, '10.2.0.1')).status).toBe(200);
    // And from elsewhere after a while: the wait is never longer than a quarter of an hour.
    for (let count = 0; count < 20; count += 1) {
      clock.milliseconds += 15 * minute;
      expect((await login('carol', 'a wrong password', `10.5.0.${count}`)).status).toBe(401);
    }
    clock.milliseconds += 15 * minute;
    expect((await login('carol', goodPassword, '10.4.0.1')).status).toBe(200);
  }, 60_000);

  it('slows an address that tries many accounts, of IPv6 its network', async () => {
    clock.milliseconds += 120 * minute;
    const statuses: number[] = [];
    for (let count = 0; count < 52; count += 1) {
      statuses.push((await login(`name${count}`, 'a wrong password', `2001:db8:1:2::${count}`)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.slice(50)).toEqual([429, 429]);
    expect((await login('dan', goodPassword, '2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await login('dan', goodPassword, '2001:db8:1:3::1')).status).toBe(200);
  }, 60_000);

  it('lets no more through where all tries come at once', async () => {
    clock.milliseconds += 120 * minute;
    const tries = await Promise.all(
      Array.from({ length: 30 }, (_, count) =>
        login('dan', 'a wrong password', '10.6.0.1', count % 2 === 0 ? one : other),
      ),
    );
    const statuses = tries.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(25);
  });

  it('keeps little of a hundred thousand failures: what is slowed is not kept, and names that nobody has share', async () => {
    clock.milliseconds += 120 * minute;
    const count = async (): Promise<number> =>
      (await one.accounts.sql.all('SELECT key FROM sqlq_attempt')).length;
    const before = await count();
    const audited = one.audited.length;
    const refused = await Promise.all(
      Array.from({ length: 300 }, (_, index) => login(`made-up-${index}`, 'a wrong password', '10.7.0.1')),
    );
    expect(refused.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(50);
    expect(refused.filter(({ status }) => status >= 500).every(({ status }) => status === 503)).toBe(true);
    expect((await count()) - before).toBeLessThanOrEqual(50 + 50 + 1);
    expect(one.audited.length - audited).toBeLessThanOrEqual(1);
    // What is over goes away as others sign in.
    clock.milliseconds += 24 * 60 * minute;
    for (let index = 0; index < 400 && (await count()) > 20; index += 1) {
      await login('dan', goodPassword, '10.8.0.1').then(({ status }) => expect(status).toBe(200));
    }
    expect(await count()).toBeLessThan(20);
  }, 120_000);

  it('makes the hash anew where it is of an older cost', async () => {
    const user = await findUser(one.accounts.sql, 'ana');
    const old = await hashPassword(goodPassword, { ln: 10, r: 8, p: 1 });
    await changeUser(one.accounts.sql, user ?? { id: '' }, { password: old });
    expect((await login('ana', goodPassword, '10.9.0.1')).status).toBe(200);
    const { ln, r, p } = cheapCost;
    expect((await findUser(one.accounts.sql, 'ana'))?.password).toMatch(
      new RegExp(`^\\$scrypt\\$ln=${ln},r=${r},p=${p}\\$`, 'u'),
    );
    expect((await login('ana', goodPassword, '10.9.0.1')).status).toBe(200);
  });

  it('is refused to users who sign in elsewhere, by whatever password', async () => {
    const user = await addTestUser(one.accounts, 'oidc-user');
    await one.accounts.sql.change('UPDATE sqlq_user SET password = NULL WHERE id = $1', user.id);
    expect((await login('oidc-user', goodPassword, '10.10.0.1')).status).toBe(401);
    expect((await login('oidc-user', 'null', '10.10.0.1')).status).toBe(401);
  });

  it('is not to be registered for unless that is told', async () => {
    const wanted = { name: 'new', password: goodPassword };
    const off = await send(one.url, 'POST', '/auth/register', wanted);
    expect(off).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
    expect(await findUser(one.accounts.sql, 'new')).toBeNull();
    const open = await startAccounts(place.place, { clock, registration: true });
    try {
      const register = (body: unknown, address = '10.11.0.1'): Promise<Told> =>
        send(open.url, 'POST', '/auth/register', body, from(address));
      expect((await register({ name: 'new', password: 'short' })).status).toBe(400);
      expect((await register({ ...wanted, roles: ['admin'] })).status).toBe(400);
      expect((await register(wanted)).body).toMatchObject({ name: 'new', roles: ['ask', 'run'] });
      expect((await register(wanted)).status).toBe(409);
      expect((await login('new', goodPassword, '10.11.0.1')).status).toBe(200);
      for (let count = 0; count < 3; count += 1) {
        await register({ name: `new${count}`, password: goodPassword });
      }
      expect((await register({ name: 'new9', password: goodPassword })).status).toBe(429);
      expect((await register({ name: 'new9', password: goodPassword }, '10.11.0.2')).status).toBe(201);
    } finally {
      await open.close();
    }
  });
});

describe.each(userStores)('users in $name, seen to over HTTP', ({ make }) => {
  let place: UserPlace;
  let server: AccountsServer;
  let admin: Readonly<Record<string, string>>;
  beforeAll(async () => {
    place = await make();
    server = await startAccounts(place.place);
    await addTestUser(server.accounts, 'root', { roles: ['ask', 'admin'] });
    await addTestUser(server.accounts, 'ana');
    admin = await tokenOf('root');
  });
  afterAll(async () => {
    await server.close();
    await place.drop();
  });

  const tokenOf = async (
    name: string,
    password = goodPassword,
  ): Promise<Readonly<Record<string, string>>> => {
    const { body } = await send(server.url, 'POST', '/auth/login', { name, password });
    return bearer(body.access_token);
  };

  it('are for admins alone', async () => {
    const ana = await tokenOf('ana');
    const calls: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['GET', '/v1/users'],
      ['POST', '/v1/users', { name: 'x', password: goodPassword, roles: ['admin'] }],
      ['PATCH', '/v1/users/ana', { roles: ['admin'] }],
      ['DELETE', '/v1/users/root'],
    ];
    for (const [method, path, body] of calls) {
      expect((await send(server.url, method, path, body, ana)).status, method).toBe(403);
      expect((await send(server.url, method, path, body)).status, method).toBe(401);
    }
  });

  it('are added, listed, changed and removed, which is written down', async () => {
    const added = await send(
      server.url,
      'POST',
      '/v1/users',
      {
        name: 'Bob',
        password: goodPassword,
        roles: ['ask'],
        databases: ['shop'],
        hide: ['*.email'],
        dollars: 2,
      },
      admin,
    );
    expect(added.status).toBe(201);
    const bob = {
      name: 'bob',
      roles: ['ask'],
      databases: ['shop'],
      profiles: null,
      hide: ['*.email'],
      rowLimit: null,
      dollars: 2,
      disabled: false,
      by: 'password',
    };
    expect(added.body).toMatchObject(bob);
    const again = { name: 'bob', password: goodPassword };
    expect((await send(server.url, 'POST', '/v1/users', again, admin)).status).toBe(409);
    const listed = await send(server.url, 'GET', '/v1/users', undefined, admin);
    expect(listed.body.users.map((user: { name: string }) => user.name)).toEqual(['ana', 'bob', 'root']);
    expect(JSON.stringify(listed.body)).not.toContain('scrypt');
    const token = await tokenOf('bob');
    const changed = await send(server.url, 'PATCH', '/v1/users/bob', { databases: null, rowLimit: 5 }, admin);
    expect(changed.body).toMatchObject({ ...bob, databases: null, rowLimit: 5 });
    expect((await send(server.url, 'GET', '/v1/me', undefined, token)).body).toMatchObject({ rowLimit: 5 });
    const reset = { password: 'another four plain words' };
    expect((await send(server.url, 'PATCH', '/v1/users/bob', reset, admin)).status).toBe(200);
    expect((await send(server.url, 'GET', '/v1/me', undefined, token)).status).toBe(401);
    const anew = await tokenOf('bob', 'another four plain words');
    expect((await send(server.url, 'PATCH', '/v1/users/bob', { disabled: true }, admin)).status).toBe(200);
    expect((await send(server.url, 'GET', '/v1/me', undefined, anew)).status).toBe(401);
    expect((await send(server.url, 'DELETE', '/v1/users/bob', undefined, admin)).status).toBe(204);
    expect((await send(server.url, 'DELETE', '/v1/users/bob', undefined, admin)).status).toBe(404);
    const written = server.audited.filter(({ action }) => action.startsWith('user.'));
    expect(written.map(({ action, about, caller }) => [caller?.name, action, about])).toEqual([
      [
        'root',
        'user.add',
        'bob: roles ask; databases shop; profiles all; hide *.email; row limit none; dollars 2',
      ],
      ['root', 'user.set', 'bob: databases all; row limit 5'],
      ['root', 'user.set', 'bob: password'],
      ['root', 'user.set', 'bob: disabled'],
      ['root', 'user.remove', 'bob'],
    ]);
    expect(JSON.stringify(server.audited)).not.toContain('four plain words');
  });

  it('are never without the admin who sees to them', async () => {
    for (const change of [{ disabled: true }, { roles: ['ask'] }]) {
      expect((await send(server.url, 'PATCH', '/v1/users/root', change, admin)).status).toBe(409);
    }
    expect((await send(server.url, 'DELETE', '/v1/users/root', undefined, admin)).status).toBe(409);
    expect((await send(server.url, 'PATCH', '/v1/users/root', { rowLimit: 9 }, admin)).status).toBe(200);
  });

  it.each([
    { name: 'x y', password: goodPassword },
    { name: 'eve', password: 'short' },
    { name: 'eve', password: goodPassword, roles: ['root'] },
    { name: 'eve', password: goodPassword, rowLimit: 0 },
    { name: 'eve', password: goodPassword, dollars: -1 },
    { name: 'eve', password: goodPassword, id: 'x' },
    { name: 'eve' },
    [],
  ])('are not added as %j', async (body) => {
    expect((await send(server.url, 'POST', '/v1/users', body, admin)).status).toBe(400);
  });
});
