import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf, SqlqError } from '../errors.ts';
import { type Settings, settingsSchema } from './settings.ts';
import { explainSettings } from './settings-problems.ts';

/** A settings file as it was found. */
export interface SettingsFile {
  readonly path: string;
  readonly settings: Settings;
}

const names = ['.sqlqrc', '.sqlqrc.json', '.sqlqrc.yaml'];

/** The settings file of the first of some folders that has one; null where none does. */
export async function findSettings(folders: readonly string[]): Promise<SettingsFile | null> {
  const found = await firstFile(folders);
  if (found === null) return null;
  const raw = await readSettings(found);
  const parsed = settingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw explainSettings(found, parsed.error);
  await refuseReadableSecrets(found, raw);
  return { path: found, settings: parsed.data };
}

/**
 * The file's contents, unchecked. Of cosmiconfig this takes the loaders alone: its explorer runs `.config/config.js` of
 * the working folder as settings of its own, and follows `$import` to files that run code or that hold others' keys.
 */
async function readSettings(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (path.endsWith('.json')) return JSON.parse(text);
    if (/^(?:\s*(?:#.*)?\n)*\s*(?:#.*)?$/u.test(text)) return {};
    return parseJson(text) ?? (await parseYaml(path, text));
  } catch (error) {
    throw new SqlqError('usage', `The settings file ${path} can't be read: ${syntaxProblem(error)}`, {
      hint: 'It is JSON or YAML; sqlq config init --force writes a new one.',
    });
  }
}

/** YAML holds JSON; what is JSON needs no parser of YAML. Null where it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { defaultLoaders } = await import('cosmiconfig');
  return defaultLoaders['.yaml'](path, text);
}

/** What a parser says, and where, without the lines that it quotes: they can hold a key. */
function syntaxProblem(error: unknown): string {
  if (error instanceof SyntaxError) {
    const place = /at position \d+(?: \(line \d+ column \d+\))?/u.exec(error.message)?.[0];
    return `it is not JSON${place === undefined ? '' : `, ${place}`}`;
  }
  if (typeof error === 'object' && error !== null && 'reason' in error && 'mark' in error) {
    const mark = z.object({ line: z.number(), column: z.number() }).safeParse(error.mark);
    const place = mark.success ? ` (line ${mark.data.line + 1}, column ${mark.data.column + 1})` : '';
    return `${String(error.reason)}${place}`;
  }
  return messageOf(error);
}

/**
 * The folders that a project's file may lie in: the working folder, and those above it up to the repository's root or to
 * just below the user's home. Elsewhere the working folder alone: what lies above, as in /tmp, may be anybody's.
 */
export async function projectFolders(workingDirectory: string, home: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = workingDirectory; folder !== home; folder = dirname(folder)) {
    folders.push(folder);
    if (await exists(join(folder, '.git'))) return folders;
    if (folder === dirname(folder)) return [workingDirectory];
  }
  return folders.length === 0 ? [workingDirectory] : folders;
}

/** Where the file is: a look at the disk alone, so that nothing is loaded to find nothing. */
async function firstFile(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      if (await exists(path)) return path;
    }
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

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
    if (/^apiKey$|auth|api-?key|token|secret|cookie|passw/iu.test(key))
      return !/^(?:bearer|basic|token)?$/iu.test(literal.trim());
    return /^[a-z+]+:\/\/[^/?]*:[^/?]+@/iu.test(literal);
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, child]) => holdsSecret(child, name));
}
