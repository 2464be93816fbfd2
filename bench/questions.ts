/**
 * How many plain questions of `fixtures/questions` are answered rightly, through the program's own way, by set and by
 * kind. A question without a gold query can't be answered: an answer to it is wrong, a refusal is what is wanted.
 *
 * usage: npm run bench:questions -- [--profile offline] [--set NAME] [--all]
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { readQuestions } from './answers/cases.ts';
import { modelOf } from './answers/models.ts';
import { type Outcome, openDatabase, runCase } from './answers/run.ts';

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'offline' },
    set: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});
const folder = new URL('../fixtures/questions/', import.meta.url).pathname;
const model = await modelOf(values.profile);
const made = mkdtempSync(join(tmpdir(), 'sqlq-questions-'));
const sets = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.slice(0, -'.sql'.length))
  .filter((name) => values.set === undefined || name === values.set);

for (const name of sets) {
  const file = join(made, `${name}.sqlite`);
  const database = new Database(file);
  database.exec(readFileSync(join(folder, `${name}.sql`), 'utf8'));
  database.close();
  const opened = await openDatabase({ engine: 'sqlite', path: file });
  const questions = readQuestions(join(folder, `${name}.jsonl`), 'sqlite');
  const outcomes: (Outcome & { readonly kind: string })[] = [];
  for (const question of questions) {
    outcomes.push({ ...(await runCase(opened, model, question)), kind: question.kind });
  }
  await opened.database.close();
  console.log(line(name, outcomes));
  for (const [kind, list] of Map.groupBy(outcomes, (outcome) => outcome.kind)) {
    console.log(line(`  ${kind}`, list));
  }
  for (const { result, question, sql, note } of outcomes) {
    if (values.all || result === 'wrong' || result === 'failed') {
      console.log(`    ${result}: ${question}\n      ${(sql ?? note ?? '').replaceAll('\n', '\n      ')}`);
    }
  }
}
if (existsSync(made)) {
  rmSync(made, { recursive: true });
}

function line(name: string, outcomes: readonly Outcome[]): string {
  const count = (...results: readonly Outcome['result'][]): number =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  const askable = outcomes.filter(({ golds }) => golds.length > 0).length;
  return `${name.padEnd(14)} asked ${outcomes.length} (${askable} can be answered)  right ${count('right')}  wrong ${count('wrong', 'failed')}  refused ${count('refused')}`;
}
