import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

/** After a change of the prompt or of the sample: npm run suite:record */
it("the shop's own questions are answered as they should be, offline and with recorded replies", async () => {
  const folder = resolve(import.meta.dirname, '../..');
  const ended = await runProgram(['test', 'fixtures/suite'], { folder });
  expect(ended.stdout).toMatch(/\n\n15 passed, /u);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
});
