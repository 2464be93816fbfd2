import { once } from 'node:events';
import { connect } from 'node:net';
import type { ServerTarget } from '../src/database/target.ts';
import { messageOf } from '../src/errors.ts';
import { startMariadb } from '../test/support/mariadb-server.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { LackingError } from './needs.ts';

/** A server to measure on, and what ends it. */
export interface Server {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The server that SQLQ_TEST_POSTGRES names, or a new one; throws LackingError where none starts. */
export async function postgresServer(): Promise<Server> {
  const given = process.env['SQLQ_TEST_POSTGRES'];
  if (given) {
    return runningServer(given);
  }
  return startPostgres().catch((error) => {
    throw notStarted('a PostgreSQL that SQLQ_TEST_POSTGRES=postgres://… names', error);
  });
}

/** The server that SQLQ_TEST_MARIADB names, or a new one; throws LackingError where there is none. */
export async function mariadbServer(): Promise<Server> {
  const given = process.env['SQLQ_TEST_MARIADB'];
  if (given) {
    return runningServer(given);
  }
  const need = 'mariadbd on the PATH, or a server that SQLQ_TEST_MARIADB=mysql://… names';
  const server = await startMariadb().catch((error) => {
    throw notStarted(need, error);
  });
  if (server === null) {
    throw new LackingError(`It needs ${need}.`);
  }
  return server;
}

/** An error of several lines, in one. */
function notStarted(need: string, error: unknown): LackingError {
  const why = messageOf(error).replaceAll(/\s+/gu, ' ').trim().slice(0, 200);
  return new LackingError(`It needs ${need}, as none starts here: ${why}`);
}

/** A server that runs already; throws LackingError where none answers. */
export async function runningServer(url: string): Promise<Server> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect').catch((error) => {
    throw new LackingError(`No server answers at ${hostname}:${port}: ${messageOf(error)}`);
  });
  socket.destroy();
  return { url, stop: async () => {} };
}

/** A database of a server on this machine. */
export function targetOf(engine: 'postgres' | 'mysql', url: URL, database: string): ServerTarget {
  return {
    engine,
    host: url.hostname,
    port: Number(url.port),
    socket: null,
    user: url.username,
    password: url.password,
    database,
    tls: { mode: 'disable', ca: null, certificate: null, key: null },
  };
}

/** The address of one database of a server, with all else that the server's URL says. */
export function urlOf(server: Server, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}
