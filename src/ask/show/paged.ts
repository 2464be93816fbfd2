import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pager } from '../../terminal/pager.ts';

/** Has rows written to a file that nobody else can read, shows that, and leaves no trace of it. */
export async function paged<Result>(pager: Pager, write: (file: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-rows-'));
  try {
    const file = join(folder, 'rows');
    const result = await write(file);
    await pager.show(file);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
