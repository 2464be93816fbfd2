import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServerAddress } from '../database/dialect.ts';
import { dialectOf, dialects } from '../database/engines.ts';
import type { ServerTarget, Target } from '../database/target.ts';
import { SqlqError } from '../errors.ts';
import { isLoopbackHost } from '../model/address.ts';
import { parseDatabaseUrl, type ServerUrl } from './database-url.ts';
import { type Environment, variable } from './environment.ts';
import { findPgpass } from './pgpass.ts';
import { readTls, type TlsWords, tlsMode } from './tls.ts';

export interface TargetContext {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** Text of a file; rejects as `fs.readFile` does. */
  readonly readFile?: (path: string) => Promise<string>;
  /** How the connection is protected where the URL does not say it. */
  readonly tls?: string | null;
  /** The settings file that a URL comes from, where it was merely found in a folder. */
  readonly stranger?: string | null;
  readonly warn?: (text: string) => void;
}

const unsaid: Omit<ServerUrl, 'engine'> = {
  host: null,
  port: null,
  socket: null,
  user: null,
  password: null,
  database: null,
  tls: { mode: null, ca: null, certificate: null, key: null },
};

/**
 * One database, everything resolved, from a URL, a path, or the usual variables where `text` is null: DATABASE_URL, then
 * PostgreSQL's, then MySQL's. Throws a SqlqError `usage` that never shows the URL, because it may hold a password.
 */
export async function resolveTarget(text: string | null, context: TargetContext): Promise<Target> {
  const { environment } = context;
  if (text !== null) return fromUrl(text, context);
  const url = variable(environment, 'DATABASE_URL');
  if (url !== null) return fromUrl(url, context);
  for (const { name: engine, address } of dialects) {
    if (address.kind === 'file') continue;
    const { host, database, user, socket } = address.variables;
    if (first([...host, ...database, ...user, ...socket], environment) !== null)
      return serverTarget({ engine, ...unsaid }, address, context);
  }
  throw new SqlqError('usage', 'No database is named.', {
    hint: 'Give --db a URL (postgres://…, mysql://…, sqlite:…), a SQLite file or a name from .sqlqrc, or set DATABASE_URL. To try it out: --db sample',
  });
}

async function fromUrl(text: string, context: TargetContext): Promise<Target> {
  const url = parseDatabaseUrl(text);
  if (!('path' in url)) {
    const { address } = dialectOf(url.engine);
    if (address.kind === 'file') throw new Error(`${url.engine} has no servers`);
    return serverTarget(url, address, context);
  }
  const path = /^~(?=\/|$)/u.test(url.path) ? context.homeFolder + url.path.slice(1) : url.path;
  return { engine: url.engine, path: resolve(context.workingDirectory, path) };
}

async function serverTarget(
  url: ServerUrl,
  address: ServerAddress,
  context: TargetContext,
): Promise<ServerTarget> {
  const { engine } = url;
  const { environment } = context;
  const names = address.variables;
  const said = (field: keyof typeof names): string | null => first(names[field], environment);

  // Where the URL names a place, the variables' place is another one.
  const namesPlace = url.host !== null || url.socket !== null;
  const otherHost = namesPlace ? null : said('host');
  const folder = address.hostMayBeFolder && otherHost?.startsWith('/') ? otherHost : null;
  const host = url.host ?? (folder === null ? otherHost : null) ?? 'localhost';
  const socket = url.socket ?? folder ?? (namesPlace || otherHost !== null ? null : said('socket'));
  const port = url.port ?? portOf(names.port, environment) ?? address.defaultPort;
  const user =
    url.user ?? said('user') ?? first(['USER', 'LOGNAME', 'USERNAME'], environment) ?? address.defaultUser;
  const database = url.database ?? said('database') ?? (address.databaseIsUser ? user : null);
  const isLocal = socket !== null || isLoopbackHost(host);
  const tls = await resolveTls(url.tls, said, isLocal, context);

  // A file that was merely found may not have a password sent to a place of its choice.
  const isTold = (context.stranger ?? null) === null || isLocal || !namesPlace;
  let password = url.password ?? (isTold ? said('password') : null);
  // With a root certificate of the file's choice, the host may be anybody.
  const mayLookUp = isTold || url.tls.ca === null;
  if (password === null && address.readsPgpass && mayLookUp) {
    const key = { host: socket === null ? host : 'localhost', port, database: database ?? user, user };
    const found = await findPgpass(key, environment, context.homeFolder, { namedHost: !isTold });
    if (found.warning !== null) context.warn?.(found.warning);
    password = found.password;
  }
  return { engine, host, port, socket, user, password, database, tls };
}

/** What the URL says, else the setting, else the variables; a found file may ask for more protection, never for less. */
async function resolveTls(
  url: TlsWords,
  said: (field: keyof TlsWords) => string | null,
  isLocal: boolean,
  context: TargetContext,
): Promise<ServerTarget['tls']> {
  const stranger = context.stranger ?? null;
  const told = url.mode ?? context.tls ?? null;
  const words: TlsWords = {
    mode: told ?? said('mode'),
    ca: url.ca ?? said('ca'),
    certificate: url.certificate ?? said('certificate'),
    key: url.key ?? said('key'),
  };
  const mode = tlsMode(words, isLocal);
  if (stranger !== null && told !== null && !isLocal && mode !== 'verify-full') {
    throw new SqlqError(
      'usage',
      `${stranger} asks for the TLS mode "${told}", which checks less than usual.`,
      {
        hint: 'Only --db, DATABASE_URL or your own settings may say so: put the database there, or list the folder under trustedFolders.',
      },
    );
  }
  return readTls(words, mode, {
    folder: context.workingDirectory,
    homeFolder: context.homeFolder,
    readFile: context.readFile ?? ((path) => readFile(path, 'utf8')),
  });
}

function portOf(names: readonly string[], environment: Environment): number | null {
  const text = first(names, environment);
  if (text === null) return null;
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new SqlqError('usage', `${names.join(' or ')} is "${text}", which is no port.`, {
    hint: 'A port is a number from 1 to 65535.',
  });
}

function first(names: readonly string[], environment: Environment): string | null {
  for (const name of names) {
    const value = variable(environment, name);
    if (value !== null) return value;
  }
  return null;
}
