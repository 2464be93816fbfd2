import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeToken } from '../../../src/serve/accounts/personal-tokens.ts';
import { changeUser } from '../../../src/serve/accounts/user.ts';
import { localLogin } from '../../../src/serve/local-login.ts';
import {
  type AccountsServer,
  addTestUser,
  bearer,
  type Clock,
  describeCaller,
  goodPassword,
  send,
  serveLogin,
  startAccounts,
  type Told,
} from '../../support/accounts-server.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const hour = 60 * 60_000;

/** What a browser would send back of a reply. */
const cookieOf = ({ headers }: Told): Readonly<Record<string, string>> => ({
  cookie: (headers.get('set-cookie') ?? '').split(';')[0] ?? '',
});

describe.each(userStores)("a page's session of users in $name", ({ make }) => {
  const clock: Clock = { milliseconds: Date.UTC(2026, 10, 2) };
  let place: UserPlace;
  let server: AccountsServer;
  let behind: AccountsServer;

  beforeAll(async () => {
    place = await make();
    server = await startAccounts(place.place, { clock });
    behind = await startAccounts(place.place, { clock, secure: true });
    await addTestUser(server.accounts, 'ana');
    await addTestUser(server.accounts, 'bob');
  });
  afterAll(async () => {
    await server.close();
    await behind.close();
    await place.drop();
  });

  const signIn = (body: unknown = { name: 'ana', password: goodPassword }, url = server.url): Promise<Told> =>
    send(url, 'POST', '/auth/session', body);

  it('is a cookie that no script and no other site can use', async () => {
    const plain = await signIn();
    expect(plain.status).toBe(200);
    expect(plain.headers.get('cache-control')).toBe('no-store');
    const port = new URL(server.url).port;
    expect(plain.headers.get('set-cookie')).toMatch(
      new RegExp(`^sqlq-${port}=[\\w-]{43}; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict$`, 'u'),
    );
    // Over TLS no other host of the domain can set it.
    const secure = await signIn(undefined, behind.url);
    expect(secure.headers.get('set-cookie')).toMatch(
      /^__Host-sqlq=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/u,
    );
    expect(plain.body).toMatchObject({ csrf: expect.stringMatching(/^[\w-]{43}$/u), me: { name: 'ana' } });
    const kept = JSON.stringify(await server.accounts.sql.all('SELECT * FROM sqlq_login'));
    expect(kept).not.toContain(cookieOf(plain)['cookie']?.split('=')[1] ?? 'none');
  });

  it('reads with the cookie alone, and changes with its own token only', async () => {
    const ana = await signIn();
    const bob = await signIn({ name: 'bob', password: goodPassword });
    const cookie = cookieOf(ana);
    expect((await send(server.url, 'GET', '/v1/me', undefined, cookie)).body).toMatchObject({
      name: 'ana',
      by: 'session',
    });
    expect((await send(server.url, 'GET', '/auth/session', undefined, cookie)).body).toEqual(ana.body);
    const change = (csrf: Readonly<Record<string, string>>): Promise<Told> =>
      send(server.url, 'POST', '/v1/change', {}, { ...cookie, ...csrf });
    expect((await change({ 'x-csrf-token': ana.body.csrf })).status).toBe(200);
    for (const wrong of ['', 'x', bob.body.csrf, `${ana.body.csrf}x`, cookie['cookie'] ?? '']) {
      expect((await change({ 'x-csrf-token': wrong })).status, wrong).toBe(401);
    }
    expect((await change({})).status).toBe(401);
    for (const method of ['POST', 'DELETE']) {
      const path = method === 'POST' ? '/auth/tokens' : '/auth/session';
      expect((await send(server.url, method, path, { name: 'x' }, cookie)).status, method).toBe(401);
    }
    // What is in `Authorization` counts, and nothing besides.
    expect((await send(server.url, 'GET', '/v1/me', undefined, { ...cookie, ...bearer('x') })).status).toBe(
      401,
    );
  });

  it('does not begin by a request that any page can have a browser send', async () => {
    const json = JSON.stringify({ name: 'ana', password: goodPassword });
    const simple = await fetch(`${server.url}/auth/session`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: json,
    });
    expect(simple.status).toBe(400);
    expect(simple.headers.get('set-cookie')).toBeNull();
  });

  it('ends by signing out, on every instance', async () => {
    const begun = await signIn();
    const headers = { ...cookieOf(begun), 'x-csrf-token': begun.body.csrf };
    const end = await send(server.url, 'DELETE', '/auth/session', undefined, headers);
    expect(end.status).toBe(204);
    expect(end.headers.get('set-cookie')).toMatch(/^sqlq-\d+=; Max-Age=0; Path=\//u);
    expect((await send(server.url, 'GET', '/auth/session', undefined, headers)).status).toBe(401);
    expect((await send(server.url, 'GET', '/v1/me', undefined, headers)).status).toBe(401);
  });

  it('ends after a day without use, and after a week', async () => {
    const begun = await signIn();
    const read = (): Promise<Told> => send(server.url, 'GET', '/v1/me', undefined, cookieOf(begun));
    for (let count = 0; count < 7; count += 1) {
      clock.milliseconds += 23 * hour;
      expect((await read()).status, `${count}`).toBe(200);
    }
    clock.milliseconds += 8 * hour;
    expect((await read()).status).toBe(401);
    const next = await signIn();
    clock.milliseconds += 25 * hour;
    expect((await send(server.url, 'GET', '/v1/me', undefined, cookieOf(next))).status).toBe(401);
  });

  it('begins by a personal token, with its roles, and ends with it', async () => {
    const { body: tokens } = await send(server.url, 'POST', '/auth/login', {
      name: 'ana',
      password: goodPassword,
    });
    const made = await send(
      server.url,
      'POST',
      '/auth/tokens',
      { name: 'tv', roles: ['ask'] },
      bearer(tokens.access_token),
    );
    const begun = await signIn({ token: made.body.token });
    expect(begun.body.me).toMatchObject({ name: 'ana', roles: ['ask'] });
    const headers = { ...cookieOf(begun), 'x-csrf-token': begun.body.csrf };
    expect((await send(server.url, 'POST', '/v1/run', {}, headers)).status).toBe(403);
    expect((await send(server.url, 'POST', '/auth/tokens', { name: 'more' }, headers)).status).toBe(403);
    const user = { id: (await server.accounts.sql.all('SELECT user_id AS id FROM sqlq_token'))[0] };
    expect(user.id).toMatchObject({ id: expect.any(String) });
    const [row] = await server.accounts.sql.all("SELECT id FROM sqlq_user WHERE name = 'ana'");
    const { id } = row as { id: string };
    expect(await removeToken(server.accounts, { id }, made.body.id)).toBe(true);
    expect((await send(server.url, 'GET', '/v1/me', undefined, headers)).status).toBe(401);
    for (const token of [made.body.token, tokens.access_token, 'x', 'sqlq_x']) {
      expect((await signIn({ token })).status).toBe(401);
    }
  });

  it('is nobody where the cookie is made up, or of a user who is disabled', async () => {
    const port = new URL(server.url).port;
    for (const cookie of [
      `sqlq-${port}=`,
      `sqlq-${port}=x`,
      `__Host-sqlq=x`,
      `sqlq-${port}=%`,
      `sqlq-${port}="`,
      `${'a=b; '.repeat(500)}`,
    ]) {
      expect((await send(server.url, 'GET', '/v1/me', undefined, { cookie })).status, cookie).toBe(401);
    }
    const user = await addTestUser(server.accounts, 'eve');
    const begun = await signIn({ name: 'eve', password: goodPassword });
    await changeUser(behind.accounts.sql, user, { disabled: true });
    expect((await send(server.url, 'GET', '/v1/me', undefined, cookieOf(begun))).status).toBe(401);
  });

  it('says how one can sign in, to anybody', async () => {
    expect((await send(server.url, 'GET', '/auth/methods')).body).toEqual({
      password: true,
      token: true,
      oidc: null,
      registration: false,
    });
  });
});

describe("a page's session of the token that is printed", () => {
  it('begins by it alone, and holds for all workers that know it', async () => {
    const one = await serveLogin(localLogin('the-token', describeCaller));
    const other = await serveLogin(localLogin('the-token', describeCaller));
    const stranger = await serveLogin(localLogin('another', describeCaller));
    try {
      expect((await send(one.url, 'GET', '/auth/methods')).body).toMatchObject({
        password: false,
        token: true,
      });
      expect((await send(one.url, 'POST', '/auth/session', { token: 'x' })).status).toBe(401);
      expect(
        (await send(one.url, 'POST', '/auth/session', { name: 'local', password: 'the-token' })).status,
      ).toBe(401);
      const begun = await send(one.url, 'POST', '/auth/session', { token: 'the-token' });
      expect(begun.headers.get('set-cookie')).toMatch(
        /^sqlq-\d+=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/u,
      );
      expect(begun.headers.get('set-cookie')).not.toContain('the-token');
      const { host } = new URL(one.url);
      const read = async (url: string, extra: Readonly<Record<string, string>> = {}): Promise<Response> =>
        fetch(`${url}/v1/me`, { headers: { ...cookieOf(begun), ...extra } });
      expect(await (await read(one.url)).json()).toMatchObject({ name: 'local', by: 'local' });
      expect((await send(one.url, 'POST', '/v1/change', {}, cookieOf(begun))).status).toBe(401);
      const csrf = { 'x-csrf-token': begun.body.csrf };
      expect((await send(one.url, 'POST', '/v1/change', {}, { ...cookieOf(begun), ...csrf })).status).toBe(
        200,
      );
      // The name of the cookie has the port, which is the same for all workers.
      const asOne = (value: string): Readonly<Record<string, string>> => ({
        cookie: (cookieOf(begun)['cookie'] ?? '').replace(`sqlq-${new URL(one.url).port}`, value),
      });
      const port = (url: string): string => `sqlq-${new URL(url).port}`;
      expect(host).toContain('127.0.0.1');
      expect((await send(other.url, 'GET', '/v1/me', undefined, asOne(port(other.url)))).status).toBe(200);
      expect((await send(stranger.url, 'GET', '/v1/me', undefined, asOne(port(stranger.url)))).status).toBe(
        401,
      );
      expect((await send(one.url, 'GET', '/v1/me', undefined, bearer('the-token'))).status).toBe(200);
      expect((await send(one.url, 'GET', '/v1/me', undefined, bearer('the-tokem'))).status).toBe(401);
      const end = await send(one.url, 'DELETE', '/auth/session', undefined, { ...cookieOf(begun), ...csrf });
      expect(end.headers.get('set-cookie')).toMatch(/=; Max-Age=0/u);
    } finally {
      await Promise.all([one.app.close(), other.app.close(), stranger.app.close()]);
    }
  });
});
