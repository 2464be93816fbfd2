import { expect, it } from 'vitest';
import { fuzzSqlite } from './sqlite.ts';

it('admits no generated statement that changes the world of SQLite', async () => {
  const report = await fuzzSqlite(1500, Date.now());
  expect(report, `seed ${report.seed}`).toMatchObject({ harm: [] });
  expect(report.admitted).toBeGreaterThan(100);
  expect(report.answered).toBeGreaterThan(50);
}, 120_000);
