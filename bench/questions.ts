/**
 * How many plain questions of `fixtures/questions` are answered rightly, through the program's own way, by set and by
 * kind. A question without a gold query can't be answered: an answer to it is wrong, a refusal is what is wanted. Of those
 * that are held back from tuning only the sums are shown, unless `--held` asks for them.
 *
 * usage: npm run bench:questions -- [--profile offline] [--folder DIR] [--set NAME] [--all] [--held]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { readQuestions } from './answers/cases.ts';
import { createProgram } from './answers/program.ts';
import { silent } from './answers/report.ts';
import { type Outcome, runCase } from './answers/run.ts';
import { parseFlags, pathFlag, readFlags } from './needs.ts';

const usualFolder = new URL('../fixtures/questions/', import.meta.url).pathname;
const values = parseFlags({
  profile: { type: 'string', default: 'offline' },
  set: { type: 'string' },
  folder: { type: 'string' },
  all: { type: 'boolean', default: false },
  held: { type: 'boolean', default: false },
});
const { folder } = readFlags(
  z.object({
    folder: pathFlag('--folder has to name a folder of NAME.sql and NAME.jsonl').default(usualFolder),
  }),
  values,
);
/** The day for which the answers to `last month` and `overdue` were reckoned. */
const now = new Date(2026, 10, 28, 12);
const program = createProgram({ profile: values.profile });
const made = mkdtempSync(join(tmpdir(), 'sqlq-questions-'));
const sets = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.slice(0, -'.sql'.length))
  .filter((name) => values.set === undefined || name === values.set);

interface Asked extends Outcome {
  readonly kind: string;
  readonly held: boolean;
}

const everything: Asked[] = [];
for (const name of sets) {
  const outcomes = await askSet(name);
  everything.push(...outcomes);
  const open = values.held ? outcomes : outcomes.filter(({ held }) => !held);
  console.log(line(name, outcomes));
  for (const [kind, list] of Map.groupBy(open, (outcome) => outcome.kind)) {
    console.log(line(`  ${kind}`, list));
  }
  for (const { result, question, sql, note } of open) {
    if (values.all || result === 'wrong' || result === 'failed') {
      console.log(`    ${result}: ${question}\n      ${(sql ?? note ?? '').replaceAll('\n', '\n      ')}`);
    }
  }
}
for (const [kind, list] of Map.groupBy(everything, (outcome) => outcome.kind)) {
  console.log(line(`kind ${kind}`, list));
}
console.log(
  line(
    'open',
    everything.filter(({ held }) => !held),
  ),
);
console.log(
  line(
    'held back',
    everything.filter(({ held }) => held),
  ),
);
console.log(line('all', everything));
program.close();
rmSync(made, { recursive: true, force: true });

async function askSet(name: string): Promise<Asked[]> {
  const file = join(made, `${name}.sqlite`);
  const database = new Database(file);
  database.exec(readFileSync(join(folder, `${name}.sql`), 'utf8'));
  database.close();
  const opened = await program.open(name, { engine: 'sqlite', path: file });
  const outcomes: Asked[] = [];
  for (const question of readQuestions(join(folder, `${name}.jsonl`), 'sqlite')) {
    const { kind, held } = question;
    outcomes.push({ ...(await runCase(opened, question, { now, more: true })), kind, held });
  }
  await opened.close();
  return outcomes;
}

function line(name: string, outcomes: readonly Outcome[]): string {
  const count = (...results: readonly Outcome['result'][]): number =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  const askable = outcomes.filter(({ golds }) => golds.length > 0).length;
  return `${name.padEnd(14)} asked ${outcomes.length} (${askable} can be answered)  right ${count('right')}  wrong ${count('wrong', 'failed')}  refused ${count('refused')}  wrong and silent ${silent(outcomes).length}`;
}
