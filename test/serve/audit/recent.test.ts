import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../../src/serve/audit/log.ts';
import { recentRecords } from '../../../src/serve/audit/recent.ts';

let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sqlq-recent-'));
  folder = join(root, 'audit');
  const audit = await openAudit({ folder, key: null, now: () => new Date(), mostBytes: 900_000 });
  // Lines that are longer and shorter than what is read at a time, in several files.
  const lengths = Array.from({ length: 30 }, (_, index) => (index % 7 === 3 ? 300_000 : index * 997));
  for (const length of lengths) {
    await audit.record({ action: 'run', outcome: 'done', caller: null, sql: 'ü'.repeat(length / 2) });
  }
  await audit.close();
});
afterAll(() => rm(root, { recursive: true }));

describe('the newest records', () => {
  const numbers = async (most: number, before?: number): Promise<readonly number[]> =>
    (await recentRecords(folder, most, before)).map(({ record }) => record);
  const down = (from: number, to: number): readonly number[] =>
    Array.from({ length: from - to + 1 }, (_, index) => from - index);

  it('come first, whole, through all the files', async () => {
    expect(await numbers(1000)).toEqual(down(31, 1));
    expect(await numbers(5)).toEqual(down(31, 27));
    expect(await numbers(5, 12)).toEqual(down(11, 7));
    expect(await numbers(5, 1)).toEqual([]);
    const [newest] = await recentRecords(folder, 1, 6);
    expect(newest?.sql).toBe('ü'.repeat(150_000));
  });
});
