import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { type Environment, variable } from '../environment.ts';

/** What a password is looked up by. */
export interface PasswordKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** Which fields of a line have to be named themselves, and no `*`. */
export interface Named {
  readonly namedHost: boolean;
  readonly namedPort?: boolean;
}

/**
 * The password of PostgreSQL's password file, by libpq's rules (PostgreSQL documentation, "The Password File"): the
 * first line whose four fields are each the same or `*`; a file that others may read is not used. `namedHost` wants a
 * line that names the host itself, `namedPort` the port. Null where there is none.
 */
export async function findPgpass(
  key: PasswordKey,
  environment: Environment,
  home: string,
  options: Named,
): Promise<{ readonly password: string | null; readonly warning: string | null }> {
  const path = variable(environment, 'PGPASSFILE') ?? usualPath(environment, home);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      return { password: null, warning: `The password file ${path} is no plain file, and is not used.` };
    }
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
      return {
        password: null,
        warning: `Others can read the password file ${path}, so it is not used. Mend it: chmod 600 ${path}`,
      };
    }
    return { password: matchPgpass(await readFile(path, 'utf8'), key, options), warning: null };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return { password: null, warning: null };
    }
    return { password: null, warning: `The password file ${path} can't be read: ${messageOf(error)}` };
  }
}

/** The password of the first line that fits; null where none does. */
export function matchPgpass(text: string, key: PasswordKey, options: Named): string | null {
  for (const line of text.split(/\r?\n/u)) {
    if (line === '' || line.startsWith('#')) {
      continue;
    }
    const [host, port, database, user, password] = fieldsOf(line);
    if (host === undefined || password === undefined) {
      continue;
    }
    const fits =
      (options.namedHost ? host !== '*' && matches(host, key.host) : matches(host, key.host)) &&
      (options.namedPort !== true || port !== '*') &&
      matches(port, String(key.port)) &&
      matches(database, key.database) &&
      matches(user, key.user);
    if (fits) {
      return withoutEscapes(password);
    }
  }
  return null;
}

/** Four fields and the password, each ended by a colon that no backslash stands before, or by the line; [] for fewer. */
function fieldsOf(line: string): readonly string[] {
  const fields = [...line.matchAll(/((?:\\.|[^:\\]|\\$)*)(?::|$)/gu)].map(([, field = '']) => field);
  return fields.length < 5 ? [] : fields;
}

function matches(field: string | undefined, value: string): boolean {
  return field === '*' || (field !== undefined && withoutEscapes(field) === value);
}

function withoutEscapes(field: string): string {
  return field.replace(/\\(.)/gsu, '$1');
}

function usualPath(environment: Environment, home: string): string {
  return process.platform === 'win32'
    ? join(variable(environment, 'APPDATA') ?? home, 'postgresql', 'pgpass.conf')
    : join(home, '.pgpass');
}
