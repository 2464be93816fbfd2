import { readdirSync, readFileSync } from 'node:fs';

/** What a process and those that it started use. */
export interface Use {
  /** Memory by the kernel's proportional set size, which counts a page that both of them map, such as Node's code, once. */
  readonly kilobytes: number;
  /** What they have asked the system to read, from a disk or from what it keeps of one. */
  readonly bytesRead: number;
}

/** What a process and its children use now (Linux). */
export function usedBy(root: number): Use {
  let kilobytes = 0;
  let bytesRead = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) {
      continue;
    }
    try {
      const parent = Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      if (Number(name) !== root && parent !== root) {
        continue;
      }
      const memory = readFileSync(`/proc/${name}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/mu.exec(memory)?.[1] ?? 0);
      bytesRead += Number(/^rchar: (\d+)/mu.exec(readFileSync(`/proc/${name}/io`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return { kilobytes, bytesRead };
}
