import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { SqlqError } from '../errors.ts';
import { cancelled } from '../terminal/prompt.ts';

/** So much of a file that is appended to is looked at to know what it is. */
const headSize = 4096;

/** A file that a run wants to write. */
export interface Claim {
  readonly target: string;
  /** What it will hold, in words, such as `csv` or `a report`. */
  readonly what: string;
  /** For a file that is appended to, and so loses nothing: whether one that begins so is such a file. */
  readonly continues?: (head: string) => boolean;
  /** Whether the user has said that an existing file may go. */
  readonly force: boolean;
  /** Asks the user; null where nobody can be asked. */
  readonly confirm: ((message: string) => Promise<boolean>) | null;
}

/**
 * Stands between the files that a run reads and those that it writes: none is both, by whatever path or link. Files may
 * become known in any order. Both reject with a SqlqError `usage` before anything is written.
 */
export interface FileGuard {
  /** Notes files that this run reads, and folders whose files are sqlq's own; they need not be there. */
  reads(paths: readonly string[]): Promise<void>;
  /** Where it is kept what was written: only that is known as an earlier result. */
  keepsIn(store: WrittenFiles): void;
  /** Asks for a file to write; a file that is there and no earlier result needs the user's word. */
  claim(claim: Claim): Promise<void>;
  /** Ends the claim of one file, or of all; what has been written may be replaced by the next of its kind. */
  wrote(target?: string): Promise<void>;
  /** Whether a file is none of those that this run reads, as far as they are known. */
  mayWrite(target: string): Promise<boolean>;
}

/** What is known of files that were written, by a key of their place. */
interface WrittenFiles {
  read(key: string): Promise<string | null>;
  write(key: string, note: string): Promise<void>;
}

/** A file by what it is and where it stands. */
interface Place {
  readonly path: string;
  /** Device and number; null where there is none yet. */
  readonly identity: string | null;
  /** Its path without links. */
  readonly real: string;
  readonly isFolder: boolean;
  /** How it is now; null where it is no file. */
  readonly state: string | null;
}

/** A place that was claimed, with what it will hold. */
interface Claimed extends Place {
  readonly what: string;
}

/** Makes the guard of one run; `stdout` is where its standard output goes, where that is a file. */
export function createFileGuard(stdout: { readonly dev: number; readonly ino: number } | null): FileGuard {
  const read: Place[] = [];
  let store: WrittenFiles | null = null;
  let written: Claimed[] =
    stdout === null
      ? []
      : [
          {
            path: 'Standard output',
            identity: identityOf(stdout),
            real: '',
            isFolder: false,
            state: null,
            what: '',
          },
        ];

  return {
    async reads(paths) {
      if (written.length === 0) {
        read.push(...(await Promise.all(paths.map(placeOf))));
        return;
      }
      for (const place of await Promise.all(paths.map(placeOf))) {
        read.push(place);
        const target = written.find((candidate) => isAt(candidate, place));
        if (target !== undefined) {
          throw alsoRead(target.path, place);
        }
      }
    },
    keepsIn(found) {
      store = found;
    },
    async claim({ target, what, continues, force, confirm }) {
      const place = await placeOf(target);
      const source = read.find((candidate) => isAt(place, candidate));
      if (source !== undefined) {
        throw alsoRead(target, source);
      }
      const other = written.find((candidate) => candidate.real !== '' && isAt(place, candidate));
      if (other !== undefined) {
        throw new SqlqError('usage', `${target} would be written twice, as ${other.path} too.`, {
          hint: 'Give each a file of its own.',
        });
      }
      const isEarlier = async (): Promise<boolean> =>
        (continues !== undefined && (await beginsLike(target, continues))) ||
        (await store?.read(keyOf(place))) === noteOf(place.state ?? '', what);
      if (force || (await losesNothing(target)) || (await isEarlier())) {
        written.push({ ...place, what });
        return;
      }
      const found = `${target} is there already, and is no earlier result in ${what}`;
      if (confirm === null) {
        throw new SqlqError('usage', `${found}, or was changed since.`, {
          hint:
            continues === undefined
              ? 'Name another file, or add --force to replace this one.'
              : 'Name another file: it is added to what is there, and replaces nothing.',
        });
      }
      if (!(await confirm(`${found}. Replace it?`))) {
        throw cancelled();
      }
      written.push({ ...place, what });
    },
    async wrote(target) {
      const wanted = target === undefined ? null : await placeOf(target);
      const done: Claimed[] = [];
      for (const claimed of written) {
        if (claimed.real === '' || (wanted !== null && claimed.real !== wanted.real)) {
          continue;
        }
        const now = await placeOf(claimed.path);
        done.push(claimed);
        if (now.state !== null && now.state !== claimed.state) {
          await store?.write(keyOf(now), noteOf(now.state, claimed.what));
        }
      }
      written = written.filter((claimed) => !done.includes(claimed));
    },
    async mayWrite(target) {
      const place = await placeOf(target);
      return !read.some((candidate) => isAt(place, candidate));
    },
  };
}

function identityOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev} ${ino}`;
}

async function placeOf(path: string): Promise<Place> {
  const found = await stat(path).catch(() => null);
  const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  return {
    path,
    identity: found === null ? null : identityOf(found),
    real: await realpath(path).catch(() => join(folder, basename(path))),
    isFolder: found?.isDirectory() === true,
    state: found?.isFile() === true ? stateOf(found) : null,
  };
}

/** What changes when somebody writes to a file. */
function stateOf({ size, mtimeMs }: Stats): string {
  return `${size} ${mtimeMs}`;
}

/** The name under which it is kept what was written to a place. */
function keyOf({ real }: Place): string {
  return createHash('sha256').update(real).digest('hex').slice(0, 32);
}

function noteOf(state: string, what: string): string {
  return JSON.stringify({ state, what });
}

/** Whether a file is another one, or lies in it where that is a folder. */
function isAt(place: Place, other: Place): boolean {
  if (other.isFolder) {
    return place.real.startsWith(other.real + sep);
  }
  // A file that was not there when it was claimed has no identity yet.
  return place.real === other.real || (place.identity !== null && place.identity === other.identity);
}

function alsoRead(target: string, { path, isFolder }: Place): SqlqError {
  const what = isFolder
    ? `lies in ${path}, where sqlq keeps what it needs`
    : path === target
      ? 'is a file that this run reads'
      : `is ${path}, a file that this run reads`;
  return new SqlqError('usage', `${target} ${what}: it is never written over.`, {
    hint: 'Name another file.',
  });
}

/** Whether nothing is lost with what is there: nothing, an empty file, a device. A folder is refused by whoever writes there. */
async function losesNothing(target: string): Promise<boolean> {
  try {
    const found = await stat(target);
    return !found.isFile() || found.size === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** Whether a file begins like one that is appended to. */
async function beginsLike(target: string, continues: (head: string) => boolean): Promise<boolean> {
  let file: FileHandle | null = null;
  try {
    file = await open(target, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return continues(buffer.subarray(0, bytesRead).toString('utf8'));
  } catch {
    // What can't be read is not known.
    return false;
  } finally {
    await file?.close();
  }
}
