import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const millisecondsPerTick = 10;

/**
 * The memory of a process and of all that it started, in kilobytes: the kernel's proportional set size, which counts a page
 * that several of them map, such as Node's own code, once.
 */
export function memoryOf(root: number): number {
  return familyOf(root).reduce((sum, pid) => sum + proportional(textOf(`/proc/${pid}/smaps_rollup`)), 0);
}

/** The processor time of a process and of all that it started and that still run, in milliseconds. */
export function processorTimeOf(root: number): number {
  return familyOf(root).reduce((sum, pid) => {
    // Its name stands before, in brackets, and may hold anything.
    const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * millisecondsPerTick;
  }, 0);
}

function familyOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/u.test(one))) {
    const parent = /^PPid:\s+(\d+)/mu.exec(textOf(`/proc/${name}/status`))?.[1];
    parents.set(Number(name), Number(parent ?? 0));
  }
  const isWithin = (pid: number): boolean => pid === root || (pid > 1 && isWithin(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isWithin);
}

function proportional(text: string): number {
  return Number(/^Pss:\s+(\d+)/mu.exec(text)?.[1] ?? 0);
}

/** Nothing of a process that has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
