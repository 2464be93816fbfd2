import { access, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Settings } from '../settings/schema.ts';
import { settingsNames } from './file-names.ts';

/** A settings file as it was found. */
export interface SettingsFile {
  readonly path: string;
  readonly settings: Settings;
}

/** The settings file of the first of some folders that has one; null where none does. */
export async function findSettings(folders: readonly string[]): Promise<SettingsFile | null> {
  const path = await firstFile(folders);
  if (path === null) {
    return null;
  }
  // The schema and the parsers are not loaded to find nothing.
  const { readSettings } = await import('./read-settings.ts');
  return { path, settings: await readSettings(path) };
}

/** The settings file at a path, whatever it is called. Throws a SqlqError `usage` where it can't be read. */
export async function settingsAt(path: string): Promise<SettingsFile> {
  const { readSettings } = await import('./read-settings.ts');
  return { path, settings: await readSettings(path, 'named') };
}

/**
 * The folders that a project's file may lie in: the working folder, and those above it up to the repository's root or to
 * just below the user's home. Elsewhere the working folder alone: what lies above, as in /tmp, may be anybody's. So may a
 * repository, and a folder on the way to it, that is another user's.
 */
export async function projectFolders(workingDirectory: string, home: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let folder = workingDirectory; folder !== home; folder = dirname(folder)) {
    if (folder !== workingDirectory && !(await isOwn(folder))) {
      return [workingDirectory];
    }
    folders.push(folder);
    const root = join(folder, '.git');
    if (await exists(root)) {
      return (await isOwn(root)) ? folders : [workingDirectory];
    }
    if (folder === dirname(folder)) {
      return [workingDirectory];
    }
  }
  return folders.length === 0 ? [workingDirectory] : folders;
}

/** Whether something is not another user's; where there are no owners, nothing is. */
async function isOwn(path: string): Promise<boolean> {
  const user = process.getuid?.();
  if (user === undefined) {
    return true;
  }
  const facts = await lstat(path).catch(() => null);
  return facts === null || facts.uid === user;
}

/** Where the file is: a look at the disk alone, so that nothing is loaded to find nothing. */
async function firstFile(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    for (const name of settingsNames) {
      const path = join(folder, name);
      if (await exists(path)) {
        return path;
      }
    }
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
