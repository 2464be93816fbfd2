import { createHash } from 'node:crypto';
import { appendFile, chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../config/make-folder.ts';

const mostLines = 1000;

/** The lines that were typed on one database, in a file that only its user may read. */
export interface LineHistory {
  /** Newest first. */
  readonly lines: readonly string[];
  add(line: string): Promise<void>;
}

const folderName = 'lines';

/** The file of a database's lines, in the folder where a user's state is kept. */
export function historyFile(stateFolder: string, place: string): string {
  const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
  return join(stateFolder, folderName, `${name}.jsonl`);
}

/** Forgets the lines of every database. */
export async function forgetLines(stateFolder: string): Promise<void> {
  await rm(join(stateFolder, folderName), { recursive: true, force: true });
}

/** A history of this session alone, where the user wants nothing kept. */
export const forgetful: LineHistory = { lines: [], add: async () => {} };

/** Reads the history; each line of the file is one text as JSON, so that several sessions can append at once. */
export async function openHistory(file: string): Promise<LineHistory> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line) => parse(line));
  if (lines.length > 2 * mostLines) {
    await shorten(file, lines.slice(-mostLines));
  }
  return {
    lines: [...new Set(lines.slice(-mostLines).reverse())],
    async add(line) {
      if (holdsPassword(line)) {
        return;
      }
      try {
        await makeFolder(dirname(file));
        await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
        await chmod(file, 0o600);
      } catch {
        // A home that is full or can't be written must not keep anybody from their answer.
      }
    },
  };
}

function parse(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [];
  }
}

async function shorten(file: string, lines: readonly string[]): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    await rename(part, file);
  } catch {
    await rm(part, { force: true }).catch(() => {});
  }
}

/** Whether a line has a password that must not lie in a file: in a URL, or where SQL sets one. */
function holdsPassword(line: string): boolean {
  return /:\/\/[^\s/@]*:[^\s@]+@|\bpassword\b|\bidentified\s+by\b/iu.test(line);
}
