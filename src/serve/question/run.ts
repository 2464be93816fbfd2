import type { Delivery } from '../../ask/context.ts';
import { type CheckedStatement, runChecked, runSql } from '../../ask/run.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import type { ApiDoubt, ApiRun } from '../api/answer.ts';
import { evidenceOf } from './answer-of.ts';
import { audited } from './audited.ts';
import type { KeptAnswer } from './kept-answer.ts';
import { callOf, databaseOf, type Work } from './work.ts';

/** How the rows of an answer went out. */
export interface Ran {
  readonly rows: number;
  readonly truncated: boolean;
  readonly doubts: readonly ApiDoubt[];
  readonly milliseconds: number;
  readonly columns: Awaited<ReturnType<typeof runSql>>['columns'];
  readonly kept: Awaited<ReturnType<typeof runSql>>['kept'];
}

/**
 * Runs exactly the SQL of an answer, judged anew: what is judged is what runs. How it went is kept with the answer and in
 * the history. `checked` is that SQL where this very request has had it planned and doubted.
 */
export async function runAnswer(
  work: Work,
  answer: KeptAnswer,
  delivery: Partial<Delivery>,
  checked: CheckedStatement | null = null,
): Promise<Ran> {
  const { told, made } = answer;
  const { now } = work.parts;
  const time = now().toISOString();
  const start = performance.now();
  const took = (): number => Math.round(performance.now() - start);
  const database = await databaseOf(work, told.database);
  const call = callOf(work);
  const { data } = call.report;
  data.question = told.question;
  data.provider = told.answeredBy.provider;
  data.model = told.answeredBy.model;
  data.assumptions = told.assumptions.map(({ text }) => text);
  const doubts = (): ApiDoubt[] =>
    data.doubts.map((doubt) => ({ ...doubt, evidence: evidenceOf(doubt.evidence) }));
  return audited(
    work,
    'run',
    { database: database.name, question: told.question, sql: told.sql },
    async (note) => {
      try {
        const context = database.runContext(call);
        const strict = context.doubts !== null && (context.doubts.strict || made.strict);
        const running = {
          ...context,
          doubts: context.doubts === null ? null : { ...context.doubts, strict },
          delivery: { ...context.delivery, collect: false, ...delivery },
        };
        const ran = await (checked === null
          ? runSql(running, told.sql, made.parameters)
          : runChecked(running, checked));
        const rows = ran.rows ?? 0;
        note({ rows });
        const done = {
          time,
          rows,
          truncated: ran.truncated,
          milliseconds: took(),
          doubts: doubts(),
          error: null,
        };
        await keepRun(work, answer, done, 'answered');
        return {
          rows,
          truncated: ran.truncated,
          doubts: done.doubts,
          milliseconds: done.milliseconds,
          columns: ran.columns,
          kept: ran.kept,
        };
      } catch (error) {
        const failed = {
          time,
          rows: data.rows,
          truncated: false,
          milliseconds: took(),
          doubts: doubts(),
          error: work.parts.workspace.redact(messageOf(error)),
        };
        await keepRun(work, answer, failed, error instanceof SqlqError ? error.code : 'failed');
        throw error;
      }
    },
  );
}

/** So many runs of an answer are told of, the newest. */
const mostRuns = 20;

async function keepRun(work: Work, { told, made }: KeptAnswer, run: ApiRun, outcome: string): Promise<void> {
  const { answers, workspace } = work.parts;
  await workspace.noteRun({
    who: work.caller.id,
    history: made.history,
    conversation: told.conversation,
    outcome,
    rows: run.rows,
    cacheable: run.error === null ? made.cacheable : null,
  });
  // Its rows have come, or failed to: that it can't be noted changes neither.
  await answers
    .change(work.caller, told.id, (before) =>
      before.kind === 'answer' ? { ...before, runs: [...before.runs, run].slice(-mostRuns) } : before,
    )
    .catch((error: unknown) => workspace.warn(`A run could not be noted: ${messageOf(error)}`));
}
