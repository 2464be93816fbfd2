import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '../../errors.ts';
import { UnreadableDocument } from '../document.ts';

const megabyte = 1024 ** 2;

/** A manifest of dbt holds a whole project; any other text of this length is no document. */
const longest = 8 * megabyte;
const longestManifest = 256 * megabyte;

/**
 * The bytes of a plain file of bounded size. A pipe or a device is never waited for: what was opened is looked at before it is
 * read. Rejects with an UnreadableDocument.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const most = basename(path) === 'manifest.json' ? longestManifest : longest;
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) {
        throw new UnreadableDocument('it is no plain file');
      }
      if (facts.size > most) {
        throw new UnreadableDocument(`it is longer than ${most / megabyte} MB`);
      }
      const bytes = Buffer.alloc(most < facts.size + 1 ? most : facts.size + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnreadableDocument) {
      throw error;
    }
    throw new UnreadableDocument(`it can't be read: ${messageOf(error)}`);
  }
}

/** What tells a file's bytes from others. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether a file still is what was read of it. */
export async function stateOf({
  path,
  at,
  digest,
}: {
  readonly path: string;
  readonly at: string;
  readonly digest: string;
}): Promise<'same' | 'changed' | 'gone'> {
  try {
    const { mtimeMs } = await stat(path);
    const isOlder = mtimeMs < Date.parse(at);
    return isOlder || digestOf(await readBytes(path)) === digest ? 'same' : 'changed';
  } catch {
    return 'gone';
  }
}
