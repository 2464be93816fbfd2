import { readFile, stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { z } from 'zod';
import { messageOf, SqlqError } from '../errors.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** A settings file as it was found. */
export interface SettingsFile {
  readonly path: string;
  readonly settings: Settings;
}

const names = ['.sqlqrc', '.sqlqrc.json', '.sqlqrc.yaml'];

/** The first settings file in a folder, or where `upwards` says so in those above it; null where there is none. */
export async function findSettings(folder: string, upwards: boolean): Promise<SettingsFile | null> {
  const found = await firstFile(folder, upwards);
  if (found === null) return null;
  // The library brings a YAML parser, which is not needed where nobody has settings.
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig');
  const yaml = defaultLoaders['.yaml'];
  const explorer = cosmiconfig('sqlq', {
    searchPlaces: names,
    loaders: { '.json': defaultLoaders['.json'], '.yaml': yaml, noExt: yaml },
    cache: false,
  });
  let raw: unknown;
  try {
    raw = (await explorer.load(found))?.config ?? {};
  } catch (error) {
    throw new SqlqError(
      'usage',
      `The settings file ${found} can't be read: ${messageOf(error).split('\n')[0]}`,
      {
        hint: 'It is JSON or YAML; sqlq config init --force writes a new one.',
        cause: error,
      },
    );
  }
  const parsed = settingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw wrongSettings(found, parsed.error);
  await refuseReadableSecrets(found, raw);
  return { path: found, settings: parsed.data };
}

/** Where the file would be: a look at the disk alone, so that nothing is loaded to find nothing. */
async function firstFile(start: string, upwards: boolean): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of names) {
      const path = join(folder, name);
      if ((await stat(path).catch(() => null))?.isFile()) return path;
    }
    const isProject = (await stat(join(folder, '.git')).catch(() => null)) !== null;
    if (!upwards || isProject || folder === parse(folder).root) return null;
  }
}

function wrongSettings(path: string, error: z.ZodError): SqlqError {
  const lines = error.issues.map((issue) => {
    const key = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      const allowed = keysAt(issue.path);
      return issue.keys
        .map((name) => {
          const near = nearest(name, allowed);
          return `${key === '' ? name : `${key}.${name}`}: there is no such setting${near === null ? '' : `; did you mean ${near}?`}`;
        })
        .join('\n  ');
    }
    const found =
      issue.input === undefined || secretKey.test(key)
        ? ''
        : `, found ${JSON.stringify(issue.input)?.slice(0, 60)}`;
    return `${key === '' ? 'the file' : key}: ${issue.message.replace(/^Invalid \w+: /u, '')}${found}`;
  });
  return new SqlqError('usage', `The settings file ${path} is not right:\n  ${lines.join('\n  ')}`, {
    hint: '.sqlqrc.example shows every setting.',
  });
}

/** The settings that may stand at a path of the file. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [top] = path;
  if (top === 'profiles')
    return Object.keys(z.toJSONSchema(settingsSchema, { io: 'input' }).properties?.['profiles'] ?? {})
      .length > 0
      ? profileKeys
      : [];
  return top === 'databases'
    ? ['url', 'schemas', 'include', 'exclude', 'hide', 'send']
    : Object.keys(settingsSchema.shape);
}

const profileKeys = Object.keys(settingsSchema.shape.profiles.unwrap().valueType.shape);

function nearest(name: string, allowed: readonly string[]): string | null {
  const [best] = allowed
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= 3 ? best.candidate : null;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const secretKey = /apiKey|headers|password|url|databases/iu;

/** A key or a password that stands in a file belongs to nobody else on the machine. */
async function refuseReadableSecrets(path: string, raw: unknown): Promise<void> {
  if (process.platform === 'win32' || !holdsSecret(raw)) return;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new SqlqError(
    'usage',
    `The settings file ${path} holds a key or a password, and others can read it.`,
    {
      hint: `chmod 600 ${path}, or write the secret as \${VARIABLE}.`,
    },
  );
}

function holdsSecret(value: unknown, key = ''): boolean {
  if (typeof value === 'string') {
    const literal = value.replace(/\$\{[^}]*\}/gu, '');
    if (/^apiKey$/u.test(key) || /authorization|api-?key|token|secret/iu.test(key))
      return literal.trim().replace(/^bearer$/iu, '') !== '';
    return /^[a-z+]+:\/\/[^/@]*:[^/@]+@/iu.test(literal) || /[?&]password=[^&]+/iu.test(literal);
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, child]) => holdsSecret(child, name));
}

/** The text of a file. */
export const readText = (path: string): Promise<string> => readFile(path, 'utf8');
