import type { Input } from './streams.ts';

/**
 * The next line of a stream whose terminal edits lines itself; null at its end. What follows the line stays in the stream.
 * Rejects with the signal's reason.
 */
export function readLine(stdin: Input, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const settle = (): void => {
      stdin.off('data', take);
      stdin.off('end', end);
      signal.removeEventListener('abort', stop);
      stdin.pause();
    };
    const take = (chunk: Buffer | string): void => {
      typed += chunk.toString();
      const end = typed.indexOf('\n');
      if (end === -1) {
        return;
      }
      settle();
      const rest = typed.slice(end + 1);
      if (rest !== '') {
        stdin.unshift(Buffer.from(rest));
      }
      resolve(typed.slice(0, end).replace(/\r$/u, ''));
    };
    const end = (): void => {
      settle();
      resolve(typed === '' ? null : typed);
    };
    const stop = (): void => {
      settle();
      reject(signal.reason);
    };
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    stdin.on('data', take);
    stdin.once('end', end);
    stdin.resume();
  });
}
