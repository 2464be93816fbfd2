import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addUser,
  changeUser,
  findSubject,
  findUser,
  listUsers,
  usualRights,
} from '../../../src/serve/accounts/user.ts';
import {
  type AccountsServer,
  addTestUser,
  goodPassword,
  send,
  startAccounts,
} from '../../support/accounts-server.ts';
import { freePort } from '../../support/free-port.ts';
import { Browser, type OidcServer, startOidc } from '../../support/oidc-server.ts';
import { type Ended, runProgram } from '../../support/program.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe.each(userStores)('signing in at a provider, with users in $name', ({ make }) => {
  let place: UserPlace;
  let provider: OidcServer;
  let server: AccountsServer;

  beforeAll(async () => {
    place = await make();
    const port = await freePort();
    provider = await startOidc(`http://127.0.0.1:${port}/auth/oidc/callback`);
    server = await startAccounts(
      place.place,
      {
        oidc: {
          issuer: new URL(provider.issuer),
          clientId: 'sqlq',
          clientSecret: provider.clientSecret,
          name: 'Example',
          domains: ['example.com'],
          groups: new Map([
            ['analysts', ['ask', 'run']],
            ['owners', ['ask', 'admin']],
          ]),
        },
      },
      port,
    );
    provider.people.set('ana', {
      email: 'Ana@Example.com',
      email_verified: true,
      groups: ['owners', 'others'],
    });
    provider.people.set('ben', { email: 'ben@example.com', email_verified: true });
    provider.people.set('unverified', { email: 'ceo@example.com', email_verified: false });
    provider.people.set('stranger', { email: 'x@example.org', email_verified: true, groups: ['others'] });
    provider.people.set('lookalike', { email: 'x@notexample.com', email_verified: true });
    provider.people.set('carl', { preferred_username: 'carl', groups: ['analysts'] });
    provider.people.set('taken', { preferred_username: 'local', groups: ['analysts'] });
    await addTestUser(server.accounts, 'local', { roles: ['ask', 'admin'] });
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
    await place.drop();
  });
  beforeEach(() => {
    provider.tamper = null;
  });
  afterEach(() => {
    expect(server.outcomes).not.toContain('locked');
  });

  const callback = (url: string): boolean => url.startsWith(`${server.url}/auth/oidc/callback`);
  /** Signs in up to the address that the provider sends the browser back to. */
  const leave = async (
    subject: string,
    browser = new Browser(),
  ): Promise<{ browser: Browser; back: string }> => {
    provider.subject = subject;
    const { url } = await browser.follow(`${server.url}/auth/oidc/start`, callback);
    return { browser, back: url };
  };
  const signIn = async (subject: string): Promise<{ browser: Browser; response: Response }> => {
    const { browser, back } = await leave(subject);
    return { browser, response: await browser.go(back) };
  };
  const me = async (
    browser: Browser,
  ): Promise<{ status: number; body: { name?: string; roles?: string[] } }> => {
    const response = await browser.go(`${server.url}/v1/me`);
    return { status: response.status, body: (await response.json()) as { name?: string; roles?: string[] } };
  };

  it('is offered, and goes there with PKCE, a state and a nonce', async () => {
    expect((await send(server.url, 'GET', '/auth/methods')).body.oidc).toEqual({ name: 'Example' });
    const begun = await new Browser().go(`${server.url}/auth/oidc/start`);
    expect(begun.status).toBe(302);
    const to = new URL(begun.headers.get('location') ?? '');
    expect(to.origin).toBe(provider.issuer);
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      client_id: 'sqlq',
      response_type: 'code',
      redirect_uri: `${server.url}/auth/oidc/callback`,
      scope: 'openid email profile groups',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/u),
      state: expect.stringMatching(/^[\w-]{43}$/u),
      nonce: expect.stringMatching(/^[\w-]{43}$/u),
    });
    expect(begun.headers.get('set-cookie')).toMatch(
      /^sqlq-oidc-\d+=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/u,
    );
  });

  it('makes a user at the first time, with the roles of their groups anew each time', async () => {
    const { browser, response } = await signIn('ana');
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.getSetCookie().join('\n')).toMatch(
      /^sqlq-\d+=[\w-]{43}; .*HttpOnly; SameSite=Strict$/mu,
    );
    expect(await me(browser)).toMatchObject({
      status: 200,
      body: { name: 'ana@example.com', roles: ['ask', 'admin'] },
    });
    expect(server.audited.at(-1)).toMatchObject({ action: 'login', caller: { name: 'ana@example.com' } });
    const user = await findSubject(server.accounts.sql, provider.issuer, 'ana');
    expect(user).toMatchObject({ name: 'ana@example.com', password: null });
    // The same person under another address is the same user.
    provider.people.set('ana', {
      email: 'ana.new@example.com',
      email_verified: true,
      groups: ['analysts', 'owners'],
    });
    expect(await me((await signIn('ana')).browser)).toMatchObject({
      body: { name: 'ana@example.com', roles: ['ask', 'run', 'admin'] },
    });
    provider.people.set('ana', { email: 'ana@example.com', email_verified: true, groups: [] });
    expect(await me((await signIn('ana')).browser)).toMatchObject({ body: { roles: ['ask', 'run'] } });
    const named = (await listUsers(server.accounts.sql)).filter(({ name }) => name.startsWith('ana'));
    expect(named).toHaveLength(1);
  });

  it('lets in whose verified address is of a domain, or who is in a group, and nobody else', async () => {
    expect(await me((await signIn('ben')).browser)).toMatchObject({
      body: { name: 'ben@example.com', roles: ['ask', 'run'] },
    });
    expect(await me((await signIn('carl')).browser)).toMatchObject({
      body: { name: 'carl', roles: ['ask', 'run'] },
    });
    for (const subject of ['unverified', 'stranger', 'lookalike', 'unheard-of']) {
      const { browser, response } = await signIn(subject);
      expect(response.status, subject).toBe(403);
      expect((await me(browser)).status, subject).toBe(401);
      expect(await findSubject(server.accounts.sql, provider.issuer, subject)).toBeNull();
    }
  });

  it('takes a browser back to the page, which says that it did not go well', async () => {
    const { browser, back } = await leave('stranger');
    const page = { accept: 'text/html,application/xhtml+xml' };
    const response = await browser.go(back, page);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/#error=forbidden');
    const again = await browser.go(back, page);
    expect(again.headers.get('location')).toBe('/#error=unauthorized');
    expect((await me(browser)).status).toBe(401);
  });

  it('makes nobody a user of the same name who was here before', async () => {
    const { browser, response } = await signIn('taken');
    expect(response.status).toBe(409);
    expect((await me(browser)).status).toBe(401);
    expect(await findUser(server.accounts.sql, 'local')).toMatchObject({
      issuer: null,
      roles: ['ask', 'admin'],
    });
  });

  it('does not let in a user who is disabled here', async () => {
    const { browser } = await signIn('ben');
    const ben = await findUser(server.accounts.sql, 'ben@example.com');
    await changeUser(server.accounts.sql, ben ?? { id: '' }, { disabled: true });
    expect((await me(browser)).status).toBe(401);
    expect((await signIn('ben')).response.status).toBe(403);
    const login = { name: 'ben@example.com', password: goodPassword };
    expect((await send(server.url, 'POST', '/auth/login', login)).status).toBe(401);
  });

  it('counts only in the browser that it was begun in, once, and as it was begun', async () => {
    const { browser, back } = await leave('carl');
    // Somebody sends their own way back to another, who would work as them.
    expect((await new Browser().go(back)).status).toBe(401);
    const victim = await leave('carl');
    expect((await victim.browser.go(back)).status).toBe(401);
    expect((await browser.go(back.replace(/state=[^&]*/u, 'state=another'))).status).toBe(401);
    // The errand is over with that; begun anew it works, and once.
    const again = await leave('carl', browser);
    expect((await browser.go(again.back.replace(/code=[^&]*/u, 'code=another'))).status).toBe(401);
    const third = await leave('carl', browser);
    expect((await browser.go(third.back)).status).toBe(302);
    expect((await browser.go(third.back)).status).toBe(401);
    expect((await browser.go(`${server.url}/auth/oidc/callback`)).status).toBe(401);
    expect((await browser.go(`${server.url}/auth/oidc/callback?error=access_denied`)).status).toBe(401);
  });

  it('does not take who somebody is from what was not signed by the provider, for this client and this time', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const parts = (
      token = '',
    ): { header: Record<string, string>; claims: Record<string, unknown>; rest: string } => {
      const [header = '', claims = '', rest = ''] = token.split('.');
      const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());
      return { header: read(header), claims: read(claims), rest };
    };
    const forgers: Readonly<Record<string, (token: string | undefined) => string>> = {
      'changed subject': (token) => {
        const { header, claims, rest } = parts(token);
        return `${base64(header)}.${base64({ ...claims, sub: 'ana' })}.${rest}`;
      },
      'alg none': (token) => `${base64({ alg: 'none' })}.${base64(parts(token).claims)}.`,
      'another key': (token) => {
        const { header, claims } = parts(token);
        const text = `${base64(header)}.${base64(claims)}`;
        return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
      },
      "the client's secret as a key": (token) => {
        const text = `${base64({ alg: 'HS256' })}.${base64(parts(token).claims)}`;
        return `${text}.${createHmac('sha256', provider.clientSecret).update(text).digest('base64url')}`;
      },
    };
    for (const [name, forge] of Object.entries(forgers)) {
      provider.tamper = (tokens) => ({ ...tokens, id_token: forge(tokens['id_token']) });
      const { browser, response } = await signIn('carl');
      expect(response.status, name).toBe(401);
      expect((await me(browser)).status, name).toBe(401);
    }
    // One of another sign-in of the same person has another nonce.
    let earlier = '';
    provider.tamper = (tokens) => {
      earlier = tokens['id_token'] ?? '';
      return tokens;
    };
    expect((await signIn('carl')).response.status).toBe(302);
    provider.tamper = (tokens) => ({ ...tokens, id_token: earlier });
    expect((await signIn('carl')).response.status).toBe(401);
    provider.tamper = ({ id_token: _none, ...tokens }) => tokens;
    expect((await signIn('carl')).response.status).toBe(401);
  });
});

describe('a service that says where it is', () => {
  it('has people come back there, whatever host their request names', async () => {
    const [sqlite] = userStores;
    const place = await sqlite?.make();
    const provider = await startOidc('https://sqlq.example.com/auth/oidc/callback');
    const server = await startAccounts(place?.place ?? '', {
      oidc: {
        issuer: new URL(provider.issuer),
        address: new URL('https://sqlq.example.com'),
        clientId: 'sqlq',
        clientSecret: provider.clientSecret,
        name: 'Example',
        domains: ['example.com'],
        groups: new Map(),
      },
    });
    const begun = await new Browser().go(`${server.url}/auth/oidc/start`);
    const to = new URL(begun.headers.get('location') ?? '');
    expect(to.searchParams.get('redirect_uri')).toBe('https://sqlq.example.com/auth/oidc/callback');
    await server.close();
    await provider.close();
    await place?.drop();
  });
});

describe('a provider that can not be reached', () => {
  it('is said to be, and asked again the next time', async () => {
    const [sqlite] = userStores;
    const place = await sqlite?.make();
    const port = await freePort();
    const server = await startAccounts(place?.place ?? '', {
      oidc: {
        issuer: new URL(`http://127.0.0.1:${port}`),
        clientId: 'sqlq',
        clientSecret: null,
        name: 'Example',
        domains: ['example.com'],
        groups: new Map(),
      },
    });
    for (let count = 0; count < 2; count += 1) {
      const { status, body, headers } = await send(server.url, 'GET', '/auth/oidc/start');
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('10');
      expect(body.error.message).toMatch(/^The provider of sign-ins can't be reached/u);
    }
    await server.close();
    await place?.drop();
  });
});

describe('a server whose users sign in at a provider', () => {
  const base = [
    'serve',
    '--db',
    'sample',
    '--oidc-issuer',
    'https://login.example.com',
    '--oidc-client-id',
    'c',
  ];
  const serve = (...more: readonly string[]): Promise<Ended> =>
    runProgram([...base, '--oidc-domains', 'example.com', ...more]);

  it('is told by which address they come back, or whoever writes the Host of a request would say it', async () => {
    for (const more of [['--behind-proxy'], ['--behind-proxy', '--host', '0.0.0.0']]) {
      expect(await serve(...more)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--oidc-issuer needs the address of this service'),
      });
    }
    expect(await serve('--behind-proxy', '--oidc-redirect', 'http://sqlq.example.com')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('over an address that anybody reads'),
    });
  });

  it('offers a password to type where somebody has one', async () => {
    const [store] = userStores;
    const place = await store?.make();
    const issuer = new URL('https://login.example.com');
    const oidc = {
      issuer,
      clientId: 'c',
      clientSecret: null,
      name: 'Example',
      domains: ['example.com'],
      groups: new Map(),
    };
    const server = await startAccounts(place?.place ?? '', { oidc });
    try {
      const offered = async (): Promise<boolean> =>
        (await send(server.url, 'GET', '/auth/methods')).body.password;
      const at = { password: null, issuer: issuer.href, subject: 's', ...usualRights };
      await addUser(server.accounts.sql, { name: 'ana', ...at }, new Date());
      expect(await offered()).toBe(false);
      await addTestUser(server.accounts, 'ben');
      expect(await offered()).toBe(true);
    } finally {
      await server.close();
      await place?.drop();
    }
  });
});
