import { fileURLToPath } from 'node:url';
import type { ServerAddress, ServerField } from '../database/dialect.ts';
import { dialects } from '../database/engines.ts';
import { SqlqError } from '../errors.ts';
import type { TlsWords } from './tls.ts';

/** What a database URL of a server says; null where it says nothing. */
export interface ServerUrl {
  /** The name of its engine. */
  readonly engine: string;
  readonly host: string | null;
  readonly port: number | null;
  /** Path of a unix socket, of its folder for PostgreSQL. */
  readonly socket: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  readonly tls: TlsWords;
}

/** What the URL of a file or a bare path says. */
export interface FileUrl {
  /** The name of its engine. */
  readonly engine: string;
  /** As it was written: may be relative. */
  readonly path: string;
}

/** The scheme of a URL, case folded; null for a bare path or name, a drive letter included. */
export function schemeOf(text: string): string | null {
  return /^([a-z][a-z0-9+.-]+):/iu.exec(text)?.[1]?.toLowerCase() ?? null;
}

/**
 * Takes a database URL apart. Throws a SqlqError `usage` that never shows the URL, since it may hold a password in an
 * unexpected place.
 */
export function parseDatabaseUrl(text: string): ServerUrl | FileUrl {
  if (/[\0\r\n]/u.test(text)) throw wrong('holds a line break or a NUL.');
  const scheme = schemeOf(text);
  const found = dialects.find(({ address }) =>
    scheme === null || scheme === 'file'
      ? address.kind === 'file' && address.takesPaths
      : address.schemes.includes(scheme),
  );
  if (found === undefined) throw wrong(`begins with "${scheme}:", which sqlq does not know.`, schemesHint());
  const { address, name: engine } = found;
  if (scheme === null) return { engine, path: text };
  if (scheme === 'file') return fileUrl(engine, address.schemes, filePath(text));
  const rest = text.slice(scheme.length + 1);
  return address.kind === 'file'
    ? fileUrl(engine, address.schemes, rest.replace(/^\/\/(?=.)/u, ''))
    : parseServerUrl(engine, address, rest);
}

function schemesHint(): string {
  const servers = dialects.flatMap(({ address }) =>
    address.kind === 'server' ? address.shownSchemes.map((scheme) => `${scheme}://`) : [],
  );
  const files = dialects.flatMap(({ address }) =>
    address.kind === 'file' ? [`${address.schemes[0] ?? ''}:`] : [],
  );
  return `Begin it with ${servers.join(', ')} or ${files.join(' or ')}, or give the path of a SQLite file.`;
}

function fileUrl(engine: string, [scheme = '']: readonly string[], path: string): FileUrl {
  if (path === '') throw wrong('names no file.', `Write it as ${scheme}:shop.sqlite.`);
  const parameter = path.split('?', 2)[1]?.split(/[=&]/u)[0];
  if (parameter !== undefined) throw unknownParameter(parameter, []);
  return { engine, path };
}

function filePath(text: string): string {
  const [path = '', query] = text.split(/\?(.*)/su);
  if (query !== undefined) throw unknownParameter(query.split(/[=&]/u)[0] ?? '', []);
  if (!path.startsWith('file://')) return path.slice('file:'.length);
  try {
    return fileURLToPath(path);
  } catch (error) {
    throw wrong('is no path of this machine.', 'Write it as file:///folder/shop.sqlite.', error);
  }
}

/**
 * The grammar of libpq's connection URIs, one host alone: `//user:password@host:port/database?name=value`. The user part
 * ends at the last `@` before the first `/`, so an `@` in a password may stand as it is.
 */
function parseServerUrl(engine: string, address: ServerAddress, rest: string): ServerUrl {
  const match = /^\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/su.exec(rest);
  if (match === null) throw wrong('lacks its //.', `Write it as ${engine}://user@host/database.`);
  const [, authority = '', path = '', query = ''] = match;
  const at = authority.lastIndexOf('@');
  const userPart = at < 0 ? '' : authority.slice(0, at);
  const place = parsePlace(authority.slice(at + 1));
  const colon = userPart.indexOf(':');
  const fields = readParameters(address.parameters, query);
  const host = fields.host ?? place.host;
  const port = fields.port ?? place.port;
  if (port !== null && !(/^\d{1,5}$/u.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw wrong(
      'has a port that is no number from 1 to 65535.',
      'A password with /, ?, # or : in it has to be percent-encoded: %2F, %3F, %23, %3A.',
    );
  }
  if (host?.includes(',')) throw wrong('names several hosts.', 'Name one of them.');
  const folder = address.hostMayBeFolder && host?.startsWith('/') ? host : null;
  return {
    engine,
    host: folder === null ? orNull(host) : null,
    port: port === null ? null : Number(port),
    socket: folder ?? fields.socket ?? null,
    user: orNull(fields.user ?? decode(colon < 0 ? userPart : userPart.slice(0, colon))),
    password: colon < 0 ? null : orNull(decode(userPart.slice(colon + 1))),
    database: orNull(fields.database ?? decode(path)),
    tls: {
      mode: fields.mode ?? null,
      ca: fields.ca ?? null,
      certificate: fields.certificate ?? null,
      key: fields.key ?? null,
    },
  };
}

function parsePlace(text: string): { readonly host: string | null; readonly port: string | null } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/su.exec(text);
  if (match === null) throw wrong('has a host that is none.', 'Put an IPv6 address in brackets.');
  const [, address, name = '', port] = match;
  if (address !== undefined && !/^[\da-f:.]+(?:%25?[\w.-]+)?$/iu.test(address)) {
    throw wrong('has a host in brackets that is no IPv6 address.');
  }
  const host = address ?? decode(name);
  if (/[\s\0]/u.test(host)) throw wrong('has a host with a space in it.');
  return { host: orNull(host), port: orNull(port) };
}

function readParameters(
  known: ServerAddress['parameters'],
  query: string,
): Partial<Readonly<Record<ServerField, string>>> {
  const fields: Partial<Record<ServerField, string>> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const field = Object.hasOwn(known, name) ? known[name] : undefined;
    if (field === undefined) throw unknownParameter(name, Object.keys(known));
    if (fields[field] !== undefined) throw wrong(`gives the parameter "${name}" twice.`);
    fields[field] = decode(equals < 0 ? '' : pair.slice(equals + 1));
  }
  return fields;
}

function decode(text: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch (error) {
    throw wrong('has a % that begins no character.', 'Write a % of a password as %25.', error);
  }
  if (plain.includes('\0')) throw wrong('holds a NUL.');
  return plain;
}

function orNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function unknownParameter(name: string, known: readonly string[]): SqlqError {
  // What is no plain word may be the rest of a password.
  const shown = /^[A-Za-z][\w-]{0,30}$/u.test(name) ? `"${name}"` : 'that is none';
  return wrong(
    `has a parameter ${shown} that sqlq does not pass on.`,
    known.length === 0 ? 'Leave it out.' : `These pass: ${known.join(', ')}.`,
  );
}

function wrong(problem: string, hint?: string, cause?: unknown): SqlqError {
  // A URIError or ERR_INVALID_URL holds the text itself, so its name alone is kept.
  const kept = cause instanceof Error ? new Error(cause.name) : undefined;
  return new SqlqError('usage', `The database URL ${problem}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(kept === undefined ? {} : { cause: kept }),
  });
}
