import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SqlqError } from '../errors.ts';
import { copiesFolder } from './copies.ts';

/** So much is copied at most, in bytes. */
const mostBytes = 4 * 1024 ** 3;

/**
 * Copies a stream to a file that its user alone can read, and that is gone when this program ends. Throws a SqlqError `limit`
 * for one that is too long, and rejects with the signal's reason.
 */
export async function copyInput(input: AsyncIterable<unknown>, signal: AbortSignal): Promise<string> {
  const path = join(copiesFolder(), 'input');
  const file = await open(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const chunk of input) {
      signal.throwIfAborted();
      const bytes =
        typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
      size += bytes.length;
      if (size > mostBytes) {
        throw new SqlqError('limit', 'There is more than 4 GB on standard input.', {
          hint: 'Write it to a file, and name that: --db FILE',
        });
      }
      await file.write(bytes);
    }
  } finally {
    await file.close();
  }
  return path;
}
