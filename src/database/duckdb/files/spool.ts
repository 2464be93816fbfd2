import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SqlqError } from '../../../errors.ts';
import { copiesFolder } from '../../copies.ts';

/** Copies that are read in place of a file, in a folder that its user alone can read; gone once the tables are made. */
export interface Spool {
  /** Writes a copy and gives back its path. Throws a SqlqError `limit` where it is too large. */
  write(texts: AsyncIterable<string | Uint8Array> | Iterable<string>): Promise<string>;
  remove(): Promise<void>;
}

/** The largest copy that is made, in bytes. */
const mostBytes = 4 * 1024 ** 3;

/** Makes a place for copies; its folder is made with the first. */
export function createSpool(): Spool {
  let folder: string | null = null;
  let count = 0;
  return {
    async write(texts) {
      folder ??= copiesFolder();
      count += 1;
      const path = join(folder, `${count}`);
      const file = await open(path, 'wx', 0o600);
      try {
        let size = 0;
        for await (const text of texts) {
          const bytes = typeof text === 'string' ? Buffer.from(text) : text;
          size += bytes.length;
          if (size > mostBytes) {
            throw new SqlqError('limit', 'The file is larger than the 4 GB that can be converted.', {
              hint: 'Save it as UTF-8 or as Parquet, and ask there.',
            });
          }
          await file.write(bytes);
        }
      } finally {
        await file.close();
      }
      return path;
    },
    async remove() {
      if (folder !== null) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The text of a stream of bytes in pieces, line ends as they are. */
export async function* decoded(bytes: Readable, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) {
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

/** The same text with one kind of line end. */
export async function* withEvenLines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const text of texts) {
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    yield all.slice(0, all.length - held.length).replaceAll(/\r\n?/gu, '\n');
  }
  yield held === '' ? '' : '\n';
}
