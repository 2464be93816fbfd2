import { execFile } from 'node:child_process';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { unpackDebian } from './debian-package.ts';
import { freePort } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';
import { serverFolder, startServer } from './server-process.ts';

const run = promisify(execFile);

/** A way to start `mysqld`: the command's first words, and options that it always needs. */
interface Program {
  readonly command: readonly string[];
  readonly options: readonly string[];
}

/** MySQL's `mysqld` from the PATH (MariaDB has a program of that name too), else Debian's package, unpacked. */
async function find(): Promise<Program | null> {
  const version = await run('mysqld', ['--no-defaults', '--version']).catch(() => null);
  if (version !== null && !/mariadb/i.test(version.stdout)) {
    return { command: ['mysqld'], options: [] };
  }
  const unpacked = await unpackDebian('mysql-server-core');
  if (unpacked === null) {
    return null;
  }
  return {
    command: unpacked.command('mysqld'),
    options: [
      `--basedir=${join(unpacked.root, 'usr')}`,
      `--lc-messages-dir=${join(unpacked.root, 'usr/share/mysql')}`,
      `--plugin-dir=${join(unpacked.root, 'usr/lib/mysql/plugin')}`,
    ],
  };
}

/** The account of a server that root starts: one that owns nothing else. */
async function unprivileged(): Promise<{ readonly name: string; readonly uid: number }> {
  const { stdout } = await run('id', ['-u', 'nobody']);
  return { name: 'nobody', uid: Number(stdout) };
}

/**
 * Starts MySQL, with more options where given, in a new data folder that is deleted at the end; null where the program
 * can't be had.
 */
export async function startMysql(options: readonly string[] = []): Promise<TestServer | null> {
  const program = await find();
  if (program === null) {
    return null;
  }
  const { folder, temporary } = await serverFolder('MySQL');
  const asUser: string[] = [];
  if (process.getuid?.() === 0) {
    const { name, uid } = await unprivileged();
    asUser.push(`--user=${name}`);
    await chown(folder, uid, -1);
  }
  const [command = '', ...first] = program.command;
  const common = [
    ...first,
    '--no-defaults',
    ...program.options,
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${temporary}`,
    ...asUser,
  ];
  await run(command, [...common, '--initialize-insecure'], { maxBuffer: 64 << 20 });
  const accounts = join(folder, 'accounts.sql');
  await writeFile(
    accounts,
    "CREATE USER IF NOT EXISTS admin@'%' IDENTIFIED BY 'admin';\nGRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;\n",
  );
  await chmod(accounts, 0o644);
  const port = await freePort();
  const stop = await startServer({
    name: 'MySQL',
    command,
    folder,
    timeoutMs: 60_000,
    options: [
      ...common,
      `--init-file=${accounts}`,
      `--socket=${join(folder, 'mysql.sock')}`,
      `--pid-file=${join(folder, 'mysql.pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--mysqlx=OFF',
      // As MariaDB has it: the account's rights alone stand between a statement and the server's files.
      '--secure-file-priv=',
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-log-bin',
      '--performance-schema=OFF',
      // Functions of accounts that are not the administrator's, as tests make them.
      '--log-bin-trust-function-creators=ON',
      ...options,
    ],
    async ready() {
      const connection = await createConnection({
        host: '127.0.0.1',
        port,
        user: 'admin',
        password: 'admin',
      });
      connection.destroy();
    },
  });
  return { url: `mysql://admin:admin@127.0.0.1:${port}`, stop };
}
