import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SqlqError } from '../../errors.ts';
import { readHeader } from '../file.ts';

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
  const { header, bytes } = readHeader(path, 'sqlite');
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
