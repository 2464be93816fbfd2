import { readFile } from 'node:fs/promises';

/**
 * Reads a file whole. Rejects with the signal's reason when that aborts, also where the system does not let go of what it
 * waits for: a pipe that nobody writes to.
 */
export async function readWhole(path: string, signal: AbortSignal): Promise<Buffer> {
  let stop: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = reject;
  });
  const abort = (): void => stop(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([readFile(path), stopped]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
