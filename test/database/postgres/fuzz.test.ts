import { describe, expect, inject, it } from 'vitest';
import { everyFunction, fuzz, generated } from '../../fuzz/postgres.ts';

const seed = Date.now() % 1_000_000;

describe('statements that nobody wrote', () => {
  it(`do no harm where the guard admits them (seed ${seed})`, { timeout: 120_000 }, async () => {
    const report = await fuzz(inject('postgresUrl') ?? '', seed, generated(500, seed));
    expect(report).toMatchObject({ harm: [] });
    expect(report.ran).toBeGreaterThan(50);
  });

  it(`do no harm by a function of the server (every tenth from ${seed % 10})`, {
    timeout: 120_000,
  }, async () => {
    const url = inject('postgresUrl') ?? '';
    const calls = (await everyFunction(url)).filter((_call, index) => index % 10 === seed % 10);
    const report = await fuzz(url, seed, calls);
    expect(report).toMatchObject({ harm: [] });
    expect(report.ran).toBeGreaterThan(100);
  });
});
