import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../fuzz/mysql.ts';
import { mysqlServers } from '../../../support/mysql-engine.ts';

const seed = Date.now() % 1_000_000;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: generated statements`, () => {
    it(`do no harm where the guard admits them (seed ${seed})`, { timeout: 120_000 }, async () => {
      const report = await fuzz(url ?? '', 600, seed);
      expect(report.harm).toEqual([]);
      expect(report.admitted).toBeGreaterThan(50);
    });
  });
}
