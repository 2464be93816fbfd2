import { chmod, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, SqlqError } from '../errors.ts';

/** A file that is written beside its place and moved there when it is whole. */
export interface OutputFile {
  /** Where to write. */
  readonly path: string;
  /** Puts it in its place. */
  keep(): Promise<void>;
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/** Prepares the writing of a file; a device or a pipe is written to directly. Throws a SqlqError `usage`. */
export async function createOutputFile(target: string): Promise<OutputFile> {
  try {
    const place = await realpath(target).catch(() => target);
    const existing = await stat(place).catch(() => null);
    if (existing?.isDirectory()) {
      throw new SqlqError('usage', `${target} is a folder.`, { hint: 'Name a file for --output.' });
    }
    if (existing !== null && !existing.isFile()) {
      return { path: place, keep: async () => {}, discard: async () => {} };
    }
    const path = join(dirname(place), `.${basename(place)}.${process.pid}.${Date.now().toString(36)}.part`);
    const mode = existing === null ? 0o666 : existing.mode & 0o777;
    await (await open(path, 'wx', mode)).close();
    // The umask may have taken away what the file had.
    if (existing !== null) {
      await chmod(path, mode);
    }
    await sweep(place);
    return {
      path,
      keep: () => rename(path, place),
      discard: () => rm(path, { force: true }),
    };
  } catch (error) {
    if (error instanceof SqlqError) {
      throw error;
    }
    throw new SqlqError('usage', `The file ${target} can't be written: ${messageOf(error)}.`, {
      hint: 'Check that its folder exists and is yours to write to.',
      cause: error,
    });
  }
}

/** How long nobody may have written to an unfinished file before it counts as left behind. */
const forsakenAfter = 60_000;

/** Removes unfinished files for this place whose process was killed; a folder may be shared with other machines. */
async function sweep(place: string): Promise<void> {
  const folder = dirname(place);
  const start = `.${basename(place)}.`;
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(start)
      ? /^(\d+)\.[\da-z]+\.part$/.exec(name.slice(start.length))?.[1]
      : undefined;
    if (pid === undefined || isRunning(Number(pid))) {
      continue;
    }
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - forsakenAfter) {
      await rm(path, { force: true }).catch(() => {});
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
