import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const digits = 12;
const pattern = /^audit-(\d{12,})\.jsonl$/u;

/** The file whose first record has a number. */
export function fileOf(folder: string, record: number): string {
  return join(folder, `audit-${String(record).padStart(digits, '0')}.jsonl`);
}

/** Where the end of the chain is kept, by which a log that was cut short is known. */
export function headFile(folder: string): string {
  return join(folder, 'head.sqlite');
}

/** The files of a log, the oldest first. Rejects as `readdir` does. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => pattern.test(name));
  const first = (name: string): number => Number(pattern.exec(name)?.[1]);
  return names.sort((a, b) => first(a) - first(b)).map((name) => join(folder, name));
}
