import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createPlayedModel } from '../../bench/answers/played-model.ts';
import { createProgram } from '../../bench/answers/program.ts';
import { summary } from '../../bench/answers/report.ts';
import { runCases } from '../../bench/answers/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlq-answers-'));
const replies = join(folder, 'replies');
const model = createPlayedModel(replies, 24_000);
const program = createProgram({}, model.chosen);
afterAll(() => {
  program.close();
  rmSync(folder, { recursive: true });
});

const shop = new URL('../../fixtures/shop/shop.sqlite', import.meta.url).pathname;
const host = { targetOf: async () => ({ engine: 'sqlite', path: shop }) as const, stop: async () => {} };
const entry = (id: string, question: string, gold: string) => ({
  id,
  set: id === 'right' ? 'good' : 'bad',
  database: 'shop',
  question,
  golds: [gold],
});
const cases = [
  entry('right', 'How many customers are there?', 'SELECT COUNT(*) FROM customers'),
  // Words that are not read without a model, so that nothing is known against an answer.
  entry('silent', 'How big is our range?', 'SELECT COUNT(*) FROM products'),
  entry(
    'doubted',
    'How many customers are in Germany?',
    "SELECT COUNT(*) FROM customers WHERE country = 'Germany'",
  ),
];
const reply = (name: string, sql: string): void =>
  writeFileSync(join(replies, `${name}.reply.txt`), JSON.stringify({ sql }));
const run = () => runCases(cases, host, program, ({ id }) => model.begin(id));

it('asks for what no file answers, takes a case the whole way, and tells silent errors from doubted ones', async () => {
  await run();
  expect(readdirSync(replies).sort()).toEqual([
    'doubted.1.request.json',
    'right.1.request.json',
    'silent.1.request.json',
  ]);

  reply('right.1', 'SELECT COUNT(*) FROM custommers');
  reply('silent.1', 'SELECT COUNT(*) + 1 FROM products');
  reply('doubted.1', "SELECT COUNT(*) FROM customers WHERE city = 'Germany'");
  expect((await run())[0]?.note).toContain('right.2 has no reply yet');
  const repair = readFileSync(join(replies, 'right.2.request.json'), 'utf8');
  expect(repair).toContain('no such table: custommers');
  expect(repair).toContain('Near names of the schema: customers.');

  reply('right.2', 'SELECT COUNT(*) FROM customers');
  const outcomes = await run();
  expect(outcomes.map(({ result }) => result)).toEqual(['right', 'wrong', 'wrong']);
  expect(outcomes.map(({ requests }) => requests)).toEqual([2, 1, 1]);
  expect(outcomes[2]?.doubts[0]).toContain("'Germany'");
  const lines = summary('sqlite', outcomes).split('\n');
  expect(lines[0]).toMatch(/^good +100\.0 % {2}cases 1 /u);
  expect(lines.at(-3)).toMatch(/^right 33\.3 % {2}sqlite {2}cases 3 {2}wrong 2 /u);
  expect(lines.at(-2)).toContain('requests 4  tokens in 0  out 0  doubted 1 (1 of 2 wrong, 0 of 1 right)');
  expect(lines.at(-1)).toBe('wrong and silent 1  33.3 % of the cases  (shop 1)');
}, 60_000);
