import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealOf } from '../../../src/serve/accounts/secrets.ts';
import { changeUser, findUser } from '../../../src/serve/accounts/user.ts';
import {
  type AccountsServer,
  addTestUser,
  bearer,
  type Clock,
  goodPassword,
  send,
  startAccounts,
  type Told,
} from '../../support/accounts-server.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const minute = 60_000;
const day = 24 * 60 * minute;

describe.each(userStores)('tokens of users in $name', ({ make }) => {
  const clock: Clock = { milliseconds: Date.UTC(2026, 10, 2) };
  let place: UserPlace;
  let one: AccountsServer;
  let other: AccountsServer;

  beforeAll(async () => {
    place = await make();
    one = await startAccounts(place.place, { clock });
    other = await startAccounts(place.place, { clock });
    await addTestUser(one.accounts, 'ana');
    await addTestUser(one.accounts, 'bob', { roles: ['ask'], databases: ['shop'], rowLimit: 10 });
  });
  afterAll(async () => {
    await one.close();
    await other.close();
    await place.drop();
  });

  const login = (name = 'ana', server = one): Promise<Told> =>
    send(server.url, 'POST', '/auth/login', { name, password: goodPassword });
  const me = (token: string, server = one): Promise<Told> =>
    send(server.url, 'GET', '/v1/me', undefined, bearer(token));
  const refresh = (token: string, server = one): Promise<Told> =>
    send(server.url, 'POST', '/auth/refresh', { refresh_token: token });

  it('come for a name and a password, and say who calls to each instance', async () => {
    const { status, body, headers } = await login('Bob');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
    for (const server of [one, other]) {
      const told = await me(body.access_token, server);
      expect(told.body).toMatchObject({
        name: 'bob',
        roles: ['ask'],
        databases: ['shop'],
        rowLimit: 10,
        by: 'access-token',
      });
    }
    expect(await send(one.url, 'POST', '/v1/run', {}, bearer(body.access_token))).toMatchObject({
      status: 403,
    });
    expect(one.audited.at(-1)).toMatchObject({
      action: 'login',
      caller: { name: 'bob' },
      address: '127.0.0.1',
    });
    // Who has the tables has none of what lets somebody in.
    const kept = JSON.stringify([
      await one.accounts.sql.all('SELECT * FROM sqlq_login'),
      await one.accounts.sql.all('SELECT * FROM sqlq_refresh'),
    ]);
    expect(kept).not.toContain(body.refresh_token);
    expect(kept).not.toContain(body.access_token);
  });

  it("come for the form of OAuth 2's password grant too, and for no other form", async () => {
    const form = new URLSearchParams({ grant_type: 'password', username: 'ana', password: goodPassword });
    const { status, body } = await send(one.url, 'POST', '/auth/login', form);
    expect(status).toBe(200);
    expect((await me(body.access_token)).status).toBe(200);
    form.set('grant_type', 'client_credentials');
    expect((await send(one.url, 'POST', '/auth/login', form)).status).toBe(403);
    form.set('grant_type', 'password');
    form.delete('password');
    expect((await send(one.url, 'POST', '/auth/login', form)).status).toBe(400);
    form.set('password', 'x'.repeat(10_000));
    expect((await send(one.url, 'POST', '/auth/login', form)).status).toBe(413);
    // A form is taken for a sign-in alone: any page can have a browser send one.
    const elsewhere = await send(one.url, 'POST', '/v1/change', form);
    expect(elsewhere.status).toBe(401);
    const known = await send(one.url, 'POST', '/v1/change', form, bearer(body.access_token));
    expect(known.status).toBe(415);
  });

  it('end when their time is over', async () => {
    const { body } = await login();
    clock.milliseconds += 9 * minute;
    expect((await me(body.access_token)).status).toBe(200);
    clock.milliseconds += 2 * minute;
    const { status, headers } = await me(body.access_token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/u);
    const next = await refresh(body.refresh_token);
    expect((await me(next.body.access_token)).status).toBe(200);
    clock.milliseconds += 31 * day;
    expect((await refresh(next.body.refresh_token)).status).toBe(401);
  });

  it('are followed by new ones once each; a second time ends all of them', async () => {
    const first = (await login()).body;
    const second = (await refresh(first.refresh_token, other)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    // By this a proxy knows a program again.
    const beginnings = [first, second].map(
      ({ access_token: token }) => /^[\w-]+\.([\w-]{56})/u.exec(token)?.[1],
    );
    expect(beginnings[0]).toBeDefined();
    expect(beginnings[1]).toBe(beginnings[0]);
    const third = (await refresh(second.refresh_token)).body;
    expect((await me(third.access_token)).status).toBe(200);
    // Somebody has it who should not, or had it before.
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(third.refresh_token)).status).toBe(401);
    for (const { access_token: token } of [first, second, third]) {
      expect((await me(token, other)).status).toBe(401);
    }
    // Another sign-in of the same user goes on.
    const apart = (await login()).body;
    expect((await refresh(third.refresh_token)).status).toBe(401);
    expect((await me(apart.access_token)).status).toBe(200);
  });

  it('are followed by one new one where two ask at once', async () => {
    const { body } = await login();
    const tries = await Promise.all(
      [one, other, one, other].map((server) => refresh(body.refresh_token, server)),
    );
    expect(tries.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(tries.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });

  it('are none where they were changed, made up, or signed otherwise', async () => {
    const { access_token: token } = (await login()).body;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const bob = (await login('bob')).body.access_token.split('.');
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const withHmac = (head: object, body: object, key: string, hash = 'sha256'): string => {
      const text = `${base64(head)}.${base64(body)}`;
      return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
    };
    const key = sealOf(one.accounts.key, 'jwt', 'HS256');
    // The test knows how they are signed: this one holds.
    expect((await me(withHmac({ alg: 'HS256', typ: 'JWT' }, claims, key))).status).toBe(200);
    const rsaText = `${base64({ alg: 'RS256', typ: 'JWT' })}.${payload}`;
    const forged: Readonly<Record<string, string>> = {
      'a changed claim': `${header}.${base64({ ...claims, login: 'x' })}.${signature}`,
      'a longer time': `${header}.${base64({ ...claims, exp: claims.exp + 9_999 })}.${signature}`,
      "another's signature": `${header}.${payload}.${bob[2]}`,
      "another's claims": `${header}.${bob[1]}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'no signature, two parts': `${header}.${payload}`,
      'alg none': `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      'alg None': `${base64({ alg: 'None' })}.${payload}.`,
      'alg none, signed': `${base64({ alg: 'none' })}.${payload}.${signature}`,
      'no alg': withHmac({ typ: 'JWT' }, claims, key),
      'an empty alg': withHmac({ alg: '' }, claims, key),
      'another key': withHmac({ alg: 'HS256' }, claims, 'another'),
      'an empty key': withHmac({ alg: 'HS256' }, claims, ''),
      'a public key as the secret': withHmac({ alg: 'HS256' }, claims, pem),
      HS512: withHmac({ alg: 'HS512' }, claims, key, 'sha512'),
      RS256: `${rsaText}.${sign('sha256', Buffer.from(rsaText), privateKey).toString('base64url')}`,
      'RS256 with HMAC': withHmac({ alg: 'RS256' }, claims, key),
      'a key of its own': withHmac(
        { alg: 'HS256', jwk: { kty: 'oct', k: base64('another') }, kid: '../../dev/null' },
        claims,
        'another',
      ),
      'for another use': withHmac({ alg: 'HS256' }, { ...claims, aud: 'oidc' }, key),
      'of another issuer': withHmac({ alg: 'HS256' }, { ...claims, iss: 'x' }, key),
      'without a time': withHmac({ alg: 'HS256' }, { ...claims, exp: undefined }, key),
      'without a use': withHmac({ alg: 'HS256' }, { ...claims, aud: undefined }, key),
      'over long ago': withHmac({ alg: 'HS256' }, { ...claims, exp: 1 }, key),
      "a login that is nobody's": withHmac({ alg: 'HS256' }, { ...claims, login: 'x' }, key),
      'a login that is no text': withHmac({ alg: 'HS256' }, { ...claims, login: { '': '' } }, key),
      nonsense: 'x',
      'dots alone': '..',
    };
    for (const [name, text] of Object.entries(forged)) {
      expect((await me(text)).status, name).toBe(401);
    }
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      `Bearer ${token} x`,
      `Token ${token}`,
      'Bearer \u00e9',
    ]) {
      expect(
        (await send(one.url, 'GET', '/v1/me', undefined, { authorization: header })).status,
        header,
      ).toBe(401);
    }
    expect((await me(token)).status).toBe(200);
  });

  it('end on every instance as soon as their user is disabled or gone', async () => {
    const eve = await addTestUser(one.accounts, 'eve');
    const { body } = await login('eve');
    const made = await send(one.url, 'POST', '/auth/tokens', { name: 'ci' }, bearer(body.access_token));
    for (const token of [body.access_token, made.body.token]) {
      expect((await me(token, other)).status).toBe(200);
    }
    await changeUser(other.accounts.sql, eve, { disabled: true });
    for (const token of [body.access_token, made.body.token]) {
      expect((await me(token)).status).toBe(401);
      expect((await me(token, other)).status).toBe(401);
    }
    expect((await refresh(body.refresh_token)).status).toBe(401);
    expect((await login('eve')).status).toBe(401);
  });

  it('end by signing out, here or everywhere', async () => {
    const [first, second, third] = await Promise.all([login(), login(), login()]);
    const logout = (body: unknown, token?: string): Promise<Told> =>
      send(one.url, 'POST', '/auth/logout', body, token === undefined ? {} : bearer(token));
    expect(await logout(undefined, first.body.access_token)).toMatchObject({ status: 204, body: null });
    expect((await me(first.body.access_token, other)).status).toBe(401);
    expect((await refresh(first.body.refresh_token, other)).status).toBe(401);
    expect((await me(second.body.access_token)).status).toBe(200);
    expect((await logout({ refresh_token: second.body.refresh_token })).status).toBe(204);
    expect((await me(second.body.access_token)).status).toBe(401);
    expect((await logout({ everywhere: true })).status).toBe(401);
    const fourth = await login();
    expect((await logout({ everywhere: true }, third.body.access_token)).status).toBe(204);
    expect((await me(fourth.body.access_token, other)).status).toBe(401);
  });

  it('end with a new password, but for the one that it was changed with', async () => {
    await addTestUser(one.accounts, 'dora');
    const [here, there] = await Promise.all([login('dora'), login('dora')]);
    const change = (old: string, wanted: string): Promise<Told> =>
      send(one.url, 'POST', '/auth/password', { old, new: wanted }, bearer(here.body.access_token));
    expect((await change('not the password', 'five words that are new')).status).toBe(401);
    expect((await change(goodPassword, 'short')).status).toBe(400);
    expect((await change(goodPassword, 'five words that are new')).status).toBe(204);
    expect((await me(here.body.access_token)).status).toBe(200);
    expect((await me(there.body.access_token, other)).status).toBe(401);
    expect((await login('dora')).status).toBe(401);
    const again = { name: 'dora', password: 'five words that are new' };
    expect((await send(one.url, 'POST', '/auth/login', again)).status).toBe(200);
  });

  it('of a person are for programs: shown once, listed, used, and taken back', async () => {
    const { access_token: token } = (await login()).body;
    const add = (body: unknown, by = token): Promise<Told> =>
      send(one.url, 'POST', '/auth/tokens', body, bearer(by));
    const made = await add({ name: 'ci', roles: ['ask'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'ci', roles: ['ask'], expires: null, seen: null });
    expect(made.body.token).toMatch(/^sqlq_/u);
    expect((await me(made.body.token, other)).body).toMatchObject({
      name: 'ana',
      roles: ['ask'],
      by: 'personal-token',
    });
    const listed = await send(one.url, 'GET', '/auth/tokens', undefined, bearer(token));
    expect(listed.body.tokens).toMatchObject([{ id: made.body.id, name: 'ci', seen: expect.any(String) }]);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.token);
    // Neither more than its owner may, nor what would outlast it.
    expect((await add({ name: 'more', roles: ['ask', 'admin'] })).status).toBe(403);
    expect((await add({ name: 'next' }, made.body.token)).status).toBe(403);
    const change = { old: goodPassword, new: 'five words that are new' };
    expect((await send(one.url, 'POST', '/auth/password', change, bearer(made.body.token))).status).toBe(403);
    // Somebody else's is not there.
    const bob = (await login('bob')).body.access_token;
    expect(
      (await send(one.url, 'DELETE', `/auth/tokens/${made.body.id}`, undefined, bearer(bob))).status,
    ).toBe(404);
    expect(
      (await send(one.url, 'DELETE', `/auth/tokens/${made.body.id}`, undefined, bearer(token))).status,
    ).toBe(204);
    expect((await me(made.body.token, other)).status).toBe(401);
    expect(
      (await send(one.url, 'DELETE', `/auth/tokens/${made.body.id}`, undefined, bearer(token))).status,
    ).toBe(404);
  });

  it('of a person end in time, and follow the roles that their owner has by then', async () => {
    const user = await addTestUser(one.accounts, 'finn', { roles: ['ask', 'run', 'admin'] });
    const { access_token: token } = (await login('finn')).body;
    const expires = new Date(clock.milliseconds + day).toISOString();
    const made = await send(one.url, 'POST', '/auth/tokens', { name: 'ci', expires }, bearer(token));
    expect((await me(made.body.token)).body.roles).toEqual(['ask', 'run', 'admin']);
    await changeUser(one.accounts.sql, user, { roles: ['ask', 'write'] });
    expect((await me(made.body.token, other)).body.roles).toEqual(['ask']);
    clock.milliseconds += day + 1;
    expect((await me(made.body.token, other)).status).toBe(401);
  });

  it('of a person end after as long as was said, as on the command line', async () => {
    await addTestUser(one.accounts, 'gail', { roles: ['ask'] });
    const { access_token: token } = (await login('gail')).body;
    const ask = (expires: string) =>
      send(one.url, 'POST', '/auth/tokens', { name: 'ci', expires }, bearer(token));
    expect(await ask('7d')).toMatchObject({
      status: 201,
      body: { expires: new Date(clock.milliseconds + 7 * day).toISOString() },
    });
    expect(await ask('2130-01-31')).toMatchObject({
      status: 201,
      body: { expires: '2130-01-31T00:00:00.000Z' },
    });
    expect((await ask('7 days')).status).toBe(400);
  });

  it('are kept a while after they were used, and leave nothing behind in the end', async () => {
    const { body } = await login();
    let token: string = body.refresh_token;
    for (let count = 0; count < 20; count += 1) {
      clock.milliseconds += day;
      token = (await refresh(token)).body.refresh_token;
    }
    const user = await findUser(one.accounts.sql, 'ana');
    const rows = await one.accounts.sql.all(
      'SELECT * FROM sqlq_refresh JOIN sqlq_login ON id = login_id WHERE user_id = $1',
      user?.id ?? '',
    );
    expect(rows.length).toBeLessThan(20);
    clock.milliseconds += 40 * day;
    await login();
    const all = await one.accounts.sql.all('SELECT * FROM sqlq_login');
    expect(all).toHaveLength(1);
  });
});
