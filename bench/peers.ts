/**
 * The same model and the same cases, in one run: sqlq, the bare DDL with one sentence, LangChain's SQL chain and agent, and
 * Vanna, each from PyPI with its own prompts. Prints for each what is right, wrong, failed, wrong and silent, and what it
 * took of the model. Peers say no doubt, so that all that they get wrong is silent. SQLite alone.
 *
 * usage: npm run bench:peers -- --cases FILE.jsonl --databases DIR --base-url URL --model NAME [--limit N] [--send KINDS]
 *          [--peer NAME …]          some of `sqlq`, `bare DDL`, `LangChain chain`, `LangChain agent`, `Vanna`; all unless named
 *          [--json OUT [--resume]]  one line a case and peer as it is answered; --resume goes on with the lines that are there
 *          [--venv DIR]             where Python's packages are, made there on first use; python3 with venv is needed
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../src/errors.ts';
import { type Case, readCases, spread } from './answers/cases.ts';
import { openKept } from './answers/kept.ts';
import { caseFlags, readOptions } from './answers/options.ts';
import { createProgram, type Opened } from './answers/program.ts';
import { counts, silent, spent } from './answers/report.ts';
import { isRight, type Outcome, rowsOf, runCase } from './answers/run.ts';
import { startHost } from './answers/server.ts';
import { endFor, endForLacking, parseFlags, readFlags } from './needs.ts';
import { type PeerAnswer, type Peers, peers, startPeers } from './peers/python.ts';

const values = parseFlags({
  ...caseFlags,
  venv: { type: 'string' },
  peer: { type: 'string', multiple: true },
});
const options = readOptions(values);
const all = ['sqlq', ...peers] as const;
const flags = z.object({ venv: z.string().optional(), peer: z.array(z.enum(all)).default([...all]) });
const { venv, peer: wanted } = readFlags(flags, values);
const { model, sets, limit } = options;
const baseUrl = options['base-url'];
if (baseUrl === undefined || model === undefined) {
  endFor('bench:peers needs --base-url URL and --model NAME of one server for all.');
}

function startOthers(url: string, name: string): Peers {
  try {
    return startPeers(url, name, venv);
  } catch (error) {
    return endForLacking(error);
  }
}

/** What one peer came to, held against the gold queries. */
async function judged({ context }: Opened, entry: Case, answer: PeerAnswer): Promise<Outcome> {
  const { sql, error, milliseconds, requests, tokensIn, tokensOut } = answer;
  let result: Outcome['result'] = 'failed';
  let note = error;
  try {
    if (sql !== null) {
      const rows = await rowsOf(context.database, sql);
      result = (await isRight(context.database, entry.golds, rows)) ? 'right' : 'wrong';
    }
  } catch (problem) {
    note = messageOf(problem);
  }
  const spoken = { doubts: [], assumptions: [] };
  return { ...entry, result, sql, note, milliseconds, ...spoken, requests, tokensIn, tokensOut };
}

const program = createProgram(options.flags);
const others = peers.filter((peer) => wanted.includes(peer));
const asked = others.length === 0 ? null : startOthers(baseUrl, model);
const kept = openKept(options);
try {
  for (const { file: questions, folder } of sets) {
    const host = await startHost('sqlite', folder, undefined);
    for (const entry of spread(readCases(questions, 'sqlite'), limit)) {
      const open = wanted.filter((peer) => !kept.has(peer, entry));
      if (open.length === 0) {
        continue;
      }
      const file = resolve(folder, `${entry.database}.sqlite`);
      const opened = await program.open(entry.database, await host.targetOf(entry.database));
      const add = (peer: string, outcome: Outcome): void => {
        kept.add({ ...outcome, peer });
        process.stderr.write(`${outcome.id} ${peer}: ${outcome.result}\n`);
      };
      if (open.includes('sqlq')) {
        add('sqlq', await runCase(opened, entry));
      }
      const { id, question } = entry;
      const asking = { id, question, file, peers: others.filter((peer) => open.includes(peer)) };
      for await (const answer of asked?.ask(asking) ?? []) {
        add(answer.peer, await judged(opened, entry, answer));
      }
      await opened.close();
    }
  }
} finally {
  asked?.close();
  program.close();
}
for (const [peer, outcomes] of Map.groupBy(kept.outcomes, (outcome) => outcome.peer)) {
  const { right, wrong, refused, failed } = counts(outcomes);
  console.log(
    `${peer.padEnd(16)} cases ${outcomes.length}  right ${right}  wrong ${wrong}  refused ${refused}  failed ${failed}  ` +
      `wrong and silent ${silent(outcomes).length}  ${spent(outcomes)}`,
  );
}
