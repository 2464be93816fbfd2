/**
 * The same model and the same cases, in one run: sqlq, the bare DDL with one sentence, LangChain's SQL chain and agent, and
 * Vanna, each from PyPI with its own prompts. Prints for each what is right, wrong, failed, and wrong and silent. Peers say
 * no doubt, so that all that they get wrong is silent. SQLite alone.
 *
 * usage: npm run bench:peers -- --cases FILE.jsonl --databases DIR --base-url URL --model NAME [--limit N] [--json OUT]
 *          [--venv DIR]   where Python's packages are, made there on first use; python3 with venv is needed
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../src/errors.ts';
import { type Case, readCases, spread } from './answers/cases.ts';
import { sameRows } from './answers/compare.ts';
import { caseFlags, readOptions } from './answers/options.ts';
import { createProgram, type Program } from './answers/program.ts';
import { silent } from './answers/report.ts';
import { isOrdered, type Outcome, rowsOf, runCase } from './answers/run.ts';
import { endFor } from './needs.ts';

const { values } = parseArgs({ options: { ...caseFlags, venv: { type: 'string' } } });
const options = readOptions(values);
const { model, sets, limit, json } = options;
const baseUrl = options['base-url'];
if (baseUrl === undefined || model === undefined) {
  endFor('bench:peers needs --base-url URL and --model NAME of one server for all.');
}
const folder = sets[0]?.folder ?? '';
const cases = spread(readCases(sets[0]?.file ?? '', 'sqlite'), limit);
const fileOf = (database: string): string => resolve(folder, `${database}.sqlite`);

const lineSchema = z.object({
  id: z.string(),
  peer: z.string(),
  sql: z.string().nullable(),
  error: z.string().nullable(),
  milliseconds: z.number(),
});
type Line = z.infer<typeof lineSchema>;

/** The interpreter of the peers' own environment. */
function python(): string {
  const venv =
    values.venv ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sqlq-bench-peers');
  const program = join(venv, 'bin', 'python');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    const requirements = new URL('peers/requirements.txt', import.meta.url).pathname;
    execFileSync(program, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'inherit' });
  }
  return program;
}

/** What one peer came to, held against the gold queries. */
async function judged(program: Program, entry: Case, line: Line): Promise<Outcome> {
  const opened = await program.open(entry.database, { engine: 'sqlite', path: fileOf(entry.database) });
  const { database } = opened.context;
  let result: Outcome['result'] = 'failed';
  let note = line.error;
  try {
    const rows = line.sql === null ? null : await rowsOf(database, line.sql);
    if (rows !== null) {
      result = 'wrong';
      for (const gold of entry.golds) {
        if (sameRows(await rowsOf(database, gold), rows, { ordered: isOrdered(gold) })) {
          result = 'right';
        }
      }
    }
  } catch (error) {
    note = messageOf(error);
  } finally {
    await opened.close();
  }
  const { id, set, database: name, question, golds } = entry;
  const none = { doubts: [], assumptions: [], requests: 0, tokensIn: 0, tokensOut: 0 };
  const { sql, milliseconds } = line;
  return { id, set, database: name, question, golds, result, sql, note, milliseconds, ...none };
}

const program = createProgram(options.flags);
const outcomes = new Map<string, Outcome[]>();
const add = (peer: string, outcome: Outcome): void => {
  outcomes.set(peer, [...(outcomes.get(peer) ?? []), outcome]);
  process.stderr.write(`${outcome.id} ${peer}: ${outcome.result}\n`);
};
const child = spawn(python(), [new URL('peers/peers.py', import.meta.url).pathname, baseUrl, model], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
const peersOf = 4;
try {
  for (const entry of cases) {
    const opened = await program.open(entry.database, { engine: 'sqlite', path: fileOf(entry.database) });
    add('sqlq', await runCase(opened, entry));
    await opened.close();
    child.stdin.write(
      `${JSON.stringify({ id: entry.id, file: fileOf(entry.database), question: entry.question })}\n`,
    );
    for (let peer = 0; peer < peersOf; peer++) {
      const { value, done } = await lines.next();
      if (done === true) {
        throw new Error('The peers ended before their answers; what they say stands above.');
      }
      const line = lineSchema.parse(JSON.parse(value));
      add(line.peer, await judged(program, entry, line));
    }
  }
} finally {
  child.stdin.end();
  program.close();
}
for (const [peer, list] of outcomes) {
  const count = (result: Outcome['result']): number =>
    list.filter((outcome) => outcome.result === result).length;
  console.log(
    `${peer.padEnd(16)} cases ${list.length}  right ${count('right')}  wrong ${count('wrong')}  refused ${count('refused')}  failed ${count('failed')}  wrong and silent ${silent(list).length}`,
  );
}
if (json !== undefined) {
  const all = [...outcomes].flatMap(([peer, list]) =>
    list.map((outcome) => JSON.stringify({ peer, ...outcome })),
  );
  writeFileSync(json, `${all.join('\n')}\n`);
}
