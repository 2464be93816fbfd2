import { chmod, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { exampleText, jsonSchemaText, readmeList, readmeTable } from '../../settings-reference.ts';
import { findSettings } from '../../src/config/files/file.ts';
import { firstSettings } from '../../src/config/init.ts';
import { loadSettings } from '../../src/config/load.ts';
import { databaseSchema, profileSchema, settingsSchema } from '../../src/config/settings/schema.ts';
import { settingRows } from '../../src/config/settings/values.ts';
import { readVariables } from '../../src/config/settings/variables.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlq-example-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('.sqlqrc.example', () => {
  it('is right, and shows every setting that there is', async () => {
    await copyFile(join(root, '.sqlqrc.example'), join(folder, '.sqlqrc'));
    await chmod(join(folder, '.sqlqrc'), 0o644);
    const settings = (await findSettings([folder]))?.settings;
    const shown = Object.keys(settings ?? {}).sort();
    expect(shown).toEqual(Object.keys(settingsSchema.shape).sort());
    expect(Object.keys(settings?.profiles?.['mine'] ?? {}).sort()).toEqual(
      Object.keys(profileSchema.shape).sort(),
    );
    expect(Object.keys(settings?.databases?.['live'] ?? {}).sort()).toEqual(
      Object.keys(databaseSchema.shape).sort(),
    );
  });

  it('is what the table of settings makes', async () => {
    expect(await readFile(join(root, '.sqlqrc.example'), 'utf8')).toBe(exampleText());
  });

  it('says something of each setting', async () => {
    const lines = (await readFile(join(root, '.sqlqrc.example'), 'utf8')).split('\n');
    const silent = lines.filter(
      (line, index) =>
        /^\s*[$\w]+:/u.test(line) &&
        !/^ {2}\w+:/u.test(line) &&
        !/^ {6}/u.test(line) &&
        !/^\s*#/u.test(lines[index - 1] ?? ''),
    );
    expect(silent).toEqual([]);
  });
});

describe('the first settings file', () => {
  it.each([
    ['as it is', firstSettings()],
    ['with choices', firstSettings({ db: 'a: "b".db', profile: 'ollama', model: 'm:7b' })],
    ['with a server', firstSettings({ db: 'a.db', baseUrl: 'http://localhost:1/v1', model: 'm' })],
    ['with its comments taken up', firstSettings().replace(/^# ?(?=\s*\w+:|\s+#|\s+\S+:)/gmu, '')],
  ])('is right %s', async (_name, text) => {
    const { writePrivateFile } = await import('../../src/config/folders.ts');
    await writePrivateFile(join(folder, '.sqlqrc'), text);
    expect((await findSettings([folder]))?.settings.send).toEqual(['comments', 'profiles']);
  });
});

describe('schema.json', () => {
  /** After a change of the settings: npm run settings:write */
  it('is what the settings are', async () => {
    expect(await readFile(join(root, 'schema.json'), 'utf8')).toBe(jsonSchemaText());
  });

  it('describes every setting', () => {
    const undescribed = [settingsSchema, profileSchema, databaseSchema].flatMap(({ shape }) =>
      Object.entries(shape).flatMap(([key, schema]) => (schema.description === undefined ? [key] : [])),
    );
    expect(undescribed).toEqual([]);
  });
});

describe('README.md', () => {
  it('lists the settings as the table has them', async () => {
    expect(readmeList.exec(await readFile(join(root, 'README.md'), 'utf8'))?.[0]).toBe(readmeTable());
  });
});

describe('the table of settings', () => {
  it.each(settingRows)('%s has a variable by its name, and shows a value that it takes', (name, row) => {
    expect(row.variable).toBe(`SQLQ_${name.replace(/[A-Z]/gu, '_$&').toUpperCase()}`);
    expect(row.kind.schema(z).safeParse(row.example).success).toBe(true);
  });

  it.each(settingRows)('%s is read from its variable as from a file', (name, row) => {
    const text = Array.isArray(row.example) ? row.example.join(',') : row.kind.write(row.example);
    expect(readVariables({ [row.variable]: text })[name]).toEqual(row.example);
  });

  it('is the one list of what sqlq config prints', async () => {
    const { values } = await loadSettings({
      flags: {},
      environment: {},
      workingDirectory: folder,
      homeFolder: folder,
    });
    expect(Object.keys(values)).toEqual(settingRows.map(([name]) => name));
  });
});
