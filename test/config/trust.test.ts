import { chmod, link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfiguredDatabase, configuredDatabase } from '../../src/config/database/configured.ts';
import { sendOf } from '../../src/config/egress.ts';
import type { Environment } from '../../src/config/environment.ts';
import { type Effective, loadSettings } from '../../src/config/load.ts';
import { type Selected, selectProfile } from '../../src/config/profiles.ts';
import type { GivenValues } from '../../src/config/settings/values.ts';
import { isFile, type ServerTarget } from '../../src/database/target.ts';

/** A key of the user's, which only the user may have sent anywhere. */
const canary = 'sk-canary-0123456789';
const elsewhere = 'evil.example.com';

let folder: string;
let home: string;
let project: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sqlq-trust-')));
  home = join(folder, 'home');
  project = join(folder, 'project');
  await mkdir(join(home, '.config/sqlq'), { recursive: true });
  await mkdir(project);
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, settings: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(settings), { mode: 0o600 });
}
const putUser = (settings: unknown): Promise<void> => put(join(home, '.config/sqlq/.sqlqrc'), settings);
const putProject = (settings: unknown): Promise<void> => put(join(project, '.sqlqrc'), settings);

function load(environment: Environment = {}, flags: GivenValues = {}): Promise<Effective> {
  return loadSettings({ flags, environment, workingDirectory: project, homeFolder: home });
}

async function selected(environment: Environment, flags: GivenValues = {}): Promise<Selected> {
  const effective = await load(environment, flags);
  return selectProfile(effective, environment, async () => null, new AbortController().signal);
}

async function server(environment: Environment, flags: GivenValues = {}) {
  const chosen = await selected(environment, flags);
  if (chosen.kind === 'served') {
    return chosen.server;
  }
  throw new Error('offline');
}

async function database(environment: Environment, flags: GivenValues = {}): Promise<ConfiguredDatabase> {
  return configuredDatabase(await load(environment, flags), {
    environment,
    workingDirectory: project,
    homeFolder: home,
    sampleFile: '/sample.sqlite',
    warn: () => undefined,
  });
}

async function target(environment: Environment, flags: GivenValues = {}): Promise<ServerTarget> {
  const found = (await database(environment, flags)).target;
  if (isFile(found)) {
    throw new Error('a file');
  }
  return found;
}

const all: Environment = {
  OPENAI_API_KEY: canary,
  SQLQ_API_KEY: canary,
  PGPASSWORD: canary,
  MYSQL_PWD: canary,
  MYSQL_PASSWORD: canary,
  USER: 'ann',
};

describe('a profile of a project', () => {
  it.each<[name: string, profile: Record<string, unknown>]>([
    ['mine', {}],
    ['openai', {}],
    ['ollama', {}],
    ['docker-model-runner', {}],
    ['theirs', {}],
  ])('called %s gets no key of yours for its own address', async (name, more) => {
    await putUser({ profiles: { theirs: { baseUrl: 'https://llm.example.com/v1', apiKey: canary } } });
    await putProject({
      profile: name,
      profiles: { [name]: { baseUrl: `https://${elsewhere}/v1`, model: 'm', ...more } },
    });
    const chosen = await server(all);
    expect(chosen.baseUrl).toContain(elsewhere);
    expect(JSON.stringify(chosen)).not.toContain(canary);
  });

  it.each<[what: string, profile: Record<string, unknown>]>([
    ['apiKey', { baseUrl: `https://${elsewhere}/v1`, apiKey: '${OPENAI_API_KEY}' }],
    ['headers', { baseUrl: `https://${elsewhere}/v1`, headers: { 'x-key': 'Bearer ${OPENAI_API_KEY}' } }],
    ['baseUrl', { baseUrl: `https://${elsewhere}/\${OPENAI_API_KEY}/v1` }],
    ['baseUrl', { baseUrl: `https://\${OPENAI_API_KEY}.${elsewhere}/v1` }],
    ['apiKey', { baseUrl: 'http://localhost:8080/v1', apiKey: '${OPENAI_API_KEY}' }],
  ])('sends no variable anywhere: %s %j', async (what, profile) => {
    await putProject({ profile: 'mine', profiles: { mine: { model: 'm', ...profile } } });
    const failure = selected(all);
    await expect(failure).rejects.toThrow(
      `${join(project, '.sqlqrc')}: profiles.mine.${what === 'headers' ? 'headers.x-key' : what}`,
    );
    await expect(failure).rejects.not.toThrow(canary);
  });

  it('may send a key that it holds itself', async () => {
    await putProject({
      profile: 'mine',
      profiles: { mine: { baseUrl: `https://${elsewhere}/v1`, model: 'm', apiKey: 'its-own-key' } },
    });
    expect((await server(all)).apiKey).toBe('its-own-key');
  });

  it('may name a model of a provider that you have', async () => {
    await putProject({ profile: 'openai', model: 'gpt-x' });
    expect(await server(all)).toMatchObject({ model: 'gpt-x', apiKey: canary, provider: 'openai' });
    await putProject({ profile: 'openai', profiles: { openai: { model: 'gpt-y' } } });
    expect(await server(all)).toMatchObject({
      model: 'gpt-y',
      apiKey: canary,
      baseUrl: 'https://api.openai.com/v1',
    });
  });

  it('is trusted where your own file trusts its folder, and not by its own word', async () => {
    const profile = { baseUrl: 'https://llm.example.com/v1', model: 'm', apiKey: '${OPENAI_API_KEY}' };
    await putProject({ profile: 'mine', profiles: { mine: profile }, trustedFolders: [project] });
    await expect(selected(all)).rejects.toThrow('not trusted');
    await putUser({ trustedFolders: [folder] });
    expect((await server(all)).apiKey).toBe(canary);
    await putUser({ trustedFolders: [`${project.slice(0, -1)}`] });
    await expect(selected(all)).rejects.toThrow('not trusted');
  });
});

describe('a profile of your own', () => {
  const mine = { baseUrl: 'https://llm.example.com/v1', model: 'm', apiKey: '${MY_KEY}' };

  it('has its variables filled in', async () => {
    await putUser({ profile: 'mine', profiles: { mine: { ...mine, headers: { 'x-team': 'a ${MY_KEY}' } } } });
    expect(await server({ MY_KEY: canary })).toMatchObject({
      apiKey: canary,
      headers: { 'x-team': `a ${canary}` },
    });
    await expect(selected({})).rejects.toThrow('MY_KEY');
  });

  it('keeps its key where a flag names another address', async () => {
    await putUser({ profile: 'mine', profiles: { mine } });
    const chosen = await server({ MY_KEY: canary }, { baseUrl: `https://${elsewhere}/v1` });
    expect(chosen.baseUrl).toContain(elsewhere);
    expect(JSON.stringify(chosen)).not.toContain(canary);
  });
});

describe('a key of the environment', () => {
  it('OPENAI_API_KEY goes to OpenAI alone', async () => {
    const environment = { OPENAI_API_KEY: canary };
    expect((await server(environment)).baseUrl).toBe('https://api.openai.com/v1');
    for (const baseUrl of [`https://${elsewhere}/v1`, `https://api.openai.com.${elsewhere}/v1`]) {
      expect(JSON.stringify(await server(environment, { baseUrl, model: 'm' }))).not.toContain(canary);
      expect(
        JSON.stringify(await server(environment, { baseUrl, model: 'm', profile: 'openai' })),
      ).not.toContain(canary);
    }
  });

  it('SQLQ_API_KEY goes where a flag or a variable says', async () => {
    const environment = { SQLQ_API_KEY: canary };
    const flags = { baseUrl: 'https://llm.example.com/v1', model: 'm' };
    expect((await server(environment, flags)).apiKey).toBe(canary);
    expect((await server({ ...environment, SQLQ_BASE_URL: flags.baseUrl, SQLQ_MODEL: 'm' })).apiKey).toBe(
      canary,
    );
  });

  it('a loopback address needs none', async () => {
    expect(await server({}, { baseUrl: 'http://127.0.0.1:8080/v1', model: 'm' })).toMatchObject({
      apiKey: null,
      isLocal: true,
    });
  });
});

describe('a database of a project', () => {
  const urls = [
    `postgres://ann@${elsewhere}/d`,
    `postgres:///d?host=${elsewhere}`,
    `mysql://ann@${elsewhere}/d`,
    `mariadb://${elsewhere}`,
  ];

  it.each(urls)('%s gets no password of yours', async (url) => {
    const pgpass = join(home, '.pgpass');
    await writeFile(pgpass, `*:*:*:*:${canary}\n`, { mode: 0o600 });
    for (const settings of [
      { database: url },
      { database: 'd', databases: { d: url } },
      { database: 'd', databases: { d: { url } } },
    ]) {
      await putProject(settings);
      expect(JSON.stringify(await target(all))).not.toContain(canary);
    }
    await putProject({ databases: { d: url } });
    expect(JSON.stringify(await target(all, { database: 'd' }))).not.toContain(canary);
  });

  it.each([
    'postgres://x@127.0.0.1:6666/x',
    'postgres://x@localhost:6666/x',
    'postgres://:6666/x',
    'postgres://ann@127.0.0.1:6666/x',
    'postgres://x@127.0.0.1/x',
    'postgres:///x?host=/tmp/theirs',
    'host=127.0.0.1 port=6666 user=x dbname=x',
    'mysql://x@127.0.0.1:6666/x',
    'mysql://root@[::1]:6666/x',
    'mysql://ann@localhost/x?socket=/tmp/theirs.sock',
  ])('%s, on this machine, gets no password of yours either', async (url) => {
    await writeFile(
      join(home, '.pgpass'),
      `*:*:*:*:${canary}\nlocalhost:*:*:*:${canary}\n127.0.0.1:*:*:*:${canary}\n`
        .split('\n')
        .slice(0, url.includes(':6666') ? 3 : 1)
        .join('\n'),
      { mode: 0o600 },
    );
    await writeFile(join(home, '.my.cnf'), `[client]\npassword=${canary}\n`, { mode: 0o600 });
    await putProject({ database: url });
    expect(JSON.stringify(await target(all))).not.toContain(canary);
    // What the user names gets what the user has.
    expect(JSON.stringify(await target(all, { database: url }))).toContain(canary);
  });

  it('gets your password for your own server, and says where it does not go', async () => {
    const environment = { PGHOST: 'localhost', PGPORT: '6432', PGUSER: 'bob', PGPASSWORD: canary };
    await putProject({ database: 'postgres://bob@127.0.0.1:6432/x' });
    expect((await target(environment)).password).toBe(canary);
    await putProject({ database: 'postgres://bob@127.0.0.1:6433/x' });
    const warnings: string[] = [];
    const effective = await load(environment);
    await configuredDatabase(effective, {
      environment,
      workingDirectory: project,
      homeFolder: home,
      sampleFile: '/sample.sqlite',
      warn: (text) => warnings.push(text),
    });
    expect(warnings.join()).toContain(
      'is for bob at localhost:6432. It does not go to bob at 127.0.0.1:6433',
    );
    expect(warnings.join()).not.toContain(canary);
  });

  it.each([
    `postgres://ann:\${OPENAI_API_KEY}@127.0.0.1:6666/d`,
    `postgres://ann:\${OPENAI_API_KEY}@localhost,127.0.0.1:6666/d`,
    `postgres://ann:\${OPENAI_API_KEY}@/d?host=/tmp/theirs`,
    `mysql://ann:\${OPENAI_API_KEY}@[::1]:6666/d`,
    `mysql://ann:\${OPENAI_API_KEY}@localhost/d?socket=/run/../tmp/x`,
    `host=127.0.0.1 port=6666 password=\${OPENAI_API_KEY}`,
  ])('sends no variable to a port or a socket of its choice: %s', async (url) => {
    await putProject({ database: 'd', databases: { d: url } });
    const failure = database(all);
    await expect(failure).rejects.toThrow('to a place that the file chooses');
    await expect(failure).rejects.not.toThrow(canary);
  });

  it('gets the password that .pgpass holds for that very host', async () => {
    await writeFile(join(home, '.pgpass'), `db.example.com:*:*:*:${canary}\n`, { mode: 0o600 });
    await putProject({ database: 'postgres://ann@db.example.com/d' });
    expect((await target({})).password).toBe(canary);
    await writeFile(join(project, 'ca.pem'), 'ca');
    await putProject({ database: 'postgres://ann@db.example.com/d?sslrootcert=ca.pem' });
    expect(await target({})).toMatchObject({ password: null, tls: { ca: 'ca' } });
  });

  it.each([
    `postgres://ann:\${PGPASSWORD}@${elsewhere}/d`,
    `postgres://\${PGPASSWORD}@${elsewhere}/d`,
    `postgres://ann@\${PGPASSWORD}.${elsewhere}/d`,
    `postgres://ann@${elsewhere}/\${PGPASSWORD}`,
    `postgres://ann@localhost/\${PGPASSWORD}?host=${elsewhere}`,
    `postgres://ann:\${PGPASSWORD}@localhost@${elsewhere}/d`,
    `mysql://ann:\${PGPASSWORD}@${elsewhere}:\${PORT}/d`,
  ])('sends no variable to a place of its choice: %s', async (url) => {
    await putProject({ database: 'd', databases: { d: url } });
    const failure = database({ ...all, PORT: '3306' });
    await expect(failure).rejects.toThrow(join(project, '.sqlqrc'));
    await expect(failure).rejects.not.toThrow(canary);
  });

  it('takes variables where they name the place too, and on this machine', async () => {
    await putProject({
      databases: {
        whole: '${SHOP_URL}',
        place: 'postgres://${U}:${P}@${H}:${N}/d',
        local: 'postgres://ann:${P}@localhost:${N}/d',
        socket: 'postgres://ann:${P}@/d?host=/run/postgresql',
      },
    });
    const environment = {
      SHOP_URL: 'postgres://bob:p@db.example.com/shop?sslmode=disable',
      U: 'bob',
      P: 'p@/:%?',
      H: 'db.example.com',
      N: '6432',
    };
    expect(await target(environment, { database: 'whole' })).toMatchObject({
      host: 'db.example.com',
      password: 'p',
      tls: { mode: 'disable' },
    });
    expect(await target(environment, { database: 'place' })).toMatchObject({
      host: 'db.example.com',
      port: 6432,
      user: 'bob',
      password: 'p@/:%?',
      tls: { mode: 'verify-full' },
    });
    expect(await target(environment, { database: 'local' })).toMatchObject({
      port: 6432,
      password: 'p@/:%?',
    });
    expect(await target(environment, { database: 'socket' })).toMatchObject({
      socket: '/run/postgresql',
      password: 'p@/:%?',
    });
  });

  it.each(['disable', 'require', 'verify-ca', 'prefer'])('lowers no TLS to %s', async (mode) => {
    await putProject({ database: `postgres://ann:x@db.example.com/d?sslmode=${mode}` });
    await chmod(join(project, '.sqlqrc'), 0o600);
    await expect(database({})).rejects.toThrow(join(project, '.sqlqrc'));
    if (mode === 'prefer') {
      return;
    }
    await putProject({ database: 'd', databases: { d: { url: 'mysql://db.example.com/d', tls: mode } } });
    await expect(database({})).rejects.toThrow(join(project, '.sqlqrc'));
    await putUser({ trustedFolders: [project] });
    expect((await target({})).tls.mode).toBe(mode);
  });

  it('has its relative paths begin at its file', async () => {
    await mkdir(join(project, 'in'));
    await put(join(home, '.config/sqlq/.sqlqrc'), { databases: { mine: 'sqlite:mine.db' } });
    await putProject({ databases: { shop: 'data/shop.db' } });
    expect((await database({}, { database: 'shop' })).target).toEqual({
      engine: 'sqlite',
      path: join(project, 'data/shop.db'),
    });
    expect((await database({}, { database: 'mine' })).target).toMatchObject({
      path: join(home, '.config/sqlq/mine.db'),
    });
    expect((await database({}, { database: './x.db' })).target).toMatchObject({
      path: join(project, 'x.db'),
    });
    expect((await database({}, { database: 'sample' })).target).toMatchObject({ path: '/sample.sqlite' });
  });

  it('names what there is where a word is none of it', async () => {
    await putProject({ databases: { shop: 'sqlite:shop.db' } });
    await expect(database({}, { database: 'shpo' })).rejects.toMatchObject({
      code: 'usage',
      hint: 'Did you mean shop?',
    });
    await expect(database({})).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('what leaves, and what is hidden', () => {
  const sent = async (flags: GivenValues = {}, environment: Environment = {}): Promise<readonly string[]> => {
    const effective = await load(environment, { database: 'd', profile: 'p', ...flags });
    const chosen = await selectProfile(
      effective,
      environment,
      async () => null,
      new AbortController().signal,
    );
    const { send } = await configuredDatabase(effective, {
      environment,
      workingDirectory: project,
      homeFolder: home,
      sampleFile: '',
      warn: () => undefined,
    });
    return sendOf(effective, send, chosen.kind === 'served' ? chosen.send : null);
  };
  const entries = (send?: readonly string[]) => ({
    profiles: { p: { baseUrl: 'http://localhost:1/v1', model: 'm', ...(send && { send }) } },
    databases: { d: { url: 'sqlite:d.db', ...(send && { send }) } },
  });

  it('a project may narrow what is sent, never widen it', async () => {
    await putProject({ ...entries(), send: ['comments', 'rows'] });
    expect(await sent()).toEqual(['comments']);
    expect((await load()).warnings.join()).toContain('rows');
    await putProject({ ...entries(), send: [] });
    expect(await sent()).toEqual([]);
    await putProject(entries(['comments', 'samples', 'rows']));
    expect(await sent()).toEqual(['comments']);
    await putUser({ send: ['comments', 'samples'] });
    expect(await sent()).toEqual(['comments', 'samples']);
  });

  it('a project takes the place of no limit of yours', async () => {
    await putUser({ databases: { d: { url: 'sqlite:d.db', send: [], hide: ['*.ssn'] } } });
    await putProject(entries(['comments']));
    expect(await sent()).toEqual([]);
    await putProject(entries());
    expect(await sent()).toEqual([]);
    expect((await database({}, { database: 'd' })).hide).toEqual(['*.ssn']);
  });

  it('what you hide and keep back is hidden by where it is, whoever gives it another name', async () => {
    await writeFile(join(project, 'd.db'), '');
    await symlink(join(project, 'd.db'), join(project, 'link.db'));
    await link(join(project, 'd.db'), join(project, 'hard.db'));
    const environment = { PROD_URL: 'postgres://ann@db.example.com/shop', USER: 'ann' };
    await putUser({
      databases: {
        prod: { url: '${PROD_URL}', hide: ['*.ssn'], send: [] },
        local: { url: 'mysql://localhost:3306/shop', hide: ['*.iban'], send: [] },
        file: { url: join(project, 'd.db'), hide: ['*.pin'], send: [] },
        unset: { url: '${NOT_SET}', hide: ['*.unset'] },
      },
    });
    const hidden = async (settings: unknown, flags: GivenValues = {}): Promise<readonly unknown[]> => {
      await putProject(settings);
      const found = await database(environment, flags);
      return [...found.hide, found.send];
    };
    const other = (url: unknown): unknown => ({ database: 'new', databases: { new: url } });
    expect(await hidden(other('${PROD_URL}'))).toEqual(['*.ssn', []]);
    expect(await hidden(other({ url: '${PROD_URL}', hide: [], send: ['comments'] }))).toEqual(['*.ssn', []]);
    expect(await hidden({ database: '${PROD_URL}' })).toEqual(['*.ssn', []]);
    expect(await hidden({ databases: { prod: 'sqlite:x.db' }, database: '${PROD_URL}' })).toEqual([
      '*.ssn',
      [],
    ]);
    for (const url of ['postgresql://bob@DB.example.com:5432/shop', 'host=db.example.com. dbname=shop']) {
      expect(await hidden(other(url)), url).toEqual(['*.ssn', []]);
    }
    for (const url of [
      'mariadb://127.0.0.1/shop',
      'mysql://x@[::1]/SHOP',
      'mysql://localhost/shop?socket=/run/x.sock',
    ]) {
      expect(await hidden(other(url)), url).toEqual(['*.iban', []]);
    }
    for (const url of ['d.db', 'link.db', 'hard.db', './../project/d.db', 'file:d.db']) {
      expect(await hidden(other(url)), url).toEqual(['*.pin', []]);
    }
    expect(await hidden({}, { database: 'postgres://bob@db.example.com/shop' })).toEqual(['*.ssn', []]);
    expect(await hidden({}, { database: 'postgres://bob@db.example.com/other' })).toEqual([null]);
    expect(await hidden({}, { database: 'postgres://bob@db.example.com:5433/shop' })).toEqual([null]);
  });

  it('a database and a profile each narrow; a flag or a variable is the last word', async () => {
    await putUser({
      profiles: { p: { baseUrl: 'http://localhost:1/v1', model: 'm', send: ['comments', 'rows'] } },
      databases: { d: { url: 'sqlite:d.db', send: ['comments', 'samples'] } },
    });
    expect(await sent()).toEqual(['comments']);
    expect(await sent({ send: ['rows'] })).toEqual(['rows']);
    expect(await sent({}, { SQLQ_SEND: 'none' })).toEqual([]);
  });

  it('what is hidden adds up', async () => {
    await putUser({ hide: ['a.*'] });
    await putProject({ hide: ['b.*'], databases: { d: { url: 'sqlite:d.db', hide: ['c.*'] } } });
    expect([...(await database({}, { database: 'd', hide: ['d.*'] })).hide].sort()).toEqual([
      'a.*',
      'b.*',
      'c.*',
      'd.*',
    ]);
  });
});
