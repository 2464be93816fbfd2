import { connect } from 'node:net';
import type { ServerAddress, ServerField } from '../../database/dialect.ts';
import type { ServerTarget } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import { isLoopbackHost } from '../../model/address.ts';
import { type Environment, variable } from '../environment.ts';
import type { ClientSettings } from './client-file.ts';
import type { ServerUrl } from './server-url.ts';

/** Where a server is, and as whom one comes to it. */
export type ServerPlace = Pick<ServerTarget, 'host' | 'port' | 'socket' | 'user' | 'database'>;

/** What fills in what a URL leaves out, the first that says it. */
export interface Sources {
  readonly service: ClientSettings;
  readonly variables: ClientSettings;
  readonly optionFile: ClientSettings;
  /** Whoever is logged in. */
  readonly login: string | null;
}

/** How long a host may take to answer where there are several, in milliseconds. */
const longestWait = 3000;

/** What the environment says of a server. Throws a SqlqError `usage` for a port that is none. */
export function variablesOf({ variables }: ServerAddress, environment: Environment): ClientSettings {
  const settings: Partial<Record<ServerField | 'password', string>> = {};
  for (const field of Object.keys(variables) as (keyof typeof variables)[]) {
    const text = first(variables[field], environment);
    if (text !== null) {
      settings[field] = text;
    }
  }
  if (settings.port !== undefined) {
    portOf(settings.port, variables.port.join(' or '));
  }
  return settings;
}

/** What the sources say of a field. */
export function said(field: ServerField, { service, variables, optionFile }: Sources): string | null {
  return service[field] ?? variables[field] ?? optionFile[field] ?? null;
}

/** The place that a URL leads to, the sources filling in what it leaves out. */
export function placeOf(
  url: Pick<ServerUrl, 'host' | 'port' | 'socket' | 'user' | 'database'>,
  address: ServerAddress,
  sources: Sources,
): ServerPlace {
  // Where the URL names a place, the sources' place is another one.
  const namesPlace = url.host !== null || url.socket !== null;
  const otherHost = namesPlace ? null : said('host', sources);
  const folder = address.hostMayBeFolder && otherHost?.startsWith('/') ? otherHost : null;
  const host = url.host ?? (folder === null ? otherHost : null) ?? 'localhost';
  const socket = url.socket ?? folder ?? (namesPlace || otherHost !== null ? null : said('socket', sources));
  const port = said('port', sources);
  const user = url.user ?? said('user', sources) ?? sources.login ?? address.defaultUser;
  return {
    host,
    port: url.port ?? (port === null ? null : portOf(port, 'The port')) ?? address.defaultPort,
    socket,
    user,
    database: url.database ?? said('database', sources) ?? (address.databaseIsUser ? user : null),
  };
}

/** Whether two places are the same server, as far as their names say it. */
export function isSameServer(
  a: Pick<ServerPlace, 'host' | 'port' | 'socket'>,
  b: Pick<ServerPlace, 'host' | 'port' | 'socket'>,
): boolean {
  if (a.socket !== null || b.socket !== null) {
    return a.socket === b.socket && a.port === b.port;
  }
  return a.port === b.port && isSameHost(a.host, b.host);
}

/** Whether two hosts are the same by their names. */
export function isSameHost(a: string, b: string): boolean {
  const [left, right] = [a, b].map((host) => host.toLowerCase().replace(/\.$/u, ''));
  return left === right || (isLoopbackHost(a) && isLoopbackHost(b));
}

/** Whether a server takes a connection. */
export function takesConnections({ host, port }: Pick<ServerPlace, 'host' | 'port'>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: longestWait });
    const end = (answers: boolean) => (): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}

/** The first of some variables that is set. */
export function first(names: readonly string[], environment: Environment): string | null {
  for (const name of names) {
    const value = variable(environment, name);
    if (value !== null) {
      return value;
    }
  }
  return null;
}

function portOf(text: string, what: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) {
    return port;
  }
  throw new SqlqError('usage', `${what} is "${text}", which is no port.`, {
    hint: 'A port is a number from 1 to 65535.',
  });
}
