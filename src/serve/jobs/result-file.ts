import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { makeFolder } from '../../config/make-folder.ts';
import { SqlqError, writeFailure } from '../../errors.ts';

/** A result that is being written. */
export interface ResultFile {
  readonly writable: Writable;
  /** How much has been written. */
  bytes(): number;
  /** Writes the last of it, and puts it in its place. */
  keep(last: string): Promise<void>;
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/** The files of results, in a folder that only this user may look into; each is called by the id of its job. */
export interface ResultFiles {
  /** `reserve` says, for so many bytes in all, how many may be written; it rejects where it is too much. */
  create(id: string, reserve: (bytes: number) => Promise<number>): Promise<ResultFile>;
  /** Where a result lies. */
  pathOf(id: string): string;
  remove(id: string): Promise<void>;
  /** Removes the files of jobs of which that says so. */
  sweep(isForsaken: (id: string) => Promise<boolean>): Promise<void>;
}

const unfinished = '.part';

/** Rejects with the system's error where the folder can't be made. */
export async function openResultFiles(folder: string, mostBytes: number): Promise<ResultFiles> {
  await makeFolder(folder);
  const pathOf = (id: string): string => join(folder, id);
  const remove = async (id: string): Promise<void> => {
    await rm(pathOf(id), { force: true });
    await rm(pathOf(id) + unfinished, { force: true });
  };
  return {
    pathOf,
    remove,
    async create(id, reserve) {
      const path = pathOf(id) + unfinished;
      const file = await open(path, 'wx', 0o600);
      let bytes = 0;
      let reserved = 0;
      const append = async (chunk: Uint8Array): Promise<void> => {
        if (bytes + chunk.length > mostBytes) {
          throw tooLarge(mostBytes);
        }
        if (bytes + chunk.length > reserved) {
          reserved = await reserve(bytes + chunk.length);
        }
        bytes += chunk.length;
        await file.appendFile(chunk).catch((error: Error) => {
          throw writeFailure(error, 'the result of the job');
        });
      };
      const writable = new Writable({
        highWaterMark: 256 * 1024,
        write(chunk: Uint8Array, _encoding, done) {
          append(chunk).then(() => done(), done);
        },
        destroy(error, done) {
          file.close().then(
            () => done(error),
            (failure: Error) => done(error ?? failure),
          );
        },
      });
      return {
        writable,
        bytes: () => bytes,
        async keep(last) {
          writable.end(last);
          await finished(writable);
          await rename(path, pathOf(id));
        },
        async discard() {
          if (!writable.closed) {
            const closed = new Promise((resolve) => writable.once('close', resolve));
            writable.once('error', () => {});
            writable.destroy();
            await closed;
          }
          await remove(id);
        },
      };
    },
    async sweep(isForsaken) {
      const names = await readdir(folder);
      const ids = new Set(names.map((name) => name.replace(unfinished, '')));
      for (const id of ids) {
        if (await isForsaken(id)) {
          await remove(id);
        }
      }
    },
  };
}

function tooLarge(mostBytes: number): SqlqError {
  const megabytes = Math.floor(mostBytes / 2 ** 20).toLocaleString('en');
  return new SqlqError('limit', `The result is larger than the ${megabytes} MB that are kept of a job.`, {
    hint: 'Ask for fewer rows, or read them as they come with /run.',
  });
}
