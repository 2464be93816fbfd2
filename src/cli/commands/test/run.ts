import { writeFile } from 'node:fs/promises';
import { mapOrdered } from '../../../ask/map-ordered.ts';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import { claimFile } from '../../../files/claim-rows.ts';
import type { Suite } from '../../../suite/read-suite.ts';
import { type RecordedCase, readRecording, writeRecording } from '../../../suite/recording.ts';
import { StaleRecordingError } from '../../../suite/replay.ts';
import { createReporter } from '../../../suite/report/create.ts';
import { type CaseResult, hasPassed, type Reporter } from '../../../suite/report/report.ts';
import { type Outcome, runCase } from '../../../suite/run-case.ts';
import { progressBar } from '../../../terminal/progress-bar.ts';
import type { Terminal } from '../../../terminal/terminal.ts';
import { withoutSymbols } from '../../../terminal/unicode.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import { type Job, readJobs } from './jobs.ts';
import type { TestOptions } from './options.ts';
import { atCase, createPreparer, type Mode, type Preparer } from './prepare.ts';

const defaultJobs = 4;

/** `sqlq test`: asks the questions of suites, and holds the answers against what is expected of them. */
export function run(
  { argument: files, options }: Invocation<readonly string[], TestOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const mode = modeOf(options);
    const repeat = options.repeat ?? 1;
    if (mode === 'record' && repeat > 1) {
      throw new SqlqError('usage', '--record keeps one reply of each case, and can not be repeated.', {
        hint: 'Use --live --repeat to see how often each case is right.',
      });
    }
    const jobs = await readJobs(files, context.workingDirectory, options.filter, mode, (paths) =>
      context.files.reads(paths),
    );
    await claimFile({ ...setup, files: context.files }, options.output ?? null, {
      what: options.reporter ?? 'text',
      force: options.force === true,
    });
    const { main, text } = reportersOf(options, setup.terminal);
    const kept = new Map<Suite, RecordedCase[]>();
    const results: CaseResult[] = [];
    const start = performance.now();
    let written = main.begin(jobs.length);
    const show = async (part: string): Promise<void> => {
      setup.terminal.progress.stop();
      if (part !== '') {
        await setup.terminal.print(part);
      }
    };
    if (options.output === undefined) {
      await show(written);
    }
    const workers = Math.min(options.jobs ?? defaultJobs, jobs.length);
    const preparer = createPreparer(setup, context, options, mode);
    progress(setup, 0, jobs.length);
    try {
      await mapOrdered(
        jobs,
        workers,
        (job, worker) => runJob(job, worker, preparer, repeat),
        async ({ result, recorded }, index) => {
          results.push(result);
          if (recorded !== null) {
            const { suite } = jobs[index] ?? {};
            if (suite !== undefined) {
              kept.set(suite, [...(kept.get(suite) ?? []), recorded]);
            }
          }
          const part = main.result(result, index);
          written += part;
          await show(options.output === undefined ? part : text.result(result, index));
          progress(setup, results.length, jobs.length);
        },
      );
    } finally {
      await preparer.close();
      // What was paid for is kept, also where the run is stopped.
      for (const [suite, recorded] of kept) {
        await keep(suite, recorded, setup.terminal);
      }
    }
    const milliseconds = performance.now() - start;
    written += main.end(results, milliseconds);
    if (options.output === undefined) {
      await show(main.end(results, milliseconds));
    } else {
      await show(text.end(results, milliseconds));
      await writeReport(options.output, written);
    }
    return results.every(hasPassed) ? exitCodes.answered : exitCodes.failed;
  });
}

function modeOf({ record, live }: TestOptions): Mode {
  if (record === true && live === true) {
    throw new SqlqError('usage', '--record keeps what --live does not: give one of them.');
  }
  return record === true ? 'record' : live === true ? 'live' : 'replay';
}

function reportersOf(
  options: TestOptions,
  terminal: Terminal,
): { readonly main: Reporter; readonly text: Reporter } {
  const plain = terminal.unicode ? (text: string): string => text : withoutSymbols;
  const style = { color: terminal.color.stdout, safe: terminal.escape, plain };
  const main = createReporter(
    options.reporter ?? 'text',
    options.output === undefined ? style : { ...style, color: false },
  );
  return { main, text: createReporter('text', style) };
}

/** Asks a case as often as it should be, and collects what went wrong. */
async function runJob(
  { suite, entry, recordings }: Job,
  worker: number,
  preparer: Preparer,
  repeat: number,
): Promise<{ readonly result: CaseResult; readonly recorded: RecordedCase | null }> {
  const outcomes: Outcome[] = [];
  let recorded: RecordedCase | null = null;
  for (let run = 0; run < repeat; run++) {
    try {
      const prepared = await preparer.prepare(worker, suite.path, entry, recordings);
      outcomes.push(await runCase(entry, prepared.context));
      recorded = prepared.recorded();
    } catch (error) {
      if (!(error instanceof StaleRecordingError)) {
        throw atCase(error, suite.path, entry);
      }
      outcomes.push(notRecorded(error));
    }
  }
  // A case to which the model gave no reply has nothing to be given again.
  return {
    result: { suite: suite.path, entry, outcomes },
    recorded: recorded?.turns.length ? recorded : null,
  };
}

function notRecorded(error: StaleRecordingError): Outcome {
  return {
    failures: [{ message: error.message }],
    warnings: [],
    sql: null,
    tokens: null,
    milliseconds: 0,
    stale: true,
  };
}

/** Keeps new replies beside those of cases that were not asked; what was kept for cases that are gone goes. */
async function keep(suite: Suite, recorded: readonly RecordedCase[], terminal: Terminal): Promise<void> {
  // What can't be read is recorded again.
  const before = await readRecording(suite.path).catch(() => new Map<string, RecordedCase>());
  const now = new Map(recorded.map((entry) => [entry.case, entry]));
  const replies = suite.cases.flatMap(({ name }) => now.get(name) ?? before.get(name) ?? []);
  await writeRecording(suite.path, replies);
  terminal.note(terminal.escape(`Kept the replies to ${recorded.length} cases of ${suite.path}.`));
}

function progress({ terminal }: Setup, done: number, total: number): void {
  if (done < total) {
    terminal.progress.step(progressBar(done, total));
  }
}

async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new SqlqError('usage', `The results can't be written to ${path}: ${messageOf(error)}.`, {
      hint: 'Check that its folder exists and is yours to write to.',
      cause: error,
    });
  }
}
