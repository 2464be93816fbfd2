import { expect, it } from 'vitest';
import { fuzzDuckdb } from './duckdb.ts';

it('admits no generated statement that changes the world of DuckDB, or tells of a hidden column', async () => {
  const report = await fuzzDuckdb(1500, Date.now());
  expect(report, `seed ${report.seed}`).toMatchObject({ harm: [] });
  expect(report.admitted).toBeGreaterThan(100);
  expect(report.answered).toBeGreaterThan(30);
}, 120_000);
