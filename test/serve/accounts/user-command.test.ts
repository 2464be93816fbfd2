import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { momentOf, parseExpiry } from '../../../src/serve/accounts/expiry.ts';
import { openUsers } from '../../../src/serve/accounts/store/open.ts';
import { findUser } from '../../../src/serve/accounts/user.ts';
import { type Ended, emptyEnvironment, runProgram } from '../../support/program.ts';
import { startInTerminal } from '../../support/pseudo-terminal.ts';
import { startServe } from '../../support/serve.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const password = 'four plain words together';

describe.each(userStores)('sqlq user, with users in $name', ({ make }) => {
  let place: UserPlace;
  let home: string;
  beforeEach(async () => {
    place = await make();
    home = await mkdtemp(join(tmpdir(), 'sqlq-home-'));
  });
  afterEach(async () => {
    await place.drop();
    await rm(home, { recursive: true });
  });

  const user = (argv: readonly string[], input = ''): Promise<Ended> =>
    runProgram(['user', ...argv], {
      environment: { ...emptyEnvironment(home), SQLQ_USERS: place.place },
      input,
    });
  const list = async (): Promise<readonly Record<string, unknown>[]> =>
    JSON.parse((await user(['list', '--json'])).stdout);

  it('adds, lists, changes and removes users', async () => {
    expect((await user([])).stderr).toContain('There are no users yet. Add one with: sqlq user add NAME');
    const added = await user(
      [
        'add',
        'Ana',
        '--roles',
        'ask,admin',
        '--databases',
        'shop,crm',
        '--hide',
        '*.email',
        '--row-limit',
        '100',
        '--dollars',
        '1.5',
      ],
      `${password}\nignored\n`,
    );
    expect(added).toMatchObject({ code: 0, stdout: '' });
    expect(added.stderr).toContain(
      'Added: ana  ask, admin  (databases shop, crm; hidden *.email; at most 100 rows',
    );
    expect(await list()).toMatchObject([
      {
        name: 'ana',
        roles: ['ask', 'admin'],
        databases: ['shop', 'crm'],
        profiles: null,
        hide: ['*.email'],
        rowLimit: 100,
        dollars: 1.5,
        disabled: false,
        hasPassword: true,
      },
    ]);
    expect(await user(['add', 'ana'], password)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is a user called ana already'),
    });
    const argv = [
      '--databases',
      'all',
      '--hide',
      'none',
      '--row-limit',
      'none',
      '--dollars',
      'none',
      '--profiles',
      'offline',
    ];
    expect((await user(['set', 'ana', ...argv])).code).toBe(0);
    expect(await list()).toMatchObject([
      {
        roles: ['ask', 'admin'],
        databases: null,
        profiles: ['offline'],
        hide: [],
        rowLimit: null,
        dollars: null,
      },
    ]);
    expect((await user(['set', 'ana'])).stderr).toContain('Nothing is said that would change');
    expect((await user(['set', 'anna', '--roles', 'ask'])).stderr).toContain('Did you mean ana?');
    expect((await user(['list'])).stdout).toBe('ana  ask, admin  (profiles offline; never signed in)\n');
    expect((await user(['remove', 'ana'])).code).toBe(0);
    expect(await list()).toEqual([]);
  });

  it('takes a password that is long enough, from standard input and nowhere else', async () => {
    expect(await user(['add', 'ana'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no password for ana'),
    });
    expect((await user(['add', 'ana'], 'short\n')).stderr).toContain(
      'A password has from 12 to 256 characters',
    );
    expect((await user(['add', 'ana', password])).code).toBe(2);
    expect((await user(['add', 'ana', '--password', password])).code).toBe(2);
    expect(await list()).toEqual([]);
    // Windows ends its lines otherwise.
    expect((await user(['add', 'ana'], `${password}\r\n`)).code).toBe(0);
    const sql = await openUsers(place.place);
    const before = await findUser(sql, 'ana');
    expect(before?.password).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/u);
    const changed = await user(['password', 'ana'], 'another four plain words\n');
    expect(changed.stderr).toContain('ana has a new password and is signed out everywhere.');
    expect((await findUser(sql, 'ana'))?.password).not.toBe(before?.password);
    await sql.close();
    for (const { stdout, stderr } of [changed, await user(['list', '--json'])]) {
      expect(stdout + stderr).not.toMatch(/plain words|scrypt/u);
    }
  });

  it('makes tokens that are shown once', async () => {
    await user(['add', 'ana'], password);
    const made = await user(['token', 'ana', '--name', 'ci', '--roles', 'ask', '--expires', '90d']);
    expect(made.stdout).toMatch(/^sqlq_[\w-]{43}\n$/u);
    const listed = await user(['token', 'ana', '--list']);
    expect(listed.stdout).toMatch(/^[0-9a-f-]{36} {2}ci {2}ask {2}\(until \d{4}-\d\d-\d\d; never used\)\n$/u);
    expect(listed.stdout).not.toContain(made.stdout.trim());
    expect((await user(['token', 'ana', '--roles', 'admin'])).stderr).toContain(
      'ana does not have the role admin',
    );
    expect((await user(['token', 'ana', '--revoke', 'other'])).stderr).toContain('ana has no token "other"');
    expect((await user(['token', 'ana', '--revoke', 'ci'])).code).toBe(0);
    expect((await user(['token', 'ana', '--list'])).stderr).toContain('ana has no tokens');
  });

  it.each([
    ['--roles', 'root'],
    ['--row-limit', '0'],
    ['--dollars', 'free'],
  ])('does not take %s %s', async (...argv) => {
    expect((await user(['add', 'ana', ...argv], password)).code).toBe(2);
    expect(await list()).toEqual([]);
  });
});

describe('sqlq user in a terminal', () => {
  const home = mkdtemp(join(tmpdir(), 'sqlq-home-'));
  afterAll(async () => rm(await home, { recursive: true }));

  it.each(['xterm-256color', 'dumb'])(
    'asks for the password twice and shows no letter of it (%s)',
    async (TERM) => {
      const environment = { ...emptyEnvironment(await home), TERM };
      const name = TERM.slice(0, 4);
      const terminal = startInTerminal(['user', 'add', name], { environment });
      await terminal.waitFor(`Password of ${name}`);
      terminal.type('four plain wordsX\u007f together\r');
      await terminal.waitFor('Once more');
      terminal.type('four plain words together\r');
      expect(await terminal.exited).toBe(0);
      expect(terminal.raw()).toContain(`Added: ${name}`);
      expect(terminal.raw()).not.toMatch(/plain|words|together/u);
    },
  );

  it.each(['xterm-256color', 'dumb'])(
    'adds nobody where the two differ, or the user gives up (%s)',
    async (TERM) => {
      const environment = { ...emptyEnvironment(await home), TERM };
      const differing = startInTerminal(['user', 'add', 'mallory'], { environment });
      await differing.waitFor('Password of mallory');
      differing.type('four plain words together\r');
      await differing.waitFor('Once more');
      differing.type('four other words together\r');
      expect(await differing.exited).toBe(2);
      expect(differing.screen()).toContain('The second password is not the first one.');
      const givenUp = startInTerminal(['user', 'add', 'mallory'], { environment });
      await givenUp.waitFor('Password of mallory');
      givenUp.type('\u0003');
      expect(await givenUp.exited).toBe(130);
      const { stdout } = await runProgram(['user', 'list'], { environment });
      expect(stdout).not.toContain('mallory');
    },
  );
});

describe('sqlq serve with users', () => {
  it('lets in users and their tokens, until they are disabled, and writes down what they do', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sqlq-home-'));
    const environment = { ...emptyEnvironment(home), SQLQ_PROFILE: 'offline' };
    const sqlq = (argv: readonly string[], input = ''): Promise<Ended> =>
      runProgram(argv, { environment, input });
    const early = await sqlq(['serve', '--db', 'sample', '--host', '0.0.0.0', '--behind-proxy']);
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('there are no users yet') });
    expect(early.stderr).toContain('Add one with: sqlq user add NAME');
    await sqlq(['user', 'add', 'ana', '--roles', 'ask,run,admin'], password);
    await sqlq(['user', 'add', 'ben', '--roles', 'ask', '--hide', '*.email'], password);
    const token = (await sqlq(['user', 'token', 'ben'])).stdout.trim();
    const nowhere = await sqlq(['user', 'add', 'cy', '--databases', 'nosuch,sample'], password);
    expect(nowhere).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Your settings name no database "nosuch"'),
    });
    expect(nowhere.stderr).not.toContain('"sample"');
    const users = join(home, 'state', 'sqlq', 'users.sqlite');
    expect((await stat(users)).mode & 0o777).toBe(0o600);
    const server = await startServe(['--db', 'sample'], { home, environment });
    try {
      // Nobody gets in by a printed token where there are users.
      expect(server.stderr()).not.toContain('#token=');
      const login = await server.json('/auth/login', { name: 'ana', password });
      const { access_token: access } = login.body as { access_token: string };
      const as = (given: string): RequestInit => ({ headers: { authorization: `Bearer ${given}` } });
      expect(await (await server.fetch('/v1/me', as(access))).json()).toMatchObject({
        name: 'ana',
        roles: ['ask', 'run', 'admin'],
      });
      const asked = await server.json('/v1/ask', { question: 'how many customers are there?' }, as(token));
      expect(asked.status).toBe(200);
      const { id } = asked.body as { id: string };
      // Ben may not run, and Ana does not see what is Ben's.
      expect((await server.json(`/v1/answers/${id}/run`, {}, as(token))).status).toBe(403);
      expect((await server.fetch(`/v1/answers/${id}`, as(access))).status).toBe(404);
      expect((await server.fetch('/v1/users', as(token))).status).toBe(403);
      expect((await server.fetch('/v1/users', as(access))).status).toBe(200);
      // Where a file lies is for whoever sees to the server.
      const places = await Promise.all(
        [token, access].map(async (one) => (await server.fetch('/v1/databases', as(one))).json()),
      );
      expect(places).toMatchObject([
        { databases: [{ name: 'sample', engine: 'sqlite', place: null }] },
        { databases: [{ name: 'sample', engine: 'sqlite', place: expect.any(String) }] },
      ]);
      const wrong = await server.json('/auth/login', { name: 'ana' });
      expect(wrong).toMatchObject({
        status: 400,
        body: {
          error: {
            message: expect.stringMatching(/body.*password.*wrong \(Invalid input: expected string/u),
          },
        },
      });
      const schema = await server.fetch('/v1/schema', as(token));
      expect(await schema.text()).not.toContain('"email"');
      expect((await server.fetch('/openapi.json', as(access))).status).toBe(200);
      expect((await server.fetch('/v1/audit', as(token))).status).toBe(403);
      const audited = await (await server.fetch('/v1/audit?limit=50', as(access))).json();
      expect(audited).toMatchObject({
        records: expect.arrayContaining([expect.objectContaining({ user: 'ben', action: 'ask' })]),
      });
      await sqlq(['user', 'disable', 'ben']);
      expect((await server.fetch('/v1/me', as(token))).status).toBe(401);
      await sqlq(['user', 'enable', 'ben']);
      expect((await server.fetch('/v1/me', as(token))).status).toBe(200);
      await sqlq(['user', 'remove', 'ben']);
      expect((await server.fetch('/v1/me', as(token))).status).toBe(401);
    } finally {
      await server.stop();
    }
    expect(await sqlq(['audit', 'verify'])).toMatchObject({ code: 0 });
    const { stdout } = await sqlq(['audit', 'export', '--format', 'json']);
    const records: readonly { action: string; user: string | null; question: string | null }[] =
      JSON.parse(stdout);
    expect(records.map(({ action, user }) => `${user} ${action}`)).toEqual(
      expect.arrayContaining(['null audit.open', 'ana login', 'ben ask']),
    );
    expect(records.find(({ action }) => action === 'ask')?.question).toBe('how many customers are there?');
    for (const secret of [password, token]) {
      expect(stdout).not.toContain(secret);
    }
    await rm(home, { recursive: true });
  }, 120_000);
});

describe('when a token ends', () => {
  it.each([
    ['12h', '2026-11-02T22:00:00.000Z'],
    ['90d', '2027-01-31T10:00:00.000Z'],
    ['8w', '2026-12-28T10:00:00.000Z'],
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
  ])('is said as %s', (text, moment) => {
    const expiry = parseExpiry(text);
    expect(expiry === null ? null : momentOf(expiry, new Date('2026-11-02T10:00:00Z')).toISOString()).toBe(
      moment,
    );
  });

  it.each(['', '0d', '90', '90 d', '1y', '2027-02-30', 'tomorrow', '2027-1-1'])(
    'is not said as "%s"',
    (text) => {
      expect(parseExpiry(text)).toBeNull();
    },
  );
});
