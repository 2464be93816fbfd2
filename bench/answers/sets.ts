import { type Case, readCases, spread } from './cases.ts';
import { openKept } from './kept.ts';
import type { CaseOptions } from './options.ts';
import type { Program } from './program.ts';
import { type Outcome, runCases } from './run.ts';
import { startHost } from './server.ts';

/**
 * Asks the questions of all case files, or of a limited number spread over each, and says on stderr how far it is. What is
 * known of a run before is not asked again.
 */
export async function runSets(
  options: CaseOptions,
  program: Program,
  onCase: (entry: Case) => void = () => {},
): Promise<readonly Outcome[]> {
  const kept = openKept(options);
  for (const { file, folder } of options.sets) {
    const cases = spread(readCases(file, options.engine), options.limit).filter(
      (entry) => !kept.has('sqlq', entry),
    );
    const host = await startHost(options.engine, folder, options.server);
    try {
      await runCases(cases, host, program, onCase, (outcome) => {
        kept.add({ peer: 'sqlq', ...outcome });
        if (kept.outcomes.length % 20 === 0) {
          const right = kept.outcomes.filter(({ result }) => result === 'right').length;
          process.stderr.write(`${kept.outcomes.length} asked, ${right} right\n`);
        }
      });
    } finally {
      await host.stop();
    }
  }
  return kept.outcomes;
}
