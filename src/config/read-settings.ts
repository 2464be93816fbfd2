import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, SqlqError } from '../errors.ts';
import { exploreFolder } from './explorer.ts';
import { explainSettings } from './settings/problems.ts';
import { type Settings, settingsSchema } from './settings/schema.ts';
import { YamlError } from './yaml.ts';

/** A settings file that is longer is none. */
const longestFile = 1024 ** 2;

/**
 * Reads the settings file at a path, the first of its folder, and checks it. Throws a SqlqError `usage` that names the file
 * and each key that is wrong, and where others can read a file with secrets.
 */
export async function readSettings(path: string): Promise<Settings> {
  await refuseUnreadable(path);
  const raw = await readContents(path);
  const parsed = settingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw explainSettings(path, parsed.error);
  await refuseReadableSecrets(path, raw);
  return parsed.data;
}

/** Anything but a plain file of a usual size: a pipe or a device would be read for ever. */
async function refuseUnreadable(path: string): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    throw unreadable(path, messageOf(error));
  });
  if (!facts.isFile()) {
    throw unreadable(path, `it is ${facts.isDirectory() ? 'a folder' : 'no plain file'}`, 'Move it away.');
  }
  if (facts.size > longestFile) throw unreadable(path, 'it is longer than a megabyte', 'Move it away.');
}

async function readContents(path: string): Promise<unknown> {
  try {
    const found = await exploreFolder(dirname(path));
    if (found?.path === path) return found.contents;
    // What may not be read is passed over in silence there, and a user's own rules with it.
    await readFile(path);
  } catch (error) {
    throw unreadable(path, syntaxProblem(error));
  }
  throw unreadable(path, 'it changed while it was read', 'Try again.');
}

function unreadable(
  path: string,
  problem: string,
  hint = 'It is JSON or YAML; sqlq config init --force writes a new one.',
): SqlqError {
  return new SqlqError('usage', `The settings file ${path} can't be read: ${problem}`, { hint });
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
  return Object.entries(value).some(
    // A note may be on a word such as token.
    ([name, child]) => name !== 'notes' && holdsSecret(child, name),
  );
}
