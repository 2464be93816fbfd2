import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';
import { serverFolder, startServer } from './server-process.ts';

const run = promisify(execFile);

async function find(program: string): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    const path = join(folder, program);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/** `mariadbd` from the PATH, else from Debian's packages where the user may install them; null where neither is. */
async function findOrInstall(): Promise<string | null> {
  const found = await find('mariadbd');
  if (found !== null) {
    return found;
  }
  if (process.getuid?.() !== 0 || (await find('apt-get')) === null) {
    return null;
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env: environment });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'mariadb-server'], {
    env: environment,
    maxBuffer: 64 << 20,
  });
  return find('mariadbd');
}

/**
 * Starts MariaDB, with more options where given, in a new data folder that is deleted at the end; null where the
 * program can't be had.
 */
export async function startMariadb(options: readonly string[] = []): Promise<TestServer | null> {
  const program = await findOrInstall();
  if (program === null) {
    return null;
  }
  const { folder, temporary } = await serverFolder('MariaDB');
  const data = join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  await run(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...asUser,
    ],
    { env: { ...process.env, TMPDIR: temporary } },
  );
  const port = await freePort();
  const stop = await startServer({
    name: 'MariaDB',
    command: program,
    folder,
    timeoutMs: 30_000,
    options: [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${join(folder, 'mariadb.sock')}`,
      `--pid-file=${join(folder, 'mariadb.pid')}`,
      `--tmpdir=${temporary}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--character-set-server=utf8mb4',
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-log-bin',
      '--performance-schema=OFF',
      ...asUser,
      ...options,
    ],
    ready: () =>
      run('mariadb', [
        '--no-defaults',
        '-h127.0.0.1',
        `-P${port}`,
        '-uroot',
        '-e',
        "CREATE USER IF NOT EXISTS admin@'%' IDENTIFIED BY 'admin'; GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION",
      ]),
  });
  return { url: `mysql://admin:admin@127.0.0.1:${port}`, stop };
}
