import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSettings, projectFolders } from '../../src/config/files/file.ts';
import { readSettings } from '../../src/config/files/read-settings.ts';
import { SqlqError } from '../../src/errors.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sqlq-file-')));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, text: string, mode = 0o644): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

async function problemOf(text: string, mode?: number, name = '.sqlqrc'): Promise<SqlqError> {
  await put(name, text, mode);
  const thrown: unknown = await findSettings([folder]).then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof SqlqError) {
    return thrown;
  }
  throw new Error(`no SqlqError: ${String(thrown)}`);
}

describe('a settings file', () => {
  it.each([
    ['.sqlqrc', 'limit: 7'],
    ['.sqlqrc', '{"limit": 7}'],
    ['.sqlqrc', '{limit: 7}'],
    ['.sqlqrc', '\uFEFFlimit: 7'],
    ['.sqlqrc.json', '{"limit": 7}'],
    ['.sqlqrc.json', '\uFEFF{"limit": 7}'],
    ['.sqlqrc.yml', 'limit: 7'],
    ['.sqlqrc.yaml', '# ten\nlimit: 7\n'],
  ])('%s is read: %j', async (name, text) => {
    const path = await put(name, text);
    expect(await findSettings([folder])).toEqual({ path, settings: { limit: 7 } });
  });

  it.each(['.sqlqrc', '.sqlqrc.json'])('%s is read as a shell of Windows writes it', async (name) => {
    const path = await put(name, '');
    await writeFile(path, Buffer.from('\uFEFF{"limit": 7}\r\n', 'utf16le'));
    expect(await findSettings([folder])).toEqual({ path, settings: { limit: 7 } });
  });

  it.each(['', '\n', '# nothing yet\n\n  # really'])('may be empty: %j', async (text) => {
    await put('.sqlqrc', text);
    expect((await findSettings([folder]))?.settings).toEqual({});
  });

  it('may share what it says twice, by << and an anchor', async () => {
    await put(
      '.sqlqrc',
      'databases:\n  a: &a\n    url: a.db\n    hide: [x.y]\n  b:\n    <<: *a\n    url: b.db\n',
    );
    expect((await findSettings([folder]))?.settings.databases).toEqual({
      a: { url: 'a.db', hide: ['x.y'] },
      b: { url: 'b.db', hide: ['x.y'] },
    });
  });

  it('comes from the first folder that has one', async () => {
    const outer = await put('.sqlqrc', 'limit: 1');
    const inner = await put('in/.sqlqrc.yaml', 'limit: 2');
    expect((await findSettings([join(folder, 'in'), folder]))?.path).toBe(inner);
    expect((await findSettings([join(folder, 'other'), folder]))?.path).toBe(outer);
    expect(await findSettings([join(folder, 'other')])).toBeNull();
  });
});

describe('what a settings file cannot do', () => {
  it('runs no code that lies beside it', async () => {
    const trap = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, ''); module.exports = {};`;
    for (const name of ['config.js', 'config.cjs', 'config.ts']) {
      await put(`.config/${name}`, trap);
    }
    for (const name of ['config.json', 'config.yaml']) {
      await put(`.config/${name}`, '{"cosmiconfig": {"searchPlaces": ["sqlq.config.cjs"]}}');
    }
    for (const name of [
      '.sqlqrc.js',
      '.sqlqrc.cjs',
      '.sqlqrc.mjs',
      '.sqlqrc.ts',
      'sqlq.config.js',
      'sqlq.config.cjs',
    ]) {
      for (const place of ['', '.config/', 'node_modules/']) {
        await put(`${place}${name}`, trap);
      }
    }
    await put('package.json', '{"cosmiconfig": {"searchPlaces": ["sqlq.config.cjs"]}, "sqlq": {"limit": 1}}');
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(await findSettings([folder])).toBeNull();
      await put('.sqlqrc', 'limit: 7');
      expect((await findSettings([folder]))?.settings).toEqual({ limit: 7 });
    } finally {
      process.chdir(before);
    }
    expect(await readdir(folder)).not.toContain('ran');
  });

  it.each(['./other.cjs', '[./other.cjs]', '[./other.json, ./other.cjs]', './other.json'])(
    'imports no other file: %s',
    async (imported) => {
      await put('other.json', '{"limit": 3}');
      await put('other.cjs', `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '')`);
      for (const name of ['.sqlqrc', '.sqlqrc.json', '.sqlqrc.yaml']) {
        const text = `{"$import": ${imported.startsWith('[') ? imported.replaceAll(/[./\w]+/gu, '"$&"') : `"${imported}"`}, "limit": 7}`;
        expect((await problemOf(text, 0o644, name)).message).toContain('$import: there is no such setting');
        await rm(join(folder, name));
      }
      expect((await problemOf(`$import: ${imported}`)).message).toContain(
        '$import: there is no such setting',
      );
      expect(await readdir(folder)).not.toContain('ran');
    },
  );

  it('says that it is not there, and nothing of what to do with it', async () => {
    const missing = join(folder, 'nofile');
    await expect(readSettings(missing, 'named')).rejects.toMatchObject({
      code: 'usage',
      message: `There is no settings file ${missing}.`,
      hint: expect.not.stringContaining('Move it away'),
    });
  });

  it.each(['a: !!js/function "function () {}"', 'a: !!js/undefined ""'])(
    'makes no objects: %s',
    async (text) => {
      expect((await problemOf(text)).code).toBe('usage');
    },
  );

  it.each(['.sqlqrc', '.sqlqrc.json', '.sqlqrc.yaml'])(
    'waits for no pipe and reads no device: %s',
    async (name) => {
      execFileSync('mkfifo', [join(folder, name)]);
      await expect(findSettings([folder])).rejects.toThrow(/can't be read: it is no plain file/u);
      await rm(join(folder, name));
      await symlink('/dev/zero', join(folder, name));
      await expect(findSettings([folder])).rejects.toThrow(/can't be read: it is no plain file/u);
      await rm(join(folder, name));
      await mkdir(join(folder, name));
      await expect(findSettings([folder])).rejects.toThrow(/can't be read: it is a folder/u);
      await rm(join(folder, name), { recursive: true });
      await put(name, `# ${'x'.repeat(1024 ** 2)}`);
      await expect(findSettings([folder])).rejects.toThrow(/longer than a megabyte/u);
    },
  );

  it('is not passed over where it may not be read', async () => {
    await put('.sqlqrc', 'hide: ["*.ssn"]', 0o000);
    await put('.sqlqrc.yaml', 'limit: 7');
    const program = `import('${resolve(import.meta.dirname, '../../src/config/files/file.ts')}').then(({ findSettings }) => findSettings(['${folder}'])).then(() => 'read', (error) => error.message).then(console.log)`;
    // Root may read everything, another user may not.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    await chmod(folder, 0o755);
    expect(execFileSync(process.execPath, ['-e', program], { ...user, encoding: 'utf8' })).toContain(
      "can't be read: EACCES",
    );
  });

  it('sets no prototype', async () => {
    expect((await problemOf('{"__proto__": {"limit": 3}}')).message).toMatch(/not right|can't be read/u);
  });
});

describe('what is wrong is said', () => {
  it.each<[text: string, said: RegExp]>([
    ['limit: -3', /limit: .*>0, found -3/u],
    ['limit: many', /limit: expected number, received string, found "many"/u],
    ['format: xml', /format: expected one of .*"csv".*, found "xml"/u],
    ['timeout: soon', /timeout: .*30s.*, found "soon"/u],
    ['send: [all]', /send\.0: expected one of "comments".*, found "all"/u],
    ['formt: csv', /formt: there is no such setting; did you mean format\?/u],
    ['profiles: {mine: {baseURL: x}}', /profiles\.mine\.baseURL: .*did you mean baseUrl\?/u],
    ['databases: {shop: {url: x, hid: []}}', /databases\.shop\.hid: .*did you mean hide\?/u],
    ['databases: {shop: 3}', /databases\.shop: expected a URL, a path, or an object with a url/u],
    ['write: true', /write: .*--write on the command line/u],
    ['[1, 2]', /the file: expected object, received array/u],
    ['limit: 1\nlimit: 2', /can't be read: .*line 2/u],
    ['profile: [a', /can't be read: .*line/u],
  ])('%s', async (text, said) => {
    const problem = await problemOf(text);
    expect(problem.code).toBe('usage');
    expect(problem.message).toContain(join(folder, '.sqlqrc'));
    expect(problem.message).toMatch(said);
    expect(problem.hint).not.toBeNull();
  });

  it('every wrong key at once', async () => {
    expect((await problemOf('limit: -3\nformat: xml\nfoo: 1')).message.split('\n')).toHaveLength(4);
  });

  it.each([
    ['{"profiles": {"a": {"apiKey": "sk-canary1234", oops', '.sqlqrc.json'],
    ['profiles:\n  a:\n    apiKey: sk-canary1234: x\n', '.sqlqrc'],
    ['profiles: {a: {apiKey: [sk-canary1234]}}', '.sqlqrc'],
    ['profiles: {a: {headers: {x: {y: canary1234}}}}', '.sqlqrc'],
    ['databases: {a: {url: {b: "postgres://u:canary1234@h/d"}}}', '.sqlqrc'],
    ['database: ["postgres://u:canary1234@h/d"]', '.sqlqrc'],
  ])('without the secret: %s', async (text, name) => {
    const problem = await problemOf(text, 0o600, name);
    expect(`${problem.message}\n${problem.hint}\n${problem.cause}`).not.toContain('canary');
  });
});

describe('a file that others can read', () => {
  const literal = [
    'profiles: {a: {baseUrl: "https://h/v1", apiKey: sk-canary1234}}',
    'profiles: {a: {baseUrl: "https://h/v1", headers: {Authorization: Bearer canary1234}}}',
    'profiles: {a: {baseUrl: "https://h/v1", headers: {x-api-key: canary1234}}}',
    'database: postgres://u:canary1234@h/d',
    'databases: {a: "mysql://u:canary@1234@h/d"}',
    'databases: {a: {url: "mysql://u:canary1234@h/d"}}',
  ];

  it.each(literal)('holds no secret: %s', async (text) => {
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      const problem = await problemOf(text, mode);
      expect(problem.hint).toContain(`chmod 600 ${join(folder, '.sqlqrc')}`);
      expect(`${problem.message}${problem.hint}`).not.toContain('canary');
    }
    await chmod(join(folder, '.sqlqrc'), 0o600);
    expect(await findSettings([folder])).not.toBeNull();
  });

  it.each([
    `profiles: {a: {baseUrl: "https://h/v1", apiKey: "\${KEY}"}}`,
    `profiles: {a: {baseUrl: "https://h/v1", headers: {Authorization: "Bearer \${KEY}"}}}`,
    `databases: {a: "postgres://u:\${PASSWORD}@h/d", b: postgres://u@h:5432/d, c: sqlite:x.db}`,
    'profile: ollama',
  ])('may say all else: %s', async (text) => {
    await put('.sqlqrc', text, 0o644);
    expect(await findSettings([folder])).not.toBeNull();
  });
});

describe('the folders of a project', () => {
  it('end at the root of its repository', async () => {
    await mkdir(join(folder, 'repository/.git'), { recursive: true });
    const inner = join(folder, 'repository/a/b');
    await mkdir(inner, { recursive: true });
    expect(await projectFolders(inner, folder)).toEqual([inner, dirname(inner), join(folder, 'repository')]);
  });

  it.skipIf(process.getuid?.() !== 0)("end before another user's repository or folder", async () => {
    const inner = join(folder, 'theirs/a/b');
    await mkdir(join(folder, 'theirs/.git'), { recursive: true });
    await mkdir(inner, { recursive: true });
    expect(await projectFolders(inner, '/home/nobody')).toHaveLength(3);
    await chown(join(folder, 'theirs/.git'), 65_534, 65_534);
    expect(await projectFolders(inner, '/home/nobody')).toEqual([inner]);
    await chown(join(folder, 'theirs/.git'), 0, 0);
    await chown(join(folder, 'theirs/a'), 65_534, 65_534);
    expect(await projectFolders(inner, '/home/nobody')).toEqual([inner]);
    expect(await projectFolders(inner, folder)).toEqual([inner]);
  });

  it('end below the home of the user', async () => {
    expect(await projectFolders(join(folder, 'a/b'), folder)).toEqual([
      join(folder, 'a/b'),
      join(folder, 'a'),
    ]);
    expect(await projectFolders(folder, folder)).toEqual([folder]);
  });

  it("are one elsewhere, because what lies above may be anybody's", async () => {
    expect(await projectFolders(join(folder, 'a/b'), '/home/nobody')).toEqual([join(folder, 'a/b')]);
  });
});
