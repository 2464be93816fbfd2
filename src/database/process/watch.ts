import { writeSync } from 'node:fs';
import { memoryNotice, type Watch } from './protocol.ts';

/** Milliseconds between two looks: a query takes memory at some gigabytes a second at most. */
const interval = 40;

/** Ends this process, from whatever thread calls, when it takes too much memory or the program that asked is gone. */
export function keepWatch({ parent, memoryLimit }: Watch): NodeJS.Timeout {
  return setInterval(() => {
    if (process.memoryUsage.rss() > memoryLimit) {
      // Not by a stream: nothing of this process runs any more after the next line.
      writeSync(2, memoryNotice);
      process.kill(process.pid, 'SIGKILL');
    }
    if (parent !== null && process.ppid !== parent) {
      process.kill(process.pid, 'SIGKILL');
    }
  }, interval);
}
