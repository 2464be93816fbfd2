import { isIPv6 } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerTarget, Target, Tls } from '../database/target.ts';
import { messageOf, SqlqError } from '../errors.ts';
import { type Environment, variable } from './environment.ts';
import { findPassword } from './pgpass.ts';

export interface TargetContext {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** Text of a file; rejects as `fs.readFile` does. */
  readonly readFile: (path: string) => Promise<string>;
}

type Server = ServerTarget['engine'];

const schemes: Readonly<Record<string, Server>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
};

/** The parameters that a URL may have; a driver honours others, some of which would undo what keeps data safe. */
const parameters: Readonly<Record<Server, readonly string[]>> = {
  postgres: ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'],
  mysql: ['socket', 'ssl-mode', 'sslmode', 'ssl-ca', 'ssl-cert', 'ssl-key', 'charset'],
};

const waysToName =
  'Give --db a URL (postgres://…, mysql://…, sqlite:…), a SQLite file or a name from .sqlqrc, or set DATABASE_URL. To try sqlq: --db sample';

/**
 * One database, everything resolved, from a URL, a path, or the usual variables where `text` is null. Throws a
 * SqlqError `usage` that never shows the URL itself, because it may hold a password.
 */
export async function resolveTarget(text: string | null, context: TargetContext): Promise<Target> {
  const { environment } = context;
  if (text === null) {
    const url = variable(environment, 'DATABASE_URL');
    if (url !== null) return resolveTarget(url, context);
    if (['PGHOST', 'PGDATABASE', 'PGUSER', 'PGPORT'].some((name) => variable(environment, name) !== null)) {
      return serverTarget('postgres', null, context);
    }
    if (
      ['MYSQL_HOST', 'MYSQL_DATABASE', 'MYSQL_UNIX_PORT'].some((name) => variable(environment, name) !== null)
    ) {
      return serverTarget('mysql', null, context);
    }
    throw new SqlqError('usage', 'There is no database to ask.', { hint: waysToName });
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/iu.exec(text) ?? [];
  const engine = scheme === undefined ? undefined : schemes[scheme.toLowerCase()];
  if (engine !== undefined) return serverTarget(engine, text, context);
  if (scheme?.toLowerCase() === 'sqlite' || scheme?.toLowerCase() === 'file')
    return { engine: 'sqlite', path: sqlitePath(text, context) };
  if (scheme !== undefined && text.startsWith('//', scheme.length + 1)) {
    throw new SqlqError('usage', `sqlq knows no database of the kind "${scheme}".`, {
      hint: 'It reads sqlite:, postgres://, postgresql://, mysql:// and mariadb://.',
    });
  }
  return { engine: 'sqlite', path: resolve(context.workingDirectory, expandHome(text, context)) };
}

function sqlitePath(text: string, context: TargetContext): string {
  if (/^file:\/\//iu.test(text)) return fileURLToPath(text);
  const path = text
    .slice(text.indexOf(':') + 1)
    .replace(/^\/\/(?=\/)/u, '')
    .replace(/^\/\/(?!\/)/u, '');
  if (path === '' || path.includes('?')) {
    throw new SqlqError(
      'usage',
      path === '' ? 'The SQLite URL names no file.' : 'A SQLite URL takes no parameters.',
      {
        hint: 'Write sqlite:path/to/file.db, or the path alone.',
      },
    );
  }
  return isAbsolute(path) ? path : resolve(context.workingDirectory, expandHome(path, context));
}

function expandHome(path: string, context: TargetContext): string {
  return path === '~' || path.startsWith('~/') ? context.homeFolder + path.slice(1) : path;
}

interface UrlParts {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string | null;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const nothing: UrlParts = {
  host: '',
  port: '',
  user: '',
  password: null,
  database: '',
  parameters: new Map(),
};

async function serverTarget(
  engine: Server,
  url: string | null,
  context: TargetContext,
): Promise<ServerTarget> {
  const parts = url === null ? nothing : parseUrl(engine, url);
  const from = (...names: readonly string[]): string | null =>
    names.map((name) => variable(context.environment, name)).find((value) => value !== null) ?? null;
  const isPostgres = engine === 'postgres';
  const given = (name: string): string => parts.parameters.get(name) ?? '';

  const named = given('host') || parts.host || (isPostgres ? from('PGHOST') : from('MYSQL_HOST')) || '';
  const namedSocket = isPostgres
    ? named.startsWith('/')
      ? named
      : ''
    : given('socket') || (named === '' || named === 'localhost' ? (from('MYSQL_UNIX_PORT') ?? '') : '');
  const host = namedSocket !== '' || named === '' ? 'localhost' : named;
  const portText =
    given('port') || parts.port || (isPostgres ? from('PGPORT') : from('MYSQL_TCP_PORT')) || '';
  const port = portText === '' ? (isPostgres ? 5432 : 3306) : Number(portText);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new SqlqError('usage', `"${portText}" is no port.`, {
      hint: 'A port is a number from 1 to 65535.',
    });
  }
  const user =
    given('user') ||
    parts.user ||
    (isPostgres ? from('PGUSER') : from('MYSQL_USER')) ||
    from('USER', 'LOGNAME', 'USERNAME') ||
    (isPostgres ? 'postgres' : 'root');
  const database =
    given('dbname') || parts.database || (isPostgres ? from('PGDATABASE') : from('MYSQL_DATABASE')) || null;
  const socket = namedSocket === '' ? null : namedSocket;
  let password =
    (given('password') || parts.password) ??
    (isPostgres ? from('PGPASSWORD') : from('MYSQL_PWD', 'MYSQL_PASSWORD'));
  if (password === null && isPostgres) {
    const path = from('PGPASSFILE') ?? resolve(context.homeFolder, '.pgpass');
    password = await findPassword(path, {
      host: socket === null ? host : 'localhost',
      port,
      database: database ?? user,
      user,
    });
  }
  const tls = await resolveTls(engine, parts.parameters, socket !== null || isLoopbackHost(host), context);
  return {
    engine,
    host,
    port,
    socket,
    user,
    password,
    database: isPostgres ? (database ?? user) : database,
    tls,
  };
}

/** Reads a URL by hand where the platform's parser would not: its errors hold the whole URL, password and all. */
function parseUrl(engine: Server, text: string): UrlParts {
  const match =
    /^[a-z0-9+.-]+:\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/iu.exec(
      text,
    );
  if (match === null) throw badUrl(engine, 'it does not have the form of one');
  const [, userInfo = '', host = '', port = '', database = '', query = ''] = match;
  const colon = userInfo.indexOf(':');
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw badUrl(engine, 'a % in it is not followed by two hexadecimal digits');
    }
  };
  const found = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', value = ''] = pair.split(/=(.*)/su);
    if (!parameters[engine].includes(decode(name))) {
      throw badUrl(
        engine,
        `its parameter "${decode(name)}" is not one that sqlq takes: ${parameters[engine].join(', ')}`,
      );
    }
    found.set(decode(name), decode(value));
  }
  const bare = host.startsWith('[') ? host.slice(1, -1) : decode(host);
  if (host.startsWith('[') && !isIPv6(bare)) throw badUrl(engine, `"${bare}" is no IPv6 address`);
  return {
    host: bare,
    port,
    user: decode(colon === -1 ? userInfo : userInfo.slice(0, colon)),
    password: colon === -1 ? null : decode(userInfo.slice(colon + 1)),
    database: decode(database),
    parameters: found,
  };
}

function badUrl(engine: Server, why: string): SqlqError {
  const example =
    engine === 'postgres' ? 'postgres://user@host:5432/database' : 'mysql://user@host:3306/database';
  return new SqlqError('usage', `The database URL can't be read: ${why}.`, {
    hint: `It looks like ${example}. Characters such as @ : / % in a password are written as %40 %3A %2F %25.`,
  });
}

/** Whether a host is this machine by its name or address alone. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|0:0:0:0:0:0:0:1)$/iu.test(host);
}

const modes: Readonly<Record<string, Tls['mode']>> = {
  disable: 'disable',
  disabled: 'disable',
  require: 'require',
  required: 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
};

/**
 * Encryption with verification for every host that is not this machine, unless the user says otherwise. `allow` and
 * `prefer` would fall back to plain text when somebody in between asks for it, so they are refused.
 */
async function resolveTls(
  engine: Server,
  given: ReadonlyMap<string, string>,
  isLocal: boolean,
  context: TargetContext,
): Promise<Tls> {
  const isPostgres = engine === 'postgres';
  const setting = (names: readonly string[], name: string): string | null =>
    names.map((key) => given.get(key)).find((value) => value !== undefined) ??
    (isPostgres ? variable(context.environment, name) : null);
  const wanted = setting(['sslmode', 'ssl-mode'], 'PGSSLMODE');
  const mode = wanted === null ? (isLocal ? 'disable' : 'verify-full') : modes[wanted.toLowerCase()];
  if (mode === undefined) {
    throw new SqlqError('usage', `sqlq takes no TLS mode "${wanted}".`, {
      hint: 'It takes disable, require, verify-ca and verify-full; allow and prefer would fall back to plain text.',
    });
  }
  const read = async (path: string | null): Promise<string | null> => {
    if (path === null || path === 'system') return null;
    try {
      return await context.readFile(resolve(context.workingDirectory, expandHome(path, context)));
    } catch (error) {
      throw new SqlqError('usage', `The TLS file ${path} can't be read: ${messageOf(error)}.`, {
        hint: 'Check its path and who may read it.',
      });
    }
  };
  const [ca, certificate, key] = await Promise.all([
    read(setting(['sslrootcert', 'ssl-ca'], 'PGSSLROOTCERT')),
    read(setting(['sslcert', 'ssl-cert'], 'PGSSLCERT')),
    read(setting(['sslkey', 'ssl-key'], 'PGSSLKEY')),
  ]);
  return { mode, ca, certificate, key };
}
