import { execFile } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerTarget } from '../../src/database/target.ts';
import { unpackDebian } from './debian-package.ts';
import { freePort } from './free-port.ts';
import { connectTo } from './postgres-engine.ts';
import { startServer } from './server-process.ts';

const run = promisify(execFile);

/** When a pooler gives the server's connection to the next client. */
export type PoolMode = 'session' | 'transaction' | 'statement';

export interface Pooler {
  /** The server, through the pooler. */
  readonly target: ServerTarget;
  stop(): Promise<void>;
}

/** Which PgBouncer: that of this machine's PATH, or the newest of Debian, unpacked. */
export type PgbouncerSource = 'installed' | 'newest';

/** The first words of the command that runs PgBouncer; null where it can't be had. */
async function find(source: PgbouncerSource): Promise<readonly string[] | null> {
  if (source === 'newest') {
    return (await unpackDebian('pgbouncer'))?.command('pgbouncer') ?? null;
  }
  return (await installed()) ?? ((await install()) ? await installed() : null);
}

/** The machine's own. Debian has it where only root's PATH leads. */
async function installed(): Promise<readonly string[] | null> {
  for (const program of ['pgbouncer', '/usr/sbin/pgbouncer']) {
    if ((await run(program, ['--version']).catch(() => null)) !== null) {
      return [program];
    }
  }
  return null;
}

/** Takes it from Debian's packages where the user may install them. */
async function install(): Promise<boolean> {
  if (process.getuid?.() !== 0) {
    return false;
  }
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 << 20 };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'pgbouncer'], options);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts PgBouncer before a server, with one connection to it; null where the program can't be had. `settings` are
 * lines of its file, such as `default_pool_size = 2`.
 */
export async function startPgbouncer(
  source: PgbouncerSource,
  server: ServerTarget,
  mode: PoolMode,
  settings: readonly string[] = [],
): Promise<Pooler | null> {
  const program = await find(source);
  if (program === null) {
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const users = join(folder, 'users');
  await writeFile(users, `"${server.user}" "${server.password ?? ''}"\n`);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    [
      '[databases]',
      `* = host=${server.host} port=${server.port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'auth_type = trust',
      `auth_file = ${users}`,
      `pool_mode = ${mode}`,
      'default_pool_size = 1',
      'logfile =',
      'pidfile =',
      'unix_socket_dir =',
      // It does not run as root.
      ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
      ...settings,
      '',
    ].join('\n'),
  );
  const [command = '', ...first] = program;
  const target: ServerTarget = { ...server, host: '127.0.0.1', port };
  const stop = await startServer({
    name: 'PgBouncer',
    command,
    options: [...first, file],
    folder,
    timeoutMs: 20_000,
    ready: async () => (await connectTo(target)).end(),
  });
  return { target, stop };
}
