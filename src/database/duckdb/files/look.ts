import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf, SqlqError } from '../../../errors.ts';
import { dialectOf } from './delimited/read.ts';
import { formatOf } from './format.ts';
import type { SeenFile } from './group.ts';
import { type Head, readHead } from './head.ts';
import { tableName } from './names.ts';
import { wordsFor } from './read-words.ts';
import { fileList, isAmbiguous, type Sql } from './sql.ts';

/** Looks at the beginning of a file. Throws a SqlqError that names it where it can't be read. */
export async function lookAt(sql: Sql, path: string, words: readonly string[]): Promise<SeenFile> {
  const label = basename(path);
  if (isAmbiguous(path)) {
    throw new SqlqError('failed', `${path} can not be read: its path has a backslash beside [, * or ?.`, {
      hint: 'Give the file, or the folder, another name.',
    });
  }
  const { head, bytes } = await headOf(path);
  if (head.bytes.length === 0) {
    throw new SqlqError('failed', `${path} is empty: there is nothing to ask about.`, {
      hint: 'Check the path, or export the file anew.',
    });
  }
  const format = formatOf(path, label, head);
  return { path, label, head, format, bytes, shape: await shapeOf(sql, { path, head, format }, words) };
}

/** What files of one table have in common. */
async function shapeOf(
  sql: Sql,
  { path, head, format }: Pick<SeenFile, 'path' | 'head' | 'format'>,
  words: readonly string[],
): Promise<string> {
  if (format === 'delimited') {
    const { delimiter, header, width, skip } = dialectOf(
      { path, head },
      wordsFor(tableName(basename(path)), words),
    );
    return JSON.stringify([delimiter, header ?? width, skip]);
  }
  if (format !== 'parquet') {
    return '';
  }
  // One that can't be read is told of when its table is made.
  const rows = await sql
    .rows(`SELECT name, type FROM parquet_schema(${fileList([path])}) WHERE num_children IS NULL`)
    .catch(() => []);
  return JSON.stringify(rows.map(([column, type]) => [column, type]).sort());
}

async function headOf(path: string): Promise<{ readonly head: Head; readonly bytes: number }> {
  try {
    const { size } = await stat(path);
    return { head: await readHead(path), bytes: size };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'you have no permission to read it'
          : code === 'EISDIR'
            ? 'it is a folder'
            : /^Z_|ZSTD/u.test(code)
              ? 'it is packed, and broken'
              : messageOf(error);
    throw new SqlqError('failed', `${path} can not be read: ${why}.`, {
      hint: code.startsWith('Z') ? 'Fetch or pack it anew.' : 'Check the path.',
      cause: error,
    });
  }
}
