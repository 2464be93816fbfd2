import { readFile, stat } from 'node:fs/promises';

/** What an entry of a password file is matched against. */
export interface PasswordQuery {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first line of a `.pgpass` file that matches, as section "The Password File" of PostgreSQL's
 * manual has it: `*` matches anything, `:` and `\` are escaped by `\`, and a file that others may read is ignored.
 * Null where there is none.
 */
export async function findPassword(path: string, query: PasswordQuery): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile()) return null;
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  const wanted = [query.host, String(query.port), query.database, query.user];
  for (const line of text.split(/\r?\n/u)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitFields(line);
    if (fields.length < 5) continue;
    if (wanted.every((value, index) => fields[index] === '*' || fields[index] === value))
      return fields[4] ?? null;
  }
  return null;
}

/** Fields of a line at its colons, backslashes resolved. A literal `*` can't be told from the wildcard, as in libpq. */
function splitFields(line: string): readonly string[] {
  return [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/gu)].map(([, field = '']) =>
    field.replace(/\\(.)/gu, '$1'),
  );
}
