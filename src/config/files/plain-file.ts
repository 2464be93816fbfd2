import { readFile, stat } from 'node:fs/promises';

/** A file that is merely found, and is longer, is none of ours. */
const longest = 1024 ** 2;

/**
 * The text of a file that lies in a folder, whoever put it there: a pipe or a device would be read for ever. Rejects as
 * `readFile` does, and with an Error that says what else it is.
 */
export async function readPlainFile(path: string): Promise<string> {
  const facts = await stat(path);
  if (facts.isDirectory()) {
    throw new Error('it is a folder');
  }
  if (!facts.isFile()) {
    throw new Error('it is no plain file');
  }
  if (facts.size > longest) {
    throw new Error('it is longer than a megabyte');
  }
  return readFile(path, 'utf8');
}

/** Whether nothing lies at a path, by what was thrown on the way there. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR|ENAMETOOLONG)$/u.test(String(error.code))
  );
}
