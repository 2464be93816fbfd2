import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { memoryNotice, type Watch } from './protocol.ts';

/** What the watchdog is told. */
export interface WatchdogData extends Watch {
  /** How long the main thread may take, once the parent is gone, to end its statement at the server. */
  readonly graceMilliseconds: number;
}

/**
 * Runs on a thread of its own, because a synchronous query blocks the main one and no driver can interrupt itself:
 * it ends the whole process when it takes too much memory, or when the program that started it is gone.
 */
const { parent, memoryLimit, graceMilliseconds }: WatchdogData = workerData;
let orphanedAt: number | null = null;

setInterval(() => {
  if (process.memoryUsage.rss() > memoryLimit) {
    writeSync(2, memoryNotice);
    process.kill(process.pid, 'SIGKILL');
  }
  if (process.ppid !== parent) {
    orphanedAt ??= performance.now();
    if (performance.now() - orphanedAt >= graceMilliseconds) process.kill(process.pid, 'SIGKILL');
  }
}, 40);
