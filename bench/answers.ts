/**
 * How many questions of a case file are answered rightly, through the program's own way: introspection, model, guard,
 * check, query. Prints one line an engine, and with --json writes one line a case.
 *
 * usage: npm run bench:answers -- --cases FILE.jsonl --databases DIR --engine sqlite|postgres|mysql
 *          [--profile offline] [--server URL] [--json OUT]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readCases } from './answers/cases.ts';
import { modelOf } from './answers/models.ts';
import { summary } from './answers/report.ts';
import { type Outcome, runCases } from './answers/run.ts';
import { startHost } from './answers/server.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    databases: { type: 'string' },
    engine: { type: 'string', default: 'sqlite' },
    profile: { type: 'string', default: 'offline' },
    server: { type: 'string' },
    json: { type: 'string' },
  },
});
const options = z
  .object({
    cases: z.string(),
    databases: z.string(),
    engine: z.enum(['sqlite', 'postgres', 'mysql']),
    profile: z.string(),
    server: z.string().optional(),
    json: z.string().optional(),
  })
  .parse(values);

const model = await modelOf(options.profile);
const host = await startHost(options.engine, options.databases, options.server);
let outcomes: readonly Outcome[];
try {
  outcomes = await runCases(readCases(options.cases, options.engine), host, model);
} finally {
  await host.stop();
}
console.log(summary(options.engine, outcomes));
if (options.json !== undefined) {
  writeFileSync(options.json, outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
}
