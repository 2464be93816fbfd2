import { cancelled } from './prompt.ts';
import type { Input } from './streams.ts';

/**
 * The next line of a terminal, none of whose letters it shows. Rejects with the signal's reason, and with a SqlqError
 * `cancelled` for Ctrl-C and at the end.
 */
export function readHidden(stdin: Input, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const settle = (): void => {
      stdin.off('data', take);
      stdin.off('end', end);
      signal.removeEventListener('abort', stop);
      stdin.setRawMode?.(false);
      stdin.pause();
    };
    const take = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
        if (key === '\r' || key === '\n') {
          settle();
          resolve(typed.join(''));
          return;
        }
        if (key === '\u0003' || key === '\u0004') {
          end();
          return;
        }
        const erased = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : [...typed, key];
        typed = key === '\u0015' ? [] : erased;
      }
    };
    const end = (): void => {
      settle();
      reject(cancelled());
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
    stdin.setRawMode?.(true);
    stdin.on('data', take);
    stdin.once('end', end);
    stdin.resume();
  });
}
