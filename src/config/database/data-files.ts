import { type Dirent, realpathSync, type Stats, statSync } from 'node:fs';
import { glob, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { DataFiles } from '../../database/data-files.ts';
import { dataEngine, isDatabaseFile, isNamedLikeData } from '../../database/file-kind.ts';
import type { FileTarget } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import type { TargetContext } from './target-context.ts';
import { isAddress } from './url.ts';

/** Standard input, as an address. */
export const standardInput = '-';

/** Several addresses of one database stand a line each. */
export function addressesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/**
 * Files that are no database by themselves, as one that is made of them; null where an address leads to a database. Throws a
 * SqlqError `usage` where several do not go together, where a pattern fits nothing, and where a settings file that was
 * merely found names what lies outside of its folder.
 */
export async function dataTarget(text: string, context: TargetContext): Promise<FileTarget | null> {
  const addresses = addressesOf(text);
  const isOne = addresses.length === 1;
  const sources: DataFiles[] = [];
  for (const address of addresses) {
    const source = await sourceOf(address, isOne, context);
    if (source === null) {
      if (isOne) {
        return null;
      }
      throw new SqlqError(
        'usage',
        `Files alone can be asked together, and ${address.split(':')[0]}: is a server.`,
        {
          hint: 'Give one --db with a server, or several with files.',
        },
      );
    }
    sources.push(source);
  }
  if (context.untrusted != null) {
    await requireWithin(dirname(context.untrusted), sources, context.untrusted);
  }
  const { types = [], reading: words = [] } = context;
  return {
    engine: dataEngine(),
    path: sources.map(({ place }) => place).join('\n'),
    reading: { sources, types, words },
  };
}

async function sourceOf(
  address: string,
  isOne: boolean,
  { workingDirectory, homeFolder, readInput }: TargetContext,
): Promise<DataFiles | null> {
  const written = address.replace(/^~(?=\/|$)/u, homeFolder);
  const path = resolve(workingDirectory, written);
  const found = address === standardInput ? null : statSync(path, { throwIfNoEntry: false });
  if (address === standardInput || found?.isFIFO() === true) {
    if (readInput === undefined) {
      return null;
    }
    const copy = await readInput(address === standardInput ? null : path);
    return {
      written: address,
      place: address,
      name: 'input',
      kind: 'file',
      files: [copy],
      leftOut: [],
      linksOut: [],
    };
  }
  if (isAddress(address)) {
    return null;
  }
  if (found === undefined || found === null) {
    if (/[*?[{]/u.test(address)) {
      return { ...(await matching(address, path, written, workingDirectory)), place: path };
    }
    return isOne && !isNamedLikeData(path) ? null : fileSource(address, path);
  }
  if (found.isDirectory()) {
    return { ...(await folderSource(address, path)), place: path };
  }
  return isOne && isDatabaseFile(path) ? null : fileSource(address, path);
}

function fileSource(written: string, path: string): DataFiles {
  return {
    written,
    place: path,
    name: basename(path),
    kind: 'file',
    files: [path],
    leftOut: [],
    linksOut: [],
  };
}

/** The files that a pattern fits, called by what their folder or the pattern's fixed part is called. */
async function matching(
  written: string,
  path: string,
  pattern: string,
  workingDirectory: string,
): Promise<Omit<DataFiles, 'place'>> {
  const root = resolve(workingDirectory, fixedFolder(pattern));
  const files: string[] = [];
  const linksOut: string[] = [];
  for await (const entry of glob(pattern, { cwd: workingDirectory, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (isReadable(entry, file)) {
      (leadsOut(root, file) ? linksOut : files).push(file);
    }
  }
  if (files.length === 0 && linksOut.length > 0) {
    throw onlyLinks(written, linksOut);
  }
  if (files.length === 0) {
    throw new SqlqError('usage', `No file fits ${written}.`, {
      hint: `Check the pattern, and put it between quotes: --db '${written}'`,
    });
  }
  const fixed = basename(path).split(/[*?[{]/u, 1)[0] ?? '';
  const letters = fixed.replaceAll(/[\d_\-. ]+$/gu, '');
  const folder = path
    .split(sep)
    .findLast((part, index, parts) => index < parts.length - 1 && !/[*?[{=]/u.test(part));
  return {
    written,
    name: /\p{L}/u.test(letters) ? letters : (folder ?? 'data'),
    kind: 'pattern',
    files: files.sort(),
    leftOut: [],
    linksOut: linksOut.map((file) => relative(root, file)).sort(),
  };
}

/** The part of a pattern before the first of its folders that may be any of several. */
function fixedFolder(pattern: string): string {
  const parts = pattern.split(sep);
  const at = parts.findIndex((part) => /[*?[{]/u.test(part));
  const fixed = parts.slice(0, at).join(sep) || (pattern.startsWith(sep) ? sep : '.');
  // Whoever writes `*/../..` means what lies up there.
  return join(fixed, ...parts.slice(at).filter((part) => part === '..'));
}

/** The files of a folder that are named like data, and those of folders in it that are called by a value, as `year=2024`. */
async function folderSource(written: string, path: string): Promise<Omit<DataFiles, 'place'>> {
  const files: string[] = [];
  const leftOut: string[] = [];
  const linksOut: string[] = [];
  const linked: string[] = [];
  const seen = new Set<string>();
  const walk = async (folder: string): Promise<void> => {
    seen.add(await realpath(folder));
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      // Hidden files, and those that spreadsheet programs keep beside an open one.
      if (/^(?:\.|~\$|_SUCCESS$)/u.test(entry.name)) {
        continue;
      }
      const file = join(folder, entry.name);
      const own = relative(path, file);
      const isFolder = factsOf(file)?.isDirectory() === true;
      const isWanted = isFolder
        ? /^[^=]+=/u.test(entry.name)
        : isNamedLikeData(file) && isReadable(entry, file);
      if (!isWanted) {
        leftOut.push(isFolder ? `${own}/` : own);
      } else if (entry.isSymbolicLink() && leadsOut(path, file)) {
        linksOut.push(own);
      } else if (!isFolder) {
        files.push(file);
      } else if (entry.isSymbolicLink()) {
        linked.push(file);
      } else {
        await walk(file);
      }
    }
  };
  await walk(path);
  // What was read under its own name, or is a folder around the link, is not read once more; walking adds links to the list.
  for (const folder of linked) {
    if (seen.has(await realpath(folder))) {
      leftOut.push(`${relative(path, folder)}/`);
    } else {
      await walk(folder);
    }
  }
  if (files.length === 0) {
    throw linksOut.length > 0
      ? onlyLinks(
          written,
          linksOut.map((link) => join(path, link)),
        )
      : new SqlqError('usage', `${written} is a folder without a file that can be read as a table.`, {
          hint: 'sqlq reads CSV and the like, JSON, Parquet and Excel files, also packed with gzip or zstd.',
        });
  }
  return {
    written,
    name: basename(path),
    kind: 'folder',
    files: files.sort(),
    leftOut: leftOut.sort(),
    linksOut: linksOut.sort(),
  };
}

function isReadable(entry: Dirent, path: string): boolean {
  return entry.isFile() || (entry.isSymbolicLink() && factsOf(path)?.isFile() === true);
}

/** What a path leads to; null where that is nothing, as with links in a circle. */
function factsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Whether what a path leads to lies outside of a folder. */
function leadsOut(folder: string, path: string): boolean {
  const [first] = relative(realpathSync(folder), realpathSync(path)).split(sep);
  return first === '..';
}

function onlyLinks(written: string, links: readonly string[]): SqlqError {
  return new SqlqError('usage', `${written} has nothing but links that lead out of the folder.`, {
    hint: `Name what is to be read by itself: --db ${links[0] ?? 'FILE'}`,
  });
}

/** A settings file that was merely found may have what lies beside it read, and nothing else of the machine. */
async function requireWithin(folder: string, sources: readonly DataFiles[], settings: string): Promise<void> {
  const root = (await realpath(folder)) + sep;
  for (const file of sources.flatMap(({ files }) => files)) {
    const real = await realpath(file).catch(() => file);
    const facts: Stats | null = await stat(file).catch(() => null);
    if (!real.startsWith(root) || facts?.isFile() === false) {
      throw new SqlqError('usage', `${settings} names ${file}, which lies outside of its folder.`, {
        hint: 'Only --db, SQLQ_DATABASE or your own settings may have other files read: put the database there, or list the folder under trustedFolders.',
      });
    }
  }
}
