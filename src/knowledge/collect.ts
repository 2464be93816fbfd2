import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { UnreadableDocument } from './document.ts';
import { mayBeDocument } from './read/read-document.ts';

/** A file that may be a document. */
export interface FoundFile {
  /** Without links. */
  readonly path: string;
  /** The folder that was named and that it was found in; null where it was named itself. */
  readonly folder: string | null;
}

/** What lies at a path that somebody has named. */
export interface Found {
  readonly files: readonly FoundFile[];
  /** The folder that was named, without links; null where a file was. */
  readonly folder: string | null;
  /** What was left out, with the reason as the end of a sentence. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** More documents than this are no project's. */
const mostFiles = 5_000;
/** And more entries than this are looked at for none. */
const mostEntries = 200_000;
const deepest = 40;

/** Folders that hold what others wrote, or what a program made. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'venv',
  'site-packages',
  '__pycache__',
  'dbt_packages',
  'dbt_modules',
]);

/**
 * The files at a path that may be documents: itself, or those within a folder whose names say so. Hidden files, links and
 * folders of other people's code within it are left out: a link can lead to what nobody meant to add. Rejects with an
 * UnreadableDocument.
 */
export async function findFiles(path: string, signal: AbortSignal): Promise<Found> {
  const real = await realpath(path).catch((error: unknown) => {
    throw new UnreadableDocument(isMissing(error) ? 'nothing lies there' : messageOf(error));
  });
  const facts = await stat(real);
  if (!facts.isDirectory()) {
    return { files: [{ path: real, folder: null }], folder: null, leftOut: [] };
  }
  const files: FoundFile[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  let entries = 0;
  const visit = async (folder: string, depth: number): Promise<void> => {
    signal.throwIfAborted();
    const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      leftOut.push({ path: folder, reason: `it can't be read: ${messageOf(error)}` });
      return [];
    });
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const own = join(folder, entry.name);
      entries += 1;
      if (files.length >= mostFiles || entries > mostEntries) {
        return;
      }
      if (entry.isDirectory() && isVisited(entry, folder) && depth < deepest) {
        await visit(own, depth + 1);
      } else if (!entry.name.startsWith('.') && mayBeDocument(own)) {
        if (entry.isFile()) {
          files.push({ path: own, folder: real });
        } else if (!entry.isDirectory()) {
          leftOut.push({
            path: own,
            reason: entry.isSymbolicLink() ? 'it is a link; name it to add it' : 'it is no plain file',
          });
        }
      }
    }
  };
  await visit(real, 0);
  if (files.length >= mostFiles || entries > mostEntries) {
    leftOut.push({ path: real, reason: `more than ${files.length} documents are in it: name its folders` });
  }
  return { files, folder: real, leftOut };
}

/** Of what dbt compiles only the manifest counts, which lies right in `target`. */
function isVisited({ name }: Dirent, folder: string): boolean {
  const isCompiled = folder.endsWith('/target') || folder.endsWith('\\target');
  return !name.startsWith('.') && !passedOver.has(name) && !isCompiled;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR)$/u.test(String(error.code));
}
