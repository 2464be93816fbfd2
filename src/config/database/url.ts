import { fileURLToPath } from 'node:url';
import type { ServerAddress } from '../../database/dialect.ts';
import { dialects } from '../../database/engines.ts';
import { engineByName } from '../../database/file-kind.ts';
import { isConninfo, readConninfo } from './conninfo.ts';
import { isForeignForm, plainUrl } from './foreign-forms.ts';
import { fromFields, orNull, type Place, readParameters, type ServerUrl } from './server-url.ts';
import { unknownParameter, wrong } from './url-error.ts';

/** What the URL of a file or a bare path says. */
export interface FileUrl {
  /** The name of its engine; of a bare path or a `file:` URL that which its name tells, and the file may tell otherwise. */
  readonly engine: string;
  /** As it was written: may be relative. */
  readonly path: string;
}

/** The scheme of a URL, case folded; null for a bare path or name, a drive letter included. */
export function schemeOf(text: string): string | null {
  return /^([a-z][a-z0-9+.-]+):/iu.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** Whether a text is an address, and no name or path: a URL, libpq's `host=… dbname=…`, a form of Go's, PHP's or .NET's. */
export function isAddress(text: string): boolean {
  return schemeOf(text) !== null || isConninfo(text) || isForeignForm(text);
}

/**
 * Takes a database URL apart. Throws a SqlqError `usage` that never shows the URL, since it may hold a password in an
 * unexpected place.
 */
export function parseDatabaseUrl(text: string): ServerUrl | FileUrl {
  if (/[\0\r\n]/u.test(text)) {
    throw wrong('holds a line break or a NUL.');
  }
  const conninfo =
    isConninfo(text) && !isForeignForm(text)
      ? serverWith(({ clientFile }) => clientFile === 'pg_service.conf')
      : null;
  if (conninfo !== null) {
    return fromFields(conninfo.engine, conninfo.address, readConninfo(text, conninfo.address));
  }
  return parseUrl(plainForm(text));
}

/** A URL as other programs write it, as one of ours. */
function plainForm(text: string): string {
  const url = plainUrl(text);
  // JDBC may name a database of this machine alone.
  return url === text
    ? url
    : url.replace(/^([a-z0-9]+):(?!\/)(?=[^:]*$)/iu, (whole, scheme: string) =>
        serverWith(({ schemes }) => schemes.includes(scheme.toLowerCase())) === null
          ? whole
          : `${scheme}:///`,
      );
}

/** The first engine with servers whose address is like that; null where there is none. */
function serverWith(
  isLike: (address: ServerAddress) => boolean,
): { readonly engine: string; readonly address: ServerAddress } | null {
  for (const { name: engine, address } of dialects) {
    if (address.kind === 'server' && isLike(address)) {
      return { engine, address };
    }
  }
  return null;
}

function parseUrl(text: string): ServerUrl | FileUrl {
  const scheme = schemeOf(text);
  if (scheme === null) {
    return { engine: engineByName(text), path: text };
  }
  if (scheme === 'file') {
    const path = filePath(text);
    return fileUrl(engineByName(path.replace(/\?.*$/su, '')), fileExample, path);
  }
  const found = dialects.find(({ address }) => address.schemes.includes(scheme));
  if (found === undefined) {
    throw wrong(`begins with "${scheme}:", which sqlq does not know.`, schemesHint());
  }
  const { address, name: engine } = found;
  const rest = text.slice(scheme.length + 1);
  return address.kind === 'file'
    ? fileUrl(
        engine,
        `${address.schemes[0] ?? ''}:shop${address.endings[0] ?? ''}`,
        rest.replace(/^\/\/(?=.)/u, ''),
      )
    : parseServerUrl(engine, address, rest);
}

function schemesHint(): string {
  const servers = dialects.flatMap(({ address }) =>
    address.kind === 'server' ? address.shownSchemes.map((scheme) => `${scheme}://`) : [],
  );
  const files = dialects.flatMap(({ address }) =>
    address.kind === 'file' ? [`${address.schemes[0] ?? ''}:`] : [],
  );
  return `Begin it with ${servers.join(', ')} or ${files.join(' or ')}, or give the path of a file.`;
}

function fileUrl(engine: string, example: string, path: string): FileUrl {
  const [file = '', query = ''] = path.split(/\?(.*)/su);
  if (file === '') {
    throw wrong('names no file.', `Write it as ${example}.`);
  }
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', value = ''] = pair.split('=', 2);
    // What says how another program opens it; sqlq opens it to read alone.
    const harmless =
      /^(?:cache|timeout|check_same_thread|connection_limit|socket_timeout|foreign_keys|_\w+)$/u;
    if (!harmless.test(name) && `${name}=${value}` !== 'mode=ro') {
      throw unknownParameter(name, []);
    }
  }
  return { engine, path: file };
}

const fileExample = 'file:///folder/shop.sqlite';

function filePath(text: string): string {
  if (!text.startsWith('file://')) {
    return text.slice('file:'.length);
  }
  const [path = '', query = ''] = text.split(/(\?.*)/su);
  try {
    return fileURLToPath(path) + query;
  } catch (error) {
    throw wrong('is no path of this machine.', `Write it as ${fileExample}.`, error);
  }
}

/**
 * The grammar of libpq's connection URIs: `//user:password@host:port/database?name=value`, hosts with commas between them.
 * The user part ends at the last `@` before the first `/`, so an `@` in a password may stand as it is.
 */
function parseServerUrl(engine: string, address: ServerAddress, rest: string): ServerUrl {
  const match = /^\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/su.exec(rest);
  if (match === null) {
    throw wrong('lacks its //.', `Write it as ${engine}://user@host/database.`);
  }
  const [, authority = '', path = '', query = ''] = match;
  const at = authority.lastIndexOf('@');
  const userPart = at < 0 ? '' : authority.slice(0, at);
  const places = authority
    .slice(at + 1)
    .split(',')
    .map(parsePlace);
  const colon = userPart.indexOf(':');
  const said = readParameters(address, pairsOf(query));
  return fromFields(engine, address, {
    ...said,
    places: said.places ?? places,
    user: said.user ?? decode(colon < 0 ? userPart : userPart.slice(0, colon)),
    password: colon < 0 ? said.password : decode(userPart.slice(colon + 1)),
    database: said.database ?? decode(path),
    port: said.port,
  });
}

function parsePlace(text: string): Place {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/su.exec(text);
  if (match === null) {
    throw wrong('has a host that is none.', 'Put an IPv6 address in brackets.');
  }
  const [, address, name = '', port] = match;
  if (address !== undefined && !/^[\da-f:.]+(?:%25?[\w.-]+)?$/iu.test(address)) {
    throw wrong('has a host in brackets that is no IPv6 address.');
  }
  const host = address ?? decode(name);
  if (/[\s\0]/u.test(host)) {
    throw wrong('has a host with a space in it.');
  }
  return { host: orNull(host), port: orNull(port) };
}

function pairsOf(query: string): readonly (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return [
        decode(equals < 0 ? pair : pair.slice(0, equals)),
        decode(equals < 0 ? '' : pair.slice(equals + 1)),
      ];
    });
}

function decode(text: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch (error) {
    throw wrong('has a % that begins no character.', 'Write a % of a password as %25.', error);
  }
  if (plain.includes('\0')) {
    throw wrong('holds a NUL.');
  }
  return plain;
}
