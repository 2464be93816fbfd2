/**
 * Any model, also by hand: writes the requests of case files to a folder, and plays back the answers that somebody put
 * there. `--out DIR` writes `ID.1.request.json`, the messages of a first request, for each case. Whoever answers writes
 * `ID.1.reply.txt` beside it. `--in DIR` goes the program's whole way with those replies, writes the requests that
 * follow from them (repairs: `ID.2.request.json`), and sums up as `bench:answers` does what has been answered.
 *
 * usage: npm run bench:prompts -- --cases FILE.jsonl --databases DIR [--engine sqlite|postgres|mysql] [--limit N]
 *          [--send KINDS] [--budget TOKENS] (--out DIR | --in DIR) [--json OUT]
 */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { charactersPerToken } from '../src/schema/link/link.ts';
import { caseFlags, readOptions } from './answers/options.ts';
import { createPlayedModel } from './answers/played-model.ts';
import { createProgram } from './answers/program.ts';
import { summary } from './answers/report.ts';
import { runSets } from './answers/sets.ts';
import { parseFlags, readFlags } from './needs.ts';

const values = parseFlags({
  ...caseFlags,
  out: { type: 'string' },
  in: { type: 'string' },
  budget: { type: 'string', default: '8000' },
});
const options = readOptions(values);
const {
  out,
  in: replies,
  budget,
} = readFlags(
  z
    .object({ out: z.string().optional(), in: z.string().optional(), budget: z.coerce.number().positive() })
    .refine((given) => (given.out === undefined) !== (given.in === undefined), {
      message: 'give --out DIR to write requests, or --in DIR to play replies back',
    }),
  values,
);

const model = createPlayedModel(out ?? replies ?? '', budget * charactersPerToken);
const { profile: _profile, ...flags } = options.flags;
const program = createProgram(flags, model.chosen);
try {
  const asked = { ...options, json: undefined, resume: false };
  const outcomes = await runSets(asked, program, (entry) => model.begin(entry.id));
  const answered = outcomes.filter(({ note }) => !/has no reply yet/u.test(note ?? ''));
  if (options.json !== undefined) {
    writeFileSync(options.json, answered.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
  }
  console.log(
    `${model.open.length} requests wait for a reply in ${out ?? replies}: ${model.open.slice(0, 3).join(', ')}`,
  );
  if (answered.length > 0) {
    console.log(summary(options.engine, answered));
  }
} finally {
  program.close();
}
