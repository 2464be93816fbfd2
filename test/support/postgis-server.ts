import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';

const run = promisify(execFile);
const servers = '/usr/lib/postgresql';

/** The folder of the programs of a PostgreSQL of this machine that has PostGIS; null where there is none. */
export async function findPostgis(): Promise<string | null> {
  const versions = await readdir(servers).catch(() => []);
  const found = versions.find((version) =>
    existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`),
  );
  return found === undefined ? null : join(servers, found, 'bin');
}

/** Starts that PostgreSQL in a new cluster that is deleted at the end. Debian's packages have it: `postgresql-postgis`. */
export async function startPostgis(programs: string): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-postgis-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    // Its account came with the package.
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), (await stat(folder)).gid);
  }
  await chmod(folder, 0o755);
  const start = (program: string, ...argv: readonly string[]) => {
    const path = join(programs, program);
    return asRoot
      ? run('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path, ...argv])
      : run(path, [...argv]);
  };
  await start(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  );
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  await start('pg_ctl', '-D', data, '-o', settings, '-l', join(folder, 'log'), '-w', 'start');
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}`,
    async stop() {
      await start('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
