import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, SqlqError } from '../../errors.ts';
import { explainSettings } from '../settings/problems.ts';
import { type Settings, settingsSchema } from '../settings/schema.ts';
import { exploreFile, exploreFolder } from './explorer.ts';
import { readPlainFile } from './plain-file.ts';
import { YamlError } from './yaml.ts';

/**
 * Reads the settings file at a path, the first of its folder unless it was named, and checks it. Throws a SqlqError `usage` that names the file
 * and each key that is wrong, and where others can read a file with secrets.
 */
export async function readSettings(path: string, by: 'found' | 'named' = 'found'): Promise<Settings> {
  const raw = await readContents(path, by);
  const parsed = settingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    throw explainSettings(path, parsed.error);
  }
  await refuseReadableSecrets(path, raw);
  return parsed.data;
}

async function readContents(path: string, by: 'found' | 'named'): Promise<unknown> {
  try {
    // Looked at before cosmiconfig is, which would wait for a pipe, and pass over what may not be read and say nothing: a
    // user's own rules would be gone with it.
    await readPlainFile(path);
    const found = by === 'named' ? await exploreFile(path) : await exploreFolder(dirname(path));
    if (found?.path === path) {
      return found.contents;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new SqlqError('usage', `There is no settings file ${path}.`, {
        hint: 'Check its name, or write one of your own with: sqlq config init',
        cause: error,
      });
    }
    throw unreadable(path, syntaxProblem(error));
  }
  throw unreadable(path, 'it changed while it was read');
}

function unreadable(path: string, problem: string): SqlqError {
  return new SqlqError('usage', `The settings file ${path} can't be read: ${problem}`, {
    hint: 'It is JSON or YAML. Move it away, and write a new one with: sqlq config init',
  });
}

/** What a parser says, and where, without the lines that it quotes: they can hold a key. */
function syntaxProblem(error: unknown): string {
  if (error instanceof SyntaxError) {
    const place = /at position \d+(?: \(line \d+ column \d+\))?/u.exec(error.message)?.[0];
    return `it is not JSON${place === undefined ? '' : `, ${place}`}`;
  }
  if (error instanceof YamlError) {
    const { place } = error;
    return `${error.message}${place === null ? '' : ` (line ${place.line}, column ${place.column})`}`;
  }
  return messageOf(error);
}

/** A key or a password that stands in a file belongs to nobody else on the machine. */
async function refuseReadableSecrets(path: string, raw: unknown): Promise<void> {
  if (process.platform === 'win32' || !holdsSecret(raw)) {
    return;
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) {
    return;
  }
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
    // The name of a file is no secret, whatever is in it.
    if (!/File$/u.test(key) && /^apiKey$|auth|api-?key|token|secret|cookie|passw/iu.test(key)) {
      return !/^(?:bearer|basic|token)?$/iu.test(literal.trim());
    }
    return /^[a-z+]+:\/\/[^/?]*:[^/?]+@/iu.test(literal);
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return Object.entries(value).some(
    // A note may be on a word such as token.
    ([name, child]) => name !== 'notes' && holdsSecret(child, name),
  );
}
