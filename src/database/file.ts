import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { messageOf, SqlqError } from '../errors.ts';

/** The first bytes of a database's file, and how long it is; throws a SqlqError that says why it can't be opened. */
export function readHeader(path: string, scheme: string): { header: Buffer; bytes: number } {
  const hint = `Check the path: --db FILE or ${scheme}:FILE.`;
  if (path !== path.trim() || path.includes('\0')) {
    throw new SqlqError(
      'usage',
      `${JSON.stringify(path)} can not be opened: its name begins or ends with white space`,
      { hint: 'Rename the file.' },
    );
  }
  try {
    const status = statSync(path);
    // A pipe would wait for its writer, and a device never ends.
    if (!status.isFile()) {
      throw new SqlqError('failed', `${path} can not be opened: it is ${kindOf(status)}, not a file`, {
        hint,
      });
    }
    const { size } = status;
    if (size === 0) {
      throw new SqlqError('failed', `${path} is empty: there is no database in it`, {
        hint: 'Check the path.',
      });
    }
    return { header: firstBytes(path), bytes: size };
  } catch (error) {
    if (error instanceof SqlqError) {
      throw error;
    }
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'you have no permission to read it'
          : messageOf(error);
    throw new SqlqError('failed', `${path} can not be opened: ${why}`, { hint, cause: error });
  }
}

/** The first hundred bytes of a file, zeros where it is shorter; throws the system's error. */
export function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(100);
    readSync(file, header, 0, header.length, 0);
    return header;
  } finally {
    closeSync(file);
  }
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) {
    return 'a folder';
  }
  if (status.isFIFO()) {
    return 'a pipe';
  }
  if (status.isSocket()) {
    return 'a socket';
  }
  return 'a device';
}
