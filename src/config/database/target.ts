import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServerAddress } from '../../database/dialect.ts';
import { dialectOf, dialects } from '../../database/engines.ts';
import { engineOfPath } from '../../database/file-kind.ts';
import type { FileTarget, ServerTarget, Target } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import { isLoopbackHost } from '../../model/address.ts';
import { type Environment, variable } from '../environment.ts';
import { readOptionFile, readService } from './client-file.ts';
import { dataTarget } from './data-files.ts';
import { passwordFor } from './password.ts';
import {
  first,
  placeOf,
  type ServerPlace,
  type Sources,
  said,
  takesConnections,
  variablesOf,
} from './place.ts';
import type { DatabasePlace } from './same-database.ts';
import type { ServerUrl } from './server-url.ts';
import type { TargetContext } from './target-context.ts';
import { readTls, type TlsWords, tlsMode } from './tls.ts';
import { type FileUrl, parseDatabaseUrl, schemeOf } from './url.ts';

const unsaid: Omit<ServerUrl, 'engine'> = {
  host: null,
  port: null,
  socket: null,
  user: null,
  password: null,
  database: null,
  tls: { mode: null, ca: null, certificate: null, key: null },
  others: [],
  service: null,
  ignored: [],
};

/** What is said where nothing names a database. */
export const noDatabase = 'No database is named.';

/**
 * One database, everything resolved, from a URL, a path, or the usual variables where `text` is null: DATABASE_URL, then
 * PostgreSQL's, then MySQL's. Throws a SqlqError `usage` that never shows the URL, because it may hold a password.
 */
export async function resolveTarget(text: string | null, context: TargetContext): Promise<Target> {
  const { environment } = context;
  if (text !== null) {
    return fromUrl(text, context);
  }
  const url = variable(environment, 'DATABASE_URL');
  if (url !== null) {
    return fromUrl(url, context);
  }
  for (const { name: engine, address } of dialects) {
    if (address.kind === 'file') {
      continue;
    }
    const { host, database, user, socket } = address.variables;
    const isNamed = first([...host, ...database, ...user, ...socket], environment) !== null;
    if (isNamed || serviceOf(null, address, environment) !== null) {
      return serverTarget({ engine, ...unsaid }, address, context);
    }
  }
  throw new SqlqError('usage', noDatabase, {
    hint: 'Give --db a URL (postgres://…, mysql://…, sqlite:…), a file or a name from .sqlqrc, or set DATABASE_URL. To try it out: --db sample',
  });
}

/**
 * Where an address leads, without what it takes to get in: nothing is connected to, and no password is looked for. Throws a
 * SqlqError `usage`.
 */
export async function resolvePlace(text: string, context: TargetContext): Promise<DatabasePlace> {
  const data = await dataTarget(text, context);
  if (data !== null) {
    return data;
  }
  const url = parseDatabaseUrl(text);
  if ('path' in url) {
    return fileTarget(text, url, context);
  }
  const address = serverAddress(url.engine);
  return { engine: url.engine, ...placeOf(url, address, await sourcesOf(url, address, context)) };
}

async function fromUrl(text: string, context: TargetContext): Promise<Target> {
  const data = await dataTarget(text, context);
  if (data !== null) {
    return data;
  }
  const url = parseDatabaseUrl(text);
  return 'path' in url
    ? fileTarget(text, url, context)
    : serverTarget(url, serverAddress(url.engine), context);
}

function fileTarget(text: string, { engine, path: written }: FileUrl, context: TargetContext): FileTarget {
  const path = pathOf(text, written, context);
  const isToldByFile = [null, 'file'].includes(schemeOf(text));
  return { engine: isToldByFile ? engineOfPath(path) : engine, path };
}

function serverAddress(engine: string): ServerAddress {
  const { address } = dialectOf(engine);
  if (address.kind === 'file') {
    throw new Error(`${engine} has no servers`);
  }
  return address;
}

function pathOf(text: string, written: string, { workingDirectory, homeFolder }: TargetContext): string {
  const path = /^~(?=\/|$)/u.test(written) ? homeFolder + written.slice(1) : written;
  const full = resolve(workingDirectory, path);
  // With three slashes, programs differ on whether the path is of this folder: what is there decides.
  const other = /^[\w+]+:\/\/\/(?!\/)/u.test(text) ? resolve(workingDirectory, path.slice(1)) : full;
  return !existsSync(full) && existsSync(other) ? other : full;
}

async function serverTarget(
  url: ServerUrl,
  address: ServerAddress,
  context: TargetContext,
): Promise<ServerTarget> {
  const { engine } = url;
  const sources = await sourcesOf(url, address, context);
  const place = await answering(url, placeOf(url, address, sources), context);
  const isLocal = place.socket !== null || isLoopbackHost(place.host);
  const tls = await resolveTls(url.tls, (field) => said(field, sources), isLocal, context);
  const password = url.password ?? (await passwordFor(place, url, address, sources, context));
  if (url.ignored.length > 0) {
    context.detail?.(`The address says ${url.ignored.join(', ')}, which mean nothing to sqlq.`);
  }
  return { engine, ...place, password, tls };
}

/** The service that a URL or the environment names. */
function serviceOf(
  url: ServerUrl | null,
  { clientFile }: ServerAddress,
  environment: Environment,
): string | null {
  if (clientFile !== 'pg_service.conf') {
    return null;
  }
  return url?.service ?? variable(environment, 'PGSERVICE');
}

async function sourcesOf(
  url: ServerUrl,
  address: ServerAddress,
  { environment, homeFolder }: TargetContext,
): Promise<Sources> {
  const service = serviceOf(url, address, environment);
  return {
    service: service === null ? {} : await readService(service, address, environment, homeFolder),
    variables: variablesOf(address, environment),
    optionFile: address.clientFile === '.my.cnf' ? await readOptionFile(address, homeFolder) : {},
    login: first(['USER', 'LOGNAME', 'USERNAME'], environment),
  };
}

/** The first of several hosts that takes a connection. Throws where none does, with all their names. */
async function answering(
  { others }: ServerUrl,
  place: ServerPlace,
  context: TargetContext,
): Promise<ServerPlace> {
  if (others.length === 0 || place.socket !== null) {
    return place;
  }
  const places = [
    place,
    ...others.map(({ host, port }) => ({
      ...place,
      host: host ?? place.host,
      port: port === null ? place.port : Number(port),
    })),
  ];
  for (const one of places) {
    if (!(await takesConnections(one))) {
      continue;
    }
    context.detail?.(`Of several hosts, ${one.host}:${one.port} answers.`);
    return one;
  }
  const names = places.map(({ host, port }) => `${host}:${port}`).join(', ');
  throw new SqlqError('failed', `No server answers at any of ${names}.`, {
    hint: 'Check the hosts and ports in the database URL, and that the database runs on one of them.',
  });
}

/** What the URL says, else the setting, else the variables; a found file may ask for more protection, never for less. */
async function resolveTls(
  url: TlsWords,
  said: (field: keyof TlsWords) => string | null,
  isLocal: boolean,
  context: TargetContext,
): Promise<ServerTarget['tls']> {
  const untrusted = context.untrusted ?? null;
  const told = url.mode ?? context.tls ?? null;
  const words: TlsWords = {
    mode: told ?? said('mode'),
    ca: url.ca ?? said('ca'),
    certificate: url.certificate ?? said('certificate'),
    key: url.key ?? said('key'),
  };
  const mode = tlsMode(words, isLocal);
  if (untrusted !== null && told !== null && !isLocal && mode !== 'verify-full') {
    throw new SqlqError(
      'usage',
      `${untrusted} asks for the TLS mode "${told}", which checks less than usual.`,
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
