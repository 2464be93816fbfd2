/**
 * How often every table of the right answer is among those that a model is told of, where not all fit: Spider's
 * databases as one of some hundred tables, and the real schemas of MusicBrainz and Phabricator with the questions of
 * `fixtures/wide`. No model is asked.
 *
 * usage: npm run bench:link -- [--spider DIR --train DIR] [--budget TOKENS] [--all]
 *          DIR has `cases.jsonl` and `sqlite/*.sqlite`; SQLQ_BENCH_WIDE names the folder of the real schemas
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dialectOf } from '../src/database/engines.ts';
import { describeSchema } from '../src/schema/describe.ts';
import { charactersPerToken, linkSchema } from '../src/schema/link/link.ts';
import type { Schema } from '../src/schema/schema.ts';
import { readCases } from './answers/cases.ts';
import { factsSchema, mergedSchema } from './link/schemas.ts';
import { parseFlags, readFlags } from './needs.ts';

const values = parseFlags({
  spider: { type: 'string' },
  train: { type: 'string' },
  budget: { type: 'string', default: '8000' },
  all: { type: 'boolean', default: false },
});
const { budget } = readFlags(z.object({ budget: z.coerce.number().positive() }), values);

interface Sought {
  readonly question: string;
  readonly tables: readonly string[];
}

function measure(name: string, schema: Schema, questions: readonly Sought[]): void {
  const naming = dialectOf(schema.dialect.engine);
  const options = { comments: true, defaults: false };
  let whole = 0;
  let told = 0;
  let largest = 0;
  const times: number[] = [];
  const missed: string[] = [];
  for (const { question, tables } of questions) {
    const start = performance.now();
    const linked = linkSchema(
      schema,
      naming,
      { question, background: [], budget: budget * charactersPerToken },
      options,
    );
    times.push(performance.now() - start);
    const text = `${describeSchema(linked.schema, naming, options)}\n${linked.rest}`;
    largest = Math.max(largest, Math.ceil(text.length / charactersPerToken));
    told += linked.told;
    const [alike = ''] = linked.rest.split(/^Left out/mu);
    const lacking = tables.filter(
      (table) =>
        !linked.schema.tables.some((entry) => entry.name === table) &&
        !alike.split(/[:,\n]/u).some((entry) => entry.trim().replaceAll('"', '') === table),
    );
    if (lacking.length === 0) {
      whole += 1;
    } else {
      missed.push(`  ${question} (${lacking.join(', ')})`);
    }
  }
  const sorted = times.toSorted((a, b) => a - b);
  console.log(
    `${name.padEnd(12)} ${schema.tables.length} tables  all there ${((100 * whole) / questions.length).toFixed(1)} % of ${questions.length} questions  told ${Math.round(told / questions.length)} tables  at most ${largest} tokens  median ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1)} ms`,
  );
  console.log(missed.slice(0, values.all ? missed.length : 5).join('\n'));
}

if (values.spider !== undefined) {
  const folders = [values.spider, ...(values.train === undefined ? [] : [values.train])];
  const merged = await mergedSchema(folders.map((folder) => join(folder, 'sqlite')));
  for (const folder of folders) {
    const questions = readCases(join(folder, 'cases.jsonl'), 'sqlite').map(
      ({ question, database, golds }) => ({
        question,
        tables: [...(golds[0] ?? '').matchAll(/\b(?:from|join)\s+["`]?(\w+)/giu)].flatMap(
          ([, name = '']) => merged.nameOf(database, name) ?? [],
        ),
      }),
    );
    measure(folder.split('/').at(-1) ?? folder, merged.schema, questions);
  }
}
for (const name of ['musicbrainz', 'phabricator']) {
  const lines = readFileSync(new URL(`../fixtures/wide/${name}.jsonl`, import.meta.url), 'utf8');
  const questions = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.object({ question: z.string(), tables: z.array(z.string()) }).parse(JSON.parse(line)));
  measure(name, factsSchema(name), questions);
}
