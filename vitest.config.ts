import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { secondTries } from './test/support/second-tries.ts';

/** Where CI wants the results as JSON, and beside them the tests that needed a second try. */
const results = process.env['SQLQ_TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Tests mostly wait for the servers and programs that they started: a file for each core, and not one fewer.
    maxWorkers: availableParallelism(),
    reporters: results
      ? ['default', ['json', { outputFile: results }], secondTries(`${results}.second-tries`)]
      : ['default'],
  },
});
