import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, SqlqError } from '../../errors.ts';

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
    if (existing?.isDirectory())
      throw new SqlqError('usage', `${target} is a folder.`, { hint: 'Name a file for --output.' });
    if (existing !== null && !existing.isFile())
      return { path: place, keep: async () => {}, discard: async () => {} };
    const path = join(dirname(place), `.${basename(place)}.${process.pid}.${Date.now().toString(36)}.part`);
    const mode = existing === null ? 0o666 : existing.mode & 0o777;
    await (await open(path, 'wx', mode)).close();
    // The umask may have taken away what the file had.
    if (existing !== null) await chmod(path, mode);
    return {
      path,
      keep: () => rename(path, place),
      discard: () => rm(path, { force: true }),
    };
  } catch (error) {
    if (error instanceof SqlqError) throw error;
    throw new SqlqError('usage', `The file ${target} can't be written: ${messageOf(error)}.`, {
      hint: 'Check that its folder exists and is yours to write to.',
      cause: error,
    });
  }
}
