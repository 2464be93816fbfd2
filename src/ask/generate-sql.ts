import { SqlqError } from '../errors.ts';
import type { Answer } from '../model/answer.ts';
import type { Attempt, ModelRequest } from '../model/model.ts';
import type { Language } from '../words/language.ts';
import { askModel, requestFor } from './ask-model.ts';
import type { AskContext, AskedQuestion, Generation } from './context.ts';
import { withLabels } from './labels.ts';
import { createLooker } from './look/looker.ts';
import { type PlannedStatement, type Problem, planStatement } from './plan-statement.ts';
import { problemText } from './prompt/problem.ts';
import { lookLimits, type ToldSchema, tellSchema } from './tell-schema.ts';

/** SQL that may be shown, or what the model says instead. */
export type Generated =
  | {
      readonly kind: 'sql';
      readonly statement: PlannedStatement;
      readonly assumptions: readonly string[];
      readonly reasoning?: string;
      /** As `Answer` has it. */
      readonly language?: Language;
      /** What it answers, as it was asked before any repair. */
      readonly request: ModelRequest;
      /** It was in the answer cache. */
      readonly isCached: boolean;
      /** It may go there: it is of the model that was chosen. */
      readonly mayKeep: boolean;
      /** As `ModelReply` has it. */
      readonly holdsStoredValues: boolean;
    }
  | Exclude<Answer, { kind: 'sql' | 'tables' | 'calls' }>;

/** A question, and how many replies of the model there may still be for it, counted down. */
export interface QuestionToAnswer extends AskedQuestion {
  readonly replies: { left: number };
}

/** So many replies that lead to nothing end a question: a fourth would not be better, unless somebody wants more repairs. */
export function mostReplies({ repairs }: Generation): number {
  return Math.max(3, repairs + 1);
}

/**
 * Asks the model until it has SQL that the guard admits and the database understands. What is refused goes back to
 * the model with the reason, at most `repairs` times and as long as replies are left; then the last problem is thrown.
 */
export async function generateSql(context: AskContext, asked: QuestionToAnswer): Promise<Generated> {
  const { report, terminal, signal, generation } = context;
  const attempts = [...asked.attempts];
  const askedAt = performance.now();
  let told = generation.readsValues ? null : await tellSchema(context, asked);
  noteOfCut(context, told);
  const limits = lookLimits(context, told);
  const looker = limits === null ? null : await createLooker(context, asked.schema, limits);
  const request = (): ModelRequest =>
    requestFor(context, { ...asked, looks: looker?.turns ?? [], attempts: [...attempts] }, told, {
      askedAt,
      looking: looker?.looking ?? null,
      mostReplies: asked.replies.left,
    });
  const first = request();
  const cached = await fromCache(context, first);
  if (cached !== null) {
    return cached;
  }
  let next = first;
  for (let repair = 0; ; repair += 1, next = request()) {
    const asking = next;
    const reply = await report.time('model', () => askModel(context, asking));
    asked.replies.left -= reply.replies ?? 1;
    if (reply.answer.kind === 'calls') {
      if (looker?.looking == null) {
        return { kind: 'unanswerable', reason: 'the model calls tools that it was not offered.' };
      }
      await looker.take(reply.answer.calls, reply.answer.said);
      // It was no try.
      repair -= 1;
      continue;
    }
    looker?.end();
    if (reply.answer.kind === 'tables') {
      const { names } = reply.answer;
      if (told === null || !told.mayNeedTables) {
        return {
          kind: 'unanswerable',
          reason: `the model asks for tables that it was told of, or that are not there: ${names.join(', ')}.`,
        };
      }
      terminal.note(
        terminal.style('dim', terminal.escape(`The model asks for ${names.join(', ')} as well.`)),
      );
      told = await tellSchema(context, asked, names);
      // It was no try.
      repair -= 1;
      continue;
    }
    if (reply.answer.kind !== 'sql') {
      return reply.answer;
    }
    const { reasoning, language } = reply.answer;
    const { sql, assumptions } = await withLabels(context, asked.schema, asked.question, reply.answer);
    const holdsStoredValues = reply.holdsStoredValues ?? false;
    // Told only where it is so.
    const held = holdsStoredValues ? { holdsStoredValues } : {};
    report.data.sql = sql;
    report.data.assumptions = assumptions;
    terminal.progress.step('Checking the SQL');
    const statement = await report.time('check', () =>
      planStatement(context.database, sql, context.access, signal),
    );
    const mayRepair = repair < generation.repairs && asked.replies.left > 0;
    const unmended = 'error' in statement ? [] : warningsToMend(statement, attempts, mayRepair);
    if (!('error' in statement) && unmended.length === 0) {
      const mayKeep = (reply.answeredBy?.instead ?? null) === null;
      const known = language === undefined ? {} : { language };
      const made = { statement, assumptions, reasoning, ...known, request: first, holdsStoredValues };
      return { kind: 'sql', ...made, isCached: false, mayKeep };
    }
    if (!('error' in statement)) {
      terminal.progress.stop();
      terminal.note(terminal.style('dim', `${unmended.join(' ')} Asking for a better one.`));
      attempts.push({ sql, source: 'database', problem: unmended.join(' '), ...held });
      continue;
    }
    if (!mayRepair) {
      throw lastProblem(statement, sql, repair);
    }
    terminal.progress.stop();
    terminal.note(
      terminal.style(
        'yellow',
        `${statement.source === 'guard' ? 'The guard' : 'The database'} refused the SQL: ${terminal.escape(statement.error.message)}`,
      ),
    );
    terminal.note(terminal.style('dim', `Asking for a better one (${repair + 1} of ${generation.repairs}).`));
    const problem = problemText(context, asked.schema, sql, statement);
    attempts.push({ sql, reasoning, source: statement.source, problem, ...held });
  }
}

/** What the database would read otherwise than it looks: the model hears of it once, and may mean it. */
function warningsToMend(
  { plan }: PlannedStatement,
  attempts: readonly Attempt[],
  mayRepair: boolean,
): readonly string[] {
  const warnings = plan.warnings ?? [];
  const isSaid = attempts.some(({ problem }) => problem === warnings.join(' '));
  return mayRepair && !isSaid ? warnings : [];
}

/** SQL that the same request was answered with before, admitted and planned anew; null where there is none that holds. */
async function fromCache(context: AskContext, request: ModelRequest): Promise<Generated | null> {
  const { report, terminal, signal } = context;
  const found = (await context.generation.answers?.find(request)) ?? null;
  if (found === null) {
    return null;
  }
  const { sql, assumptions, at } = found;
  const statement = await report.time('check', () =>
    planStatement(context.database, sql, context.access, signal),
  );
  if ('error' in statement) {
    return null;
  }
  report.data.sql = sql;
  report.data.assumptions = assumptions;
  const time = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  terminal.note(
    terminal.style('dim', `Using the answer of ${time} to the same request; --no-cache asks again.`),
  );
  return {
    kind: 'sql',
    statement,
    assumptions,
    request,
    isCached: true,
    mayKeep: false,
    holdsStoredValues: false,
  };
}

/** Says where the model hears of a part of the tables. */
function noteOfCut({ terminal }: AskContext, told: ToldSchema | null): void {
  if (told !== null && told.tables < told.total) {
    terminal.note(
      `The model is told of ${told.tables} of ${told.total} tables, those that fit its window and the question best.`,
    );
  }
}

function lastProblem(problem: Problem, sql: string, repairs: number): SqlqError {
  const tries = repairs === 0 ? '' : ` after ${repairs === 1 ? 'one repair' : `${repairs} repairs`}`;
  return new SqlqError(
    problem.error.code,
    `The model's SQL was refused${tries}: ${problem.error.message}\n${sql}`,
    {
      hint:
        problem.error.hint ?? 'Ask in other words, name the tables, or try a stronger model with --model.',
      cause: problem.error,
    },
  );
}
