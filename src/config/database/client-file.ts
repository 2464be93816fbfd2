import { join } from 'node:path';
import type { ServerAddress, ServerField } from '../../database/dialect.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import { type Environment, variable } from '../environment.ts';
import { isMissing, readPlainFile } from '../files/plain-file.ts';

/** What a file of the engine's own clients says of a server. */
export type ClientSettings = Partial<Readonly<Record<ServerField | 'password', string>>>;

/**
 * A service of libpq's (PostgreSQL documentation, "The Connection Service File"): of the user's file, else the system's.
 * Throws a SqlqError `usage` where there is none of that name.
 */
export async function readService(
  name: string,
  { parameters }: ServerAddress,
  environment: Environment,
  home: string,
): Promise<ClientSettings> {
  const files = [
    variable(environment, 'PGSERVICEFILE') ?? join(home, '.pg_service.conf'),
    join(variable(environment, 'PGSYSCONFDIR') ?? '/etc/postgresql-common', 'pg_service.conf'),
  ];
  for (const file of files) {
    const section = (await readIni(file))?.get(name);
    if (section !== undefined) {
      return named(section, { ...parameters, password: 'password' });
    }
  }
  throw new SqlqError('usage', `There is no service "${name}" in ${files.join(' or ')}.`, {
    hint: 'Check the name in PGSERVICE or in the address, or give the URL of the database with --db.',
  });
}

/** What the option file of MySQL's clients, `~/.my.cnf`, says under [client]. One that anybody may write counts for nothing. */
export async function readOptionFile({ parameters }: ServerAddress, home: string): Promise<ClientSettings> {
  const sections = await readIni(join(home, '.my.cnf'));
  const own = {
    host: 'host',
    port: 'port',
    user: 'user',
    password: 'password',
    database: 'database',
  } as const;
  return named(sections?.get('client') ?? new Map(), { ...parameters, ...own });
}

/** The sections of an INI file, each with its `name=value` lines; null where there is no file. */
async function readIni(path: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>> | null> {
  let text: string;
  try {
    text = await readPlainFile(path);
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw new SqlqError('usage', `${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/u)) {
    const [, title] = /^\s*\[([^\]]+)\]/u.exec(line) ?? [];
    if (title !== undefined) {
      section = sections.get(title) ?? new Map();
      sections.set(title, section);
      continue;
    }
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/u.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      section.set(name, value.replace(/^(["'])(.*)\1$/su, '$2'));
    }
  }
  return sections;
}

function named(
  section: ReadonlyMap<string, string>,
  names: Readonly<Record<string, ServerField | 'password'>>,
): ClientSettings {
  const settings: Partial<Record<ServerField | 'password', string>> = {};
  for (const [name, value] of section) {
    const field = Object.hasOwn(names, name) ? names[name] : undefined;
    if (field !== undefined) {
      settings[field] ??= value;
    }
  }
  return settings;
}
