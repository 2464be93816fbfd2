import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Debian keeps programs that only its administrators start. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];

/**
 * The path of a program that a package of Debian brings; the package is installed where it lacks and the tests run as
 * root, as in CI. Null where it can't be had.
 */
export async function debianProgram(program: string, packageName: string): Promise<string | null> {
  const found = await find(program);
  if (found !== null || process.getuid?.() !== 0) {
    return found;
  }
  // Test files run at the same time, and apt does not wait for another apt everywhere. On its first runlevel a package starts
  // no service.
  const install = `apt-get -qq update && apt-get -qq install -y --no-install-recommends ${packageName}`;
  await run('flock', ['/tmp/sqlq-apt.lock', 'sh', '-c', install], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    timeout: 600_000,
    maxBuffer: 64 << 20,
  }).catch(() => {});
  return find(program);
}

async function find(program: string): Promise<string | null> {
  for (const folder of folders) {
    const path = join(folder, program);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) {
      return path;
    }
  }
  return null;
}
