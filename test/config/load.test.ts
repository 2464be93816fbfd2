import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { GivenValues } from '../../src/config/settings/values.ts';
import { SqlqError } from '../../src/errors.ts';
import { formats } from '../../src/render/format.ts';

let home = '';
let project = '';
let userFile = '';
let projectFile = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-load-'));
  project = join(home, 'projects', 'shop');
  userFile = join(home, '.config', 'sqlq', '.sqlqrc');
  projectFile = join(project, '.sqlqrc');
  await mkdir(join(project, '.git'), { recursive: true });
  await mkdir(dirname(userFile), { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

interface Given {
  readonly user?: unknown;
  readonly project?: unknown;
  readonly environment?: Environment;
  readonly flags?: GivenValues;
  readonly folder?: string;
}

/** Settings as a run in the project's folder has them; an object is written as JSON, a text as it is. */
async function load(given: Given) {
  for (const [path, content] of [
    [userFile, given.user],
    [projectFile, given.project],
  ] as const) {
    if (content === undefined) {
      continue;
    }
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  }
  return loadSettings({
    flags: given.flags ?? {},
    environment: given.environment ?? {},
    workingDirectory: given.folder ?? project,
    homeFolder: home,
  });
}

async function refusal(given: Given): Promise<SqlqError> {
  const error = await load(given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SqlqError) {
    return error;
  }
  throw new Error(`loaded, or ${String(error)}`);
}

describe('layers', () => {
  const flags = { model: 'flag' };
  const environment = { SQLQ_MODEL: 'variable' };

  test('flag, variable, project’s file, user’s file, built in', async () => {
    const files = { user: { model: 'user' }, project: { model: 'project' } };
    const pick = async (given: Given) => {
      const { values, sources } = await load(given);
      return [values.model, sources.model];
    };
    expect(await pick({})).toEqual([null, 'built in']);
    expect(await pick({ user: files.user })).toEqual(['user', userFile]);
    expect(await pick(files)).toEqual(['project', projectFile]);
    expect(await pick({ ...files, environment })).toEqual(['variable', 'SQLQ_MODEL']);
    expect(await pick({ ...files, environment, flags })).toEqual(['flag', '--model']);
  });

  test('each flag by its own name', async () => {
    const given = { database: 'd', schemas: ['s'], baseUrl: 'b', maxRowsScanned: 1, include: ['i'] };
    expect((await load({ flags: given })).sources).toMatchObject({
      database: '--db',
      schemas: '--schema',
      baseUrl: '--base-url',
      maxRowsScanned: '--max-rows-scanned',
      include: '--include',
    });
  });

  test('each variable', async () => {
    const { values, sources } = await load({
      environment: {
        SQLQ_PROFILE: 'p',
        SQLQ_BASE_URL: 'http://localhost/v1',
        SQLQ_MODEL: 'm',
        SQLQ_DATABASE: 'd',
        SQLQ_FORMAT: 'json',
        SQLQ_LIMIT: '10',
        SQLQ_TIMEOUT: '2m',
        SQLQ_MEMORY_LIMIT: '512MB',
        SQLQ_MAX_ROWS_SCANNED: '1000',
        SQLQ_MAX_COST: '1.5',
        SQLQ_SEND: 'none',
        SQLQ_HIDE: '*.ssn, users.password',
      },
    });
    expect(values).toMatchObject({
      profile: 'p',
      baseUrl: 'http://localhost/v1',
      model: 'm',
      database: 'd',
      format: 'json',
      limit: 10,
      timeout: 120_000,
      memoryLimit: 512 * 1024 ** 2,
      maxRowsScanned: 1000,
      maxCost: 1.5,
      send: [],
      hide: ['*.ssn', 'users.password'],
    });
    expect(sources).toMatchObject({ maxRowsScanned: 'SQLQ_MAX_ROWS_SCANNED', baseUrl: 'SQLQ_BASE_URL' });
  });

  test.each([
    ['SQLQ_LIMIT', '0', 'SQLQ_LIMIT takes a whole number from 1 up, not "0".'],
    ['SQLQ_TIMEOUT', 'soon', 'SQLQ_TIMEOUT takes a duration such as 30s, 2m or 500ms, not "soon".'],
    ['SQLQ_FORMAT', 'xml', `SQLQ_FORMAT takes ${formats.join(', ')}, not "xml".`],
    ['SQLQ_SEND', 'all', '"all" is nothing that can be sent.'],
  ])('%s can’t be %s', async (name, value, message) => {
    expect(await refusal({ environment: { [name]: value } })).toMatchObject({ code: 'usage', message });
  });

  test('hidden columns of all layers add up', async () => {
    const { values } = await load({
      user: { hide: ['user'] },
      project: { hide: ['project', 'user'] },
      environment: { SQLQ_HIDE: 'variable' },
      flags: { hide: ['flag'] },
    });
    expect([...values.hide].sort()).toEqual(['flag', 'project', 'user', 'variable']);
  });
});

describe('which file is found', () => {
  test('.sqlqrc as JSON or YAML, .sqlqrc.json and .sqlqrc.yaml', async () => {
    const model = async (name: string, text: string) => {
      await writeFile(join(project, name), text);
      const found = (await load({})).values.model;
      await rm(join(project, name));
      return found;
    };
    expect(await model('.sqlqrc', '{"model": "a"}')).toBe('a');
    expect(await model('.sqlqrc', '# mine\nmodel: b\n')).toBe('b');
    expect(await model('.sqlqrc', '# nothing yet\n')).toBeNull();
    expect(await model('.sqlqrc.json', '{"model": "c"}')).toBe('c');
    expect(await model('.sqlqrc.yaml', 'model: d')).toBe('d');
  });

  test('none that runs code', async () => {
    const ran = join(home, 'ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(ran)}, ''); module.exports = { model: 'evil' }`;
    await mkdir(join(project, '.config'));
    for (const name of [
      '.sqlqrc.js',
      '.sqlqrc.cjs',
      'sqlq.config.cjs',
      '.config/config.cjs',
      '.config/config.js',
    ]) {
      await writeFile(join(project, name), code);
    }
    await writeFile(join(project, 'package.json'), JSON.stringify({ sqlq: { model: 'evil' } }));
    expect((await load({ project: { limit: 5 } })).values).toMatchObject({ model: null, limit: 5 });
    await expect(import('node:fs/promises').then(({ access }) => access(ran))).rejects.toThrow('ENOENT');
  });

  test('that of the nearest folder, up to the repository’s, and none above it', async () => {
    const folder = join(project, 'reports', 'monthly');
    await mkdir(folder, { recursive: true });
    await writeFile(join(home, 'projects', '.sqlqrc'), '{"model": "above"}');
    expect((await load({ folder })).values.model).toBeNull();
    expect((await load({ folder, project: { model: 'project' } })).values.model).toBe('project');
    await writeFile(join(project, 'reports', '.sqlqrc'), '{"model": "reports"}');
    expect((await load({ folder })).sources.model).toBe(join(project, 'reports', '.sqlqrc'));
  });

  test('a user’s own file stays that in its own folder', async () => {
    const { origins, databases } = await load({
      user: { database: 'live', databases: { live: 'a.db' } },
      folder: dirname(userFile),
    });
    expect(origins.database).toMatchObject({ path: userFile, trusted: true });
    expect(databases.get('live')?.origin).toMatchObject({ trusted: true });
  });

  test('a relative XDG_CONFIG_HOME counts for none', async () => {
    await mkdir(join(project, 'conf', 'sqlq'), { recursive: true });
    await writeFile(join(project, 'conf', 'sqlq', '.sqlqrc'), '{"model": "evil"}');
    expect((await load({ environment: { XDG_CONFIG_HOME: 'conf' } })).values.model).toBeNull();
    expect((await load({ environment: { XDG_CONFIG_HOME: join(project, 'conf') } })).values.model).toBe(
      'evil',
    );
  });
});

describe('what a file that was merely found can’t say', () => {
  test('to send more', async () => {
    const { values, warnings } = await load({ project: { send: ['comments', 'rows', 'samples'] } });
    expect(values.send).toEqual(['comments']);
    expect(warnings).toEqual([
      `${projectFile}: send asks for rows and samples; only your own settings or --send can say so.`,
    ]);
    expect((await load({ project: { send: [] } })).values.send).toEqual([]);
    expect((await load({ user: { send: [] }, project: { send: ['comments'] } })).values.send).toEqual([]);
    expect((await load({ user: { send: ['rows'] }, project: { send: ['rows'] } })).values.send).toEqual([
      'rows',
    ]);
  });

  test('to send more of a database, or to a server', async () => {
    const { databases, profiles, warnings } = await load({
      user: {
        databases: { live: { url: 'live.db', send: [] } },
        profiles: { mine: { baseUrl: 'http://localhost/v1', send: ['rows'] } },
      },
      project: {
        databases: { live: { url: 'other.db', send: ['comments'] }, own: { url: 'own.db', send: ['rows'] } },
        profiles: {
          mine: { baseUrl: 'https://evil.example/v1' },
          own: { baseUrl: 'https://evil.example/v1', send: ['rows'] },
        },
      },
    });
    expect(databases.get('live')?.settings.send).toEqual([]);
    expect(databases.get('own')?.settings.send).toEqual([]);
    expect(profiles.get('mine')?.settings.send).toEqual([]);
    expect(profiles.get('own')?.settings.send).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  test('to show what the user hides', async () => {
    const { databases, values } = await load({
      user: { hide: ['*.ssn'], databases: { live: { url: 'a.db', hide: ['users.mail'] } } },
      project: { hide: [], databases: { live: { url: 'a.db', hide: ['users.name'] } } },
    });
    expect(values.hide).toEqual(['*.ssn']);
    expect(databases.get('live')?.settings.hide).toEqual(['users.mail', 'users.name']);
  });

  test('whom to trust', async () => {
    const { databases, warnings } = await load({
      project: { trustedFolders: ['/'], databases: { a: 'a.db' } },
    });
    expect(databases.get('a')?.origin).toMatchObject({ trusted: false });
    expect(warnings).toEqual([
      `${projectFile}: trustedFolders counts in the user's own file alone, and is ignored.`,
    ]);
  });

  test('unless the user trusts its folder', async () => {
    const trusted = async (folders: readonly string[]) =>
      (
        await load({ user: { trustedFolders: folders }, project: { databases: { a: 'a.db' } } })
      ).databases.get('a')?.origin?.trusted;
    expect(await trusted([project])).toBe(true);
    expect(await trusted(['~/projects'])).toBe(true);
    expect(await trusted([join(home, 'projects', 'sho')])).toBe(false);
    expect(await trusted(['.', 'shop', 'projects'])).toBe(false);
  });

  test('another model may be said for a profile of the user’s, which stays the user’s', async () => {
    const user = {
      profiles: { mine: { baseUrl: 'https://llm.example/v1', apiKey: 'canary', model: 'big' } },
    };
    const added = await load({ user, project: { profiles: { mine: { model: 'small' } } } });
    expect(added.profiles.get('mine')).toMatchObject({
      settings: { baseUrl: 'https://llm.example/v1', apiKey: 'canary', model: 'small' },
      origin: { path: userFile, trusted: true },
    });
    for (const part of [
      { baseUrl: 'https://evil.example' },
      { apiKey: 'own' },
      { headers: { 'x-a': 'b' } },
    ]) {
      const taken = (await load({ user, project: { profiles: { mine: part } } })).profiles.get('mine');
      expect(taken?.origin).toMatchObject({ path: projectFile, trusted: false });
      expect(taken?.settings).toEqual(part);
    }
  });
});

describe('what is wrong with a file', () => {
  test.each<[string, unknown, string]>([
    ['an unknown key', { modle: 'x' }, 'modle: there is no such setting; did you mean model?'],
    ['a far key', { zzzzzz: 'x' }, 'zzzzzz: there is no such setting'],
    [
      'a key of a profile',
      { profiles: { a: { base_url: 'x' } } },
      'profiles.a.base_url: there is no such setting; did you mean baseUrl?',
    ],
    [
      'a key of a database',
      { databases: { a: { url: 'x', hidden: [] } } },
      'databases.a.hidden: there is no such setting; did you mean hide?',
    ],
    [
      'writing',
      { write: true },
      'write: writing is never allowed by a file; give --write on the command line',
    ],
  ])('%s', async (_name, content, line) => {
    const error = await refusal({ project: content });
    expect(error.message).toBe(`The settings file ${projectFile} is not right:\n  ${line}`);
    expect(error).toMatchObject({ code: 'usage', hint: '.sqlqrc.example shows every setting.' });
  });

  test.each<[unknown, RegExp]>([
    [{ format: 'xml' }, /format: .*"table".*"markdown".*, found "xml"$/u],
    [{ limit: 'ten' }, /limit: .*number.*, found "ten"$/u],
    [{ timeout: 'soon' }, /timeout: .*a duration such as 30s, 2m or 500ms.*, found "soon"$/u],
    [{ memoryLimit: '1XB' }, /memoryLimit: .*a size such as 512MB or 2GB, found "1XB"$/u],
    [{ send: ['everything'] }, /send\.0: .*"comments".*"rows".*, found "everything"$/u],
    [{ repairs: 99 }, /repairs: .*10.*, found 99$/u],
    [[1], /the file: .*object.*, found \[1\]$/u],
  ])('%j', async (content, message) => {
    expect((await refusal({ user: content })).message).toMatch(message);
  });

  test('syntax, with its line, and without the text that may hold a key', async () => {
    const json = await refusal({ project: '{\n  "model": "canary"\n  "limit": 1\n}' });
    expect(json.message).toMatch(/can't be read: .*line 3/u);
    const yaml = await refusal({ project: 'model: canary\n  bad: [canary\n' });
    expect(yaml.message).toMatch(/can't be read: .*line \d+/u);
    expect(`${json.message}${json.stack}${yaml.message}${yaml.stack}`).not.toContain('canary');
  });

  test('never shows a key or a URL', async () => {
    const error = await refusal({
      user: {
        profiles: { a: { apiKey: 12_345_678, headers: { authorization: ['canary'] } } },
        databases: { b: { url: ['postgres://u:canary@h/d'] } },
        database: ['postgres://u:canary@h/d'],
      },
    });
    expect(error.message).toMatch(/profiles\.a\.apiKey.*\n.*profiles\.a\.headers.*\n/u);
    expect(error.message).not.toMatch(/canary|12345678/u);
  });

  test.each<[string, unknown]>([
    ['a key', { profiles: { a: { apiKey: 'canary' } } }],
    ['a key in a header', { profiles: { a: { headers: { 'X-Api-Key': 'canary' } } } }],
    [
      'a key in an Authorization header',
      { profiles: { a: { headers: { Authorization: 'Bearer canary' } } } },
    ],
    ['a password', { databases: { a: 'postgres://u:canary@h/d' } }],
    ['a password in an object', { databases: { a: { url: 'mysql://u:can@ary@h/d' } } }],
    ['a password of the database', { database: 'postgres://u:canary@h/d' }],
  ])('%s that others can read', async (_name, content) => {
    expect((await load({ user: content })).warnings).toEqual([]);
    for (const mode of [0o644, 0o640, 0o604]) {
      await chmod(userFile, mode);
      const error = await refusal({});
      expect(error.message).toBe(
        `The settings file ${userFile} holds a key or a password, and others can read it.`,
      );
      expect(error.hint).toContain(`chmod 600 ${userFile}`);
    }
  });

  test.each([
    { profiles: { a: { apiKey: '${KEY}', headers: { Authorization: 'Bearer ${KEY}', 'X-Team': 'data' } } } },
    {
      databases: {
        a: 'postgres://u:${PASSWORD}@h/d',
        b: 'postgres://u@h/d',
        c: '${URL}',
        d: 'sqlite:a:b@c.db',
      },
    },
  ])('what holds none may be read by all: %j', async (content) => {
    await writeFile(userFile, JSON.stringify(content));
    await chmod(userFile, 0o644);
    expect((await load({})).warnings).toEqual([]);
  });
});
