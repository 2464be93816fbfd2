import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, readPlainFile } from '../config/files/plain-file.ts';
import { messageOf, SqlqError } from '../errors.ts';
import { parseSaved, type SavedQuestion, writeSaved } from './saved.ts';

/** The folder of saved questions, beside what else a project keeps. */
const folderName = '.sqlq';

const namePattern = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,80}$/u;

/** Whether a word can be the name of a saved question. */
export function isName(word: string): boolean {
  return namePattern.test(word) && !word.endsWith('.sql');
}

/** The file of a saved question in the first of some folders that has it; null where none does. */
export async function findSaved(
  name: string,
  folders: readonly string[],
): Promise<{ readonly path: string; readonly saved: SavedQuestion } | null> {
  if (!isName(name)) {
    return null;
  }
  for (const folder of folders) {
    const path = join(folder, folderName, `${name}.sql`);
    const text = await readText(path);
    if (text !== null) {
      return { path, saved: parseSaved(text, path) };
    }
  }
  return null;
}

/** The names of the saved questions in some folders, sorted, with the file of each; the nearest folder's wins. */
export async function listSaved(
  folders: readonly string[],
): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const files = await readdir(join(folder, folderName)).catch(() => []);
    for (const file of files) {
      const name = file.replace(/\.sql$/u, '');
      // Another name could not be typed to run it, and a shell might take it for a command.
      if (file.endsWith('.sql') && isName(name) && !found.has(name)) {
        found.set(name, join(folder, folderName, file));
      }
    }
  }
  return [...found].map(([name, path]) => ({ name, path })).sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Writes a saved question where the project keeps them: in the nearest of the folders that is a project's root, or else in
 * the first. Returns the path. Throws a SqlqError `usage`.
 */
export async function keepSaved(
  name: string,
  saved: SavedQuestion,
  folders: readonly string[],
  force: boolean,
): Promise<string> {
  if (!isName(name)) {
    throw new SqlqError('usage', `"${name}" can't be the name of a saved question.`, {
      hint: 'A name has letters, digits, dots, hyphens and underscores, such as revenue-by-country.',
    });
  }
  const root = await rootOf(folders);
  const folder = join(root, folderName);
  const path = join(folder, `${name}.sql`);
  try {
    await mkdir(folder, { recursive: true });
    if ((await realpath(folder)) !== join(await realpath(root), folderName)) {
      throw new Error('its folder is a link that leads out of the project');
    }
    if (force) {
      await replaceFile(path, writeSaved(saved));
    } else {
      await writeFile(path, writeSaved(saved), { flag: 'wx' });
    }
    return path;
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new SqlqError(
      'usage',
      exists ? `${path} is there already.` : `${path} can't be written: ${messageOf(error)}.`,
      {
        hint: exists
          ? 'Take another name, or replace it with --force.'
          : 'Check that the folder is yours to write to.',
        cause: error,
      },
    );
  }
}

/** Puts a new file in the place of what is there: of a link itself, never of what it leads to. */
async function replaceFile(path: string, text: string): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** The first folder that has saved questions, settings or a repository. */
async function rootOf(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => []);
    if (files.some((file) => /^\.(?:sqlq|git|sqlqrc(?:\.json|\.ya?ml)?)$/u.test(file))) {
      return folder;
    }
  }
  return folders[0] ?? '.';
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readPlainFile(path);
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw unreadable(path, error);
  }
}

/** The text of a saved question's file. Throws a SqlqError `usage`. */
export async function readSavedText(path: string): Promise<string> {
  return readPlainFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): SqlqError {
  return new SqlqError('usage', `${path} can't be read: ${messageOf(error)}.`, { cause: error });
}
