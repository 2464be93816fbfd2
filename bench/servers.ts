import type { ServerTarget } from '../src/database/target.ts';
import { startMariadb } from '../test/support/mariadb-server.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

/** A server to measure on, and what ends it. */
export interface Server {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The server that SQLQ_TEST_POSTGRES names, or a new one. */
export async function postgresServer(): Promise<Server> {
  const given = process.env['SQLQ_TEST_POSTGRES'];
  return given ? { url: given, stop: async () => {} } : startPostgres();
}

/** The server that SQLQ_TEST_MARIADB names, or a new one; null where mariadbd is not on the PATH. */
export async function mariadbServer(): Promise<Server | null> {
  const given = process.env['SQLQ_TEST_MARIADB'];
  const server = given ? { url: given, stop: async () => {} } : await startMariadb();
  if (server === null) {
    console.log('MariaDB: mariadbd is not on the PATH');
  }
  return server;
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
