import { expect, inject, it } from 'vitest';
import { fuzz, generated } from '../../fuzz/postgres.ts';

it('admits nothing that does harm, of statements that a seed makes', { timeout: 120_000 }, async () => {
  const seed = Date.now() % 1_000_000;
  const report = await fuzz(inject('postgresUrl') ?? '', seed, generated(600, seed));
  expect(report, `seed ${seed}`).toMatchObject({ harm: [] });
  expect(report.ran).toBeGreaterThan(50);
});
