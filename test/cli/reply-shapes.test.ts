import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';

let model: ModelServerFake;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());

const json = (sql: string): string => JSON.stringify({ reasoning: 'r', sql, assumptions: [] });

/** What a model says, made of the right query; a draft of it would return 0. */
const shapes: readonly ((sql: string) => Parameters<typeof says>[0])[] = [
  (sql) => `<deliberation>${json('SELECT 0')}</deliberation>\n${json(sql)}`,
  (sql) => `[BEGIN_THINK]${json('SELECT 0')}[END_THINK]\`\`\`postgres\n${sql};\n\`\`\``,
  (sql) => `analysis${json('SELECT 0')}assistantfinal${json(sql)}`,
  (sql) => `sql: |\n  ${sql}\nassumptions: []`,
  (sql) => `<answer><sql>${sql}</sql></answer>`,
  (sql) => `Sure:\n\n${sql}\n\nThis is one number.`,
  (sql) => `<tool_call>\n<function=answer>\n<parameter=sql>\n${sql}\n</parameter>\n</function>\n</tool_call>`,
  (sql) => JSON.stringify(JSON.stringify(json(sql))),
  (sql) => json(sql).slice(0, -1),
  (sql) => JSON.stringify({ sql_query: sql, assumptions: 'none', unanswerable: false }),
  (sql) => ({ reasoning_content: `${json('SELECT 0')}\n</think>\n${json(sql)}` }),
];

test('a reply is read as a person would read it, whatever its shape, by one request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-shapes-'));
  writeFileSync(
    join(folder, 'questions.txt'),
    shapes.map((_shape, index) => `number ${index + 1}?\n`).join(''),
  );
  model.scriptAll(async (request, response) => {
    const number = Number(/Question: number (\d+)/u.exec(request.text)?.[1]);
    const shape = shapes[number - 1];
    await says(shape?.(`SELECT ${number} AS n`) ?? '')(request, response);
  });
  const { stdout } = await runProgram(
    [
      'ask',
      '--db',
      'sample',
      '--base-url',
      model.baseUrl,
      '--model',
      'scripted',
      '--no-doubts',
      '--batch',
      'questions.txt',
    ],
    { folder },
  );
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).rows);
  expect(rows).toEqual(shapes.map((_shape, index) => [{ n: index + 1 }]));
  expect(model.requests).toHaveLength(shapes.length);
});
