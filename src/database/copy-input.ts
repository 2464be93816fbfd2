import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SqlqError } from '../errors.ts';
import { copiesFolder } from './copies.ts';

/** So much is copied at most, in bytes. */
const mostBytes = 4 * 1024 ** 3;

/**
 * Copies a stream to a file that its user alone can read, and that is gone when this program ends or the signal aborts. Throws a
 * SqlqError `limit` for one that is too long, and rejects with the signal's reason.
 */
export async function copyInput(input: AsyncIterable<unknown>, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const path = join(copiesFolder(signal), 'input');
  try {
    await pipeline(input, bytesWithin, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return path;
}

async function* bytesWithin(chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
    size += bytes.length;
    if (size > mostBytes) {
      throw new SqlqError('limit', 'There is more than 4 GB on standard input.', {
        hint: 'Write it to a file, and name that: --db FILE',
      });
    }
    yield bytes;
  }
}
