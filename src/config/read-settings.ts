import { readFile, stat } from 'node:fs/promises';
import { messageOf, SqlqError } from '../errors.ts';
import { explainSettings } from './settings/problems.ts';
import { type Settings, settingsSchema } from './settings/schema.ts';
import { parseYaml, YamlError } from './yaml.ts';

/**
 * Reads a settings file and checks it. Throws a SqlqError `usage` that names the file and each key that is wrong, and
 * where others can read a file with secrets.
 */
export async function readSettings(path: string): Promise<Settings> {
  const raw = await readContents(path);
  const parsed = settingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw explainSettings(path, parsed.error);
  await refuseReadableSecrets(path, raw);
  return parsed.data;
}

/**
 * The file's contents, unchecked. Parsers alone: cosmiconfig, made for this, runs `.config/config.js` of the working folder
 * as settings of its own, and follows `$import` to files that run code or hold others' keys.
 */
async function readContents(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (path.endsWith('.json')) return JSON.parse(text);
    if (/^(?:\s*(?:#.*)?\n)*\s*(?:#.*)?$/u.test(text)) return {};
    return parseJson(text) ?? (await parseYaml(text)).value;
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
