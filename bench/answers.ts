/**
 * How many questions of case files are answered rightly, on the program's own way: schema, notes, model, guard, check,
 * repairs, doubts, query. Prints a line for each set, then in the last lines what is right, what it took of the model,
 * and how many answers were wrong without a doubt. With --json writes one line a case as it is answered; --resume goes
 * on with the lines that are there.
 *
 * usage: npm run bench:answers -- --cases FILE.jsonl --databases DIR [--cases FILE --databases DIR …]
 *          --engine sqlite|postgres|mysql [--profile offline | --base-url URL --model NAME] [--send KINDS] [--limit N]
 *          [--server URL] [--json OUT [--resume]]
 */
import { caseFlags, readOptions } from './answers/options.ts';
import { createProgram } from './answers/program.ts';
import { summary } from './answers/report.ts';
import { runSets } from './answers/sets.ts';
import { parseFlags } from './needs.ts';

const options = readOptions(parseFlags(caseFlags));
const program = createProgram(options.flags);
try {
  console.log(summary(options.engine, await runSets(options, program)));
} finally {
  program.close();
}
