import { resolve } from 'node:path';
import { ask } from '../../../ask/ask.ts';
import type { AskContext } from '../../../ask/context.ts';
import { mapOrdered } from '../../../ask/map-ordered.ts';
import { createReport } from '../../../ask/report.ts';
import { answerLine, type BatchAnswer } from '../../../batch/answer-line.ts';
import { type Journal, openJournal } from '../../../batch/journal.ts';
import { type BatchQuestion, readQuestions } from '../../../batch/read-questions.ts';
import { type ExitCode, exitCodes, SqlqError } from '../../../errors.ts';
import { claimFile } from '../../../files/claim-rows.ts';
import type { ValueIndex } from '../../../model/model.ts';
import type { Schema } from '../../../schema/schema.ts';
import { progressBar } from '../../../terminal/progress-bar.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { askContext } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { countsOf } from '../../run/event-log.ts';
import { chooseModel } from '../../run/model.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { AskOptions } from './options.ts';

const defaultJobs = 4;

/** Rows of one answer; more than these belong into a file of their own. */
const mostRows = 100_000;

/** `sqlq ask --batch`: each question of a file on the way that every question goes, each answer a line of JSON. */
export function runBatch(
  file: string,
  words: readonly string[],
  options: AskOptions,
  context: CommandContext,
): Promise<ExitCode> {
  refuseFlags(words, options);
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const path = resolve(context.workingDirectory, file);
    // First, for the report of a file that can't be read may not be written over it.
    await context.files.reads([path]);
    const questions = await readQuestions(path, context.signal);
    await claimFile({ ...setup, files: context.files }, options.output ?? null, {
      what: 'ndjson',
      force: options.force === true,
    });
    const jobs = Math.min(options.jobs ?? defaultJobs, questions.length);
    const chosen = await chooseModel(setup, context);
    const databases: OpenedDatabase[] = [];
    const quiet: Setup = { ...setup, terminal: createSilentTerminal(context.streams, context.environment) };
    const workers: Promise<AskContext>[] = [];
    let schema: Promise<Schema> | null = null;
    let values: Promise<ValueIndex> | null = null;
    /** Connections are opened as they are needed, and each does one thing at a time. */
    const contextOf = (worker: number): Promise<AskContext> => {
      workers[worker] ??= (async () => {
        const database = await openConfigured(quiet, context, 'read');
        databases.push(database);
        // Its --output holds answers, and not the rows of one.
        const { output: _output, ...flags } = options;
        const asked = await askContext(quiet, context, database, { ...flags, yes: true }, chosen);
        return {
          ...asked,
          knowledge: {
            ...asked.knowledge,
            // Read once for all: an engine prepares each schema that it is given.
            readSchema: () => (schema ??= asked.knowledge.readSchema()),
            readValues: (read) => (values ??= asked.knowledge.readValues(read)),
          },
        };
      })();
      return workers[worker];
    };
    let journal: Journal | null = null;
    const failures: number[] = [];
    let done = 0;
    try {
      const first = await contextOf(0);
      journal =
        options.output === undefined
          ? null
          : await openJournal(resolve(context.workingDirectory, options.output), questions, [
              databases[0]?.identity,
              [first.generation.model.provider, first.generation.model.name],
              [setup.settings.values.limit, options.dryRun === true],
            ]);
      const kept = journal?.answered.size ?? 0;
      if (kept > 0) {
        terminal.note(
          terminal.escape(`Going on: ${kept} of ${questions.length} are answered in ${options.output}.part.`),
        );
      }
      terminal.progress.step(progressBar(0, questions.length));
      await mapOrdered(
        questions,
        jobs,
        async (question, worker, index) => {
          const before = journal?.answered.get(index);
          if (before !== undefined) {
            return before;
          }
          const line = answerLine(question, await answerTo(question, await contextOf(worker), setup));
          await journal?.add(index, line);
          return line;
        },
        async (line) => {
          done += 1;
          if (line.exitCode !== exitCodes.answered) {
            failures.push(line.exitCode);
          }
          if (journal === null) {
            terminal.progress.stop();
            await terminal.print(`${line.text}\n`);
          }
          if (done < questions.length) {
            terminal.progress.step(progressBar(done, questions.length));
          }
        },
      );
      terminal.progress.stop();
      await journal?.finish();
    } catch (error) {
      await journal?.close();
      terminal.progress.stop();
      if (journal !== null && journal.answered.size > 0) {
        const { size } = journal.answered;
        terminal.warn(
          `${size} of ${questions.length} answers are in ${terminal.escape(`${options.output}.part`)}; the same command goes on from there.`,
        );
      }
      throw error;
    } finally {
      await Promise.all(databases.map(({ client }) => client.close()));
    }
    const where = options.output === undefined ? '' : ` in ${terminal.escape(options.output)}`;
    terminal.note(`${questions.length - failures.length} of ${questions.length} questions answered${where}.`);
    return worstOf(failures);
  });
}

/** One question, however it ends. Rejects only where the batch as a whole has to. */
async function answerTo(
  { id, question }: BatchQuestion,
  shared: AskContext,
  { log }: Setup,
): Promise<BatchAnswer> {
  const report = createReport();
  const end = (answer: BatchAnswer): BatchAnswer => {
    report.data.exitCode = answer.exitCode;
    const name = id === null ? null : String(id);
    log.write('question', { id: name, steps: report.data.steps, ...countsOf(report.data) });
    return answer;
  };
  const { delivery } = shared;
  const context: AskContext = {
    ...shared,
    report,
    delivery: { ...delivery, output: null, limit: delivery.limit ?? mostRows, collect: true },
  };
  try {
    const { statement, assumptions, columns, kept, rows, truncated } = await ask(context, question);
    const result = rows === null ? null : { columns, rows: kept, truncated };
    const { doubts, sources } = report.data;
    return end({
      sql: statement.sql,
      assumptions,
      doubts,
      sources,
      result,
      exitCode: exitCodes.answered,
      error: null,
    });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SqlqError) || error.code === 'usage' || error.code === 'cancelled') {
      throw error;
    }
    const { sql, assumptions, doubts, sources } = report.data;
    return end({
      sql,
      assumptions,
      doubts,
      sources,
      result: null,
      exitCode: exitCodes[error.code],
      error: error.message,
    });
  }
}

/** How a batch ends: as what failed worst did. A refusal is an answer of its own, and no failure of anything. */
function worstOf(codes: readonly number[]): ExitCode {
  const order = [exitCodes.failed, exitCodes.limit, exitCodes.unanswerable, exitCodes.refused];
  return order.find((code) => codes.includes(code)) ?? exitCodes.answered;
}

function refuseFlags(words: readonly string[], options: AskOptions): void {
  const refused =
    words.length > 0
      ? 'a question besides'
      : options.write === true || options.writeDdl === true
        ? '--write'
        : options.format !== undefined
          ? '--format'
          : options.check !== undefined
            ? '--check'
            : null;
  if (refused === null) {
    return;
  }
  throw new SqlqError('usage', `--batch does not go with ${refused}.`, {
    hint: 'It reads, and writes a JSON object a line.',
  });
}
