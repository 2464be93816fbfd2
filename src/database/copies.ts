import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of copies are told by machine and process: containers may share the folder that they lie in. */
const ours = `sqlq-copies-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`;

/**
 * Makes a folder for copies of data, which its user alone can read. It is gone when this process ends or the signal aborts; where that is killed, it
 * is removed by whoever killed it, or with the next copies that somebody makes.
 */
export function copiesFolder(signal?: AbortSignal): string {
  removeLeftCopies();
  const folder = mkdtempSync(join(tmpdir(), `${ours}${process.pid}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  // A program that is ended by a signal may die of it, without an exit.
  signal?.addEventListener('abort', remove, { once: true });
  return folder;
}

/** Removes the copies of processes that are gone, of this user on this machine. */
export function removeLeftCopies(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(ours) ? Number(name.slice(ours.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isRunning(pid)) {
      try {
        rmSync(join(tmpdir(), name), { recursive: true, force: true });
      } catch {
        // Another user's, or removed by another process at this moment.
      }
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
