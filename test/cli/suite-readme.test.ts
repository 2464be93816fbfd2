import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { runProgram, sampleFile } from '../support/program.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** The file that the README shows under a name. */
function shown(name: string): string {
  const block = [...readme.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/gu)].find(([, path]) => path === name);
  return block?.[2] ?? '';
}

const workflow = z.object({
  jobs: z.object({ questions: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }) }),
});

/** A command line without anything that a shell would have to make of it. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/gu)].map(([word, quoted]) => quoted ?? word);
}

it('the suite and the workflow of the README work as they stand there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-readme-'));
  copyFileSync(sampleFile, join(folder, 'shop.db'));
  mkdirSync(join(folder, 'questions'));
  writeFileSync(join(folder, 'questions/shop.yaml'), shown('questions/shop.yaml'));
  const { steps } = workflow.parse(load(shown('.github/workflows/questions.yml'))).jobs.questions;
  const commands = steps.flatMap(({ run = '' }) =>
    run.startsWith('npx sqlq ') ? [words(run).slice(2)] : [],
  );
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    const ended = await runProgram(command, { folder });
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 });
  }
  expect(readFileSync(join(folder, 'results.xml'), 'utf8')).toContain('tests="4" failures="0"');
});
