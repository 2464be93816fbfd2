import { readdirSync, readFileSync } from 'node:fs';

/** Processes that this one started and that run the child's file. */
export function childPids(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${process.pid}\n`) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('process/start.')
      );
    } catch {
      return false;
    }
  });
}
