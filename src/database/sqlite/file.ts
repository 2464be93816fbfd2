import { closeSync, constants, existsSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, SqlqError } from '../../errors.ts';

/** What the file says of itself before SQLite opens it. */
export interface FileState {
  /** It is in write-ahead mode (bytes 18 and 19 of https://sqlite.org/fileformat.html#the_database_header). */
  readonly writeAhead: boolean;
  /** Write-ahead mode, and nobody has it open: neither a -wal nor a -shm file lies beside it. */
  readonly quiet: boolean;
  readonly folderWritable: boolean;
  readonly bytes: number;
}

const magic = 'SQLite format 3\0';

/** Looks at the file and throws a SqlqError that says why it can't be a database that may be opened. */
export async function inspectFile(path: string): Promise<FileState> {
  if (path !== path.trim() || path.includes('\0')) {
    throw new SqlqError(
      'usage',
      `${JSON.stringify(path)} can not be opened: its name begins or ends with white space`,
      {
        hint: 'Rename the file.',
      },
    );
  }
  const { header, bytes } = readHeader(path);
  if (bytes === 0) {
    throw new SqlqError('failed', `${path} is empty: there is no database in it`, {
      hint: 'Check the path.',
    });
  }
  if (!header.toString('latin1').startsWith(magic)) {
    throw new SqlqError('failed', `${path} is not a SQLite database, or it is encrypted`, {
      hint: 'Check the path; an encrypted database must be decrypted by the program that made it.',
    });
  }
  const writeAhead = header[18] === 2 && header[19] === 2;
  return {
    writeAhead,
    quiet: writeAhead && !existsSync(`${path}-wal`) && !existsSync(`${path}-shm`),
    folderWritable: await access(dirname(path), constants.W_OK).then(
      () => true,
      () => false,
    ),
    bytes,
  };
}

/** The first bytes of a file, and how long it is; throws a SqlqError that says why it can't be opened. */
export function readHeader(path: string): { header: Buffer; bytes: number } {
  try {
    const status = statSync(path);
    // A pipe would wait for its writer, and a device never ends.
    if (!status.isFile()) {
      throw new SqlqError('failed', `${path} can not be opened: it is ${kindOf(status)}, not a file`, {
        hint: 'Check the path: --db FILE or sqlite:FILE.',
      });
    }
    const { size } = status;
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(100);
      readSync(file, header, 0, header.length, 0);
      return { header, bytes: size };
    } finally {
      closeSync(file);
    }
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
    throw new SqlqError('failed', `${path} can not be opened: ${why}`, {
      hint: 'Check the path: --db FILE or sqlite:FILE.',
      cause: error,
    });
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
