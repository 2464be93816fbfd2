import { describe, expect, inject, it } from 'vitest';
import { fuzz } from '../../../fuzz/mysql.ts';

const url = inject('mariadbUrl');
const seed = Date.now() % 1_000_000;

describe.skipIf(url === null)('generated statements', () => {
  it(`do no harm where the guard admits them (seed ${seed})`, { timeout: 120_000 }, async () => {
    const report = await fuzz(url ?? '', 600, seed);
    expect(report.harm).toEqual([]);
    expect(report.admitted).toBeGreaterThan(50);
  });
});
