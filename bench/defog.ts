/**
 * Defog's sql-eval: business questions with several accepted answers, and questions that no query can answer. Prints a
 * line for each kind; with --json writes one line a case.
 *
 * usage: npm run bench:defog -- --folder DIR [--engine sqlite|postgres|mysql] [--profile offline] [--server URL] [--json OUT]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readDefog } from './answers/defog.ts';
import { createProgram } from './answers/program.ts';
import { summary } from './answers/report.ts';
import { runCases } from './answers/run.ts';
import { startHost } from './answers/server.ts';
import { parseFlags, pathFlag, readFlags } from './needs.ts';

const defogNeed =
  '--folder has to name a copy of the data of https://github.com/defog-ai/sql-eval (Apache-2.0)';
const values = parseFlags({
  folder: { type: 'string' },
  engine: { type: 'string', default: 'sqlite' },
  profile: { type: 'string', default: 'offline' },
  server: { type: 'string' },
  json: { type: 'string' },
});
const { folder, engine, profile, server, json } = readFlags(
  z.object({
    folder: pathFlag(defogNeed),
    engine: z.enum(['sqlite', 'postgres', 'mysql']),
    profile: z.string(),
    server: z.string().optional(),
    json: z.string().optional(),
  }),
  values,
);

const program = createProgram({ profile });
const host = await startHost(engine, join(folder, engine), server);
try {
  const answerable = await runCases(
    readDefog(join(folder, `questions/questions_gen_${engine}.csv`)),
    host,
    program,
  );
  console.log(summary(engine, answerable));
  const unanswerable = await runCases(readDefog(join(folder, 'questions/unanswerable.csv')), host, program);
  const refused = unanswerable.filter((outcome) => outcome.result === 'refused').length;
  const share = ((100 * refused) / Math.max(1, unanswerable.length)).toFixed(1);
  console.log(
    `refused ${share} % of the unanswerable  ${engine}  cases ${unanswerable.length}  answered ${unanswerable.length - refused}`,
  );
  if (json !== undefined) {
    writeFileSync(
      json,
      [...answerable, ...unanswerable].map((outcome) => `${JSON.stringify(outcome)}\n`).join(''),
    );
  }
} finally {
  await host.stop();
  program.close();
}
