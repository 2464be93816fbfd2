import { readdirSync, readFileSync } from 'node:fs';

/**
 * The memory of a process and of all that it started, in kilobytes: the kernel's proportional set size, which counts a page
 * that several of them map, such as Node's own code, once.
 */
export function memoryOf(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/u.test(one))) {
    const parent = /^PPid:\s+(\d+)/mu.exec(textOf(`/proc/${name}/status`))?.[1];
    parents.set(Number(name), Number(parent ?? 0));
  }
  const isWithin = (pid: number): boolean => pid === root || (pid > 1 && isWithin(parents.get(pid) ?? 0));
  return [...parents.keys()]
    .filter(isWithin)
    .reduce((sum, pid) => sum + proportional(textOf(`/proc/${pid}/smaps_rollup`)), 0);
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
