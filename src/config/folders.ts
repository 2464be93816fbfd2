import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { TextStore } from '../schema/cache.ts';
import { type Environment, variable } from './environment.ts';
import { makeFolder } from './make-folder.ts';

/** Where this program keeps things, by the XDG base directory specification. */
export interface Folders {
  readonly config: string;
  readonly cache: string;
  readonly state: string;
}

/** The folders of a user. The specification has a relative path ignored: it would be another one in every folder. */
export function foldersOf(environment: Environment, homeFolder: string): Folders {
  const place = (name: string, ...fallback: readonly string[]): string => {
    const base = variable(environment, name);
    return join(base !== null && isAbsolute(base) ? base : join(homeFolder, ...fallback), 'sqlq');
  };
  return {
    config: place('XDG_CONFIG_HOME', '.config'),
    cache: place('XDG_CACHE_HOME', '.cache'),
    state: place('XDG_STATE_HOME', '.local', 'state'),
  };
}

/**
 * Writes a file that only its user may read, in a folder that only its user may enter, whole or not at all. The system takes it
 * into its memory sooner than another thread would be asked to.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (!existsSync(dirname(path))) {
    await makeFolder(dirname(path));
  }
  const part = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  try {
    writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** A store of small private texts in a folder. What can't be kept is lost, and is made again. */
export function privateStore(folder: string): TextStore {
  const pathOf = (key: string): string => join(folder, `${key}.json`);
  let isPrivate = false;
  return {
    async read(key) {
      // Most that is looked for once is not there, and an error is long to make.
      return existsSync(pathOf(key)) ? readFile(pathOf(key), 'utf8').catch(() => null) : null;
    },
    async write(key, text) {
      try {
        await writePrivateFile(pathOf(key), text);
        if (!isPrivate) {
          await chmod(folder, 0o700);
          isPrivate = true;
        }
      } catch {
        // A read-only or full home must not keep anybody from their answer.
      }
    },
  };
}

/** A store that keeps nothing, where there is no place for it. */
export const noStore: TextStore = { read: async () => null, write: async () => {} };

/** As `privateStore`, in a folder of its own that holds no more than the newest texts. */
export function cappedStore(folder: string, most: number): TextStore {
  const store = privateStore(folder);
  /** So many more texts find room, as far as this process knows. */
  let room = 0;
  return {
    read: store.read,
    async write(key, text) {
      await store.write(key, text);
      if (room > 0) {
        room -= 1;
        return;
      }
      room = await dropOldest(folder, most).catch(() => 0);
    },
  };
}

/** Of the most that a folder holds, so much is made free at once: to look at all of them for each text would take long. */
const shareMadeFree = 1 / 10;

/** Drops what is too much; resolves to how many texts find room then. */
async function dropOldest(folder: string, most: number): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length <= most) {
    return most - names.length;
  }
  const aged = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), time: (await stat(join(folder, name))).mtimeMs })),
  );
  const free = Math.floor(most * shareMadeFree);
  const old = aged.sort((a, b) => b.time - a.time).slice(most - free);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
  return free;
}

/** A random text that is made once and never leaves this installation. */
export async function installationSalt(store: TextStore): Promise<string> {
  const found = await store.read('salt');
  if (found !== null && found.length >= 32) {
    return found;
  }
  const salt = randomBytes(24).toString('hex');
  await store.write('salt', salt);
  return salt;
}
