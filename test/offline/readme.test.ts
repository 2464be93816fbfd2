import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { describedProgram, examplesOf } from '../../manual.ts';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { type OpenedFile, openFile, requestOf } from './database.ts';

const root = new URL('../../', import.meta.url);
const program = describedProgram('1.2.3');
const help = [program, ...program.commands.flatMap((command) => [command, ...command.commands])].flatMap(
  (command) => examplesOf(command),
);
const blocks = [...readFileSync(new URL('README.md', root), 'utf8').matchAll(/```sh\n(.*?)```/gsu)].flatMap(
  ([, block = '']) => block.split('\n'),
);

/** The questions that lines of a shell ask: quoted texts that are no SQL, no name and no placeholder. */
function questionsOf(lines: readonly string[]): string[] {
  return lines
    .filter(
      (line) =>
        /\bsqlq\b|npm start/u.test(line) &&
        !line.startsWith('docker') &&
        !/\bsqlq (?:run|saved|notes|memory|config)\b/u.test(line),
    )
    .flatMap((line) => [...line.matchAll(/"([^"]+)"/gu)].map(([, text = '']) => text))
    .filter(
      (text) => /^(?:how|which|what|who|number|orders|show|list) .+/u.test(text) && !text.includes('…'),
    );
}

const questions = [...new Set([...questionsOf(blocks), ...questionsOf(help)])];
const never = new AbortController().signal;

describe('a question that the README or the help shows', () => {
  const model = createOfflineModel();
  let opened: OpenedFile;
  beforeAll(async () => {
    opened = await openFile(new URL('fixtures/shop/shop.sqlite', root).pathname);
  });

  it('is found among both', () => {
    expect(questions).toContain('orders per month in 2025');
    expect(questions).toContain('number of customers by country');
    expect(questions.length).toBeGreaterThan(5);
  });

  it.each(questions)('is answered without a model on the sample: %s', async (question) => {
    const { answer } = await model.answer(requestOf(question, opened.schema, opened.values), never);
    expect(answer).toMatchObject({ kind: 'sql' });
  });
});
