import { SqlqError } from '../errors.ts';
import type { Answer } from '../model/answer.ts';
import type { Attempt, Message, ModelReply, ModelRequest } from '../model/model.ts';
import { describeSchema } from '../schema/describe.ts';
import { linkSchema } from '../schema/link.ts';
import type { Schema } from '../schema/schema.ts';
import type { AskContext } from './context.ts';
import { withoutData } from './privacy.ts';
import { buildMessages } from './prompt.ts';
import { addUsage } from './report.ts';
import { type Checked, type Problem, verify } from './verify.ts';

/** SQL that may be shown, or what the model says instead. */
export type Proposal =
  | {
      readonly kind: 'sql';
      readonly checked: Checked;
      readonly assumptions: readonly string[];
      readonly reasoning?: string;
    }
  | Exclude<Answer, { kind: 'sql' }>;

/**
 * Asks the model until it has SQL that the guard admits and the database understands. What is refused goes back to
 * the model with the reason, at most `repairs` times; then the last problem is thrown.
 */
export async function propose(
  context: AskContext,
  schema: Schema,
  question: string,
  earlier: readonly Attempt[],
): Promise<Proposal> {
  const { report, terminal, signal } = context;
  const attempts = [...earlier];
  const first = requestFor(context, schema, question, attempts);
  const cached = await fromCache(context, first);
  if (cached !== null) return cached;
  for (let repair = 0; ; repair += 1) {
    const request = repair === 0 ? first : requestFor(context, schema, question, attempts);
    const reply = await report.time('model', () => askModel(context, request));
    if (reply.answer.kind !== 'sql') return reply.answer;
    const { sql, assumptions, reasoning } = reply.answer;
    report.data.sql = sql;
    report.data.assumptions = assumptions;
    terminal.progress.step('Checking the SQL');
    const checked = await report.time('check', () => verify(context.database, sql, context.access, signal));
    if (!('error' in checked)) {
      // What was mended answers the question as it was asked at first.
      await context.answers?.keep(first, { sql, assumptions });
      return { kind: 'sql', checked, assumptions, reasoning };
    }
    if (repair >= context.repairs) throw lastProblem(checked, sql, repair);
    terminal.progress.stop();
    terminal.note(
      terminal.style(
        'yellow',
        `${checked.source === 'guard' ? 'The guard' : 'The database'} refused the SQL: ${terminal.escape(checked.error.message)}`,
      ),
    );
    terminal.note(terminal.style('dim', `Asking for a better one (${repair + 1} of ${context.repairs}).`));
    attempts.push({ sql, source: checked.source, problem: problemText(context, schema, sql, checked) });
  }
}

/** SQL that the same request was answered with before, judged and checked anew; null where there is none that holds. */
async function fromCache(context: AskContext, request: ModelRequest): Promise<Proposal | null> {
  const { report, terminal, signal } = context;
  const found = (await context.answers?.find(request)) ?? null;
  if (found === null) return null;
  const { sql, assumptions, at } = found;
  const checked = await report.time('check', () => verify(context.database, sql, context.access, signal));
  if ('error' in checked) return null;
  report.data.sql = sql;
  report.data.assumptions = assumptions;
  const time = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  terminal.note(
    terminal.style('dim', `Using the answer of ${time} to the same request; --no-cache asks again.`),
  );
  return { kind: 'sql', checked, assumptions };
}

/** What a question is asked with. The prompt is written when it is first read: an engine on this machine needs none. */
function requestFor(
  context: AskContext,
  schema: Schema,
  question: string,
  attempts: readonly Attempt[],
): ModelRequest {
  const { model, terminal, report } = context;
  const tried = [...attempts];
  let messages: readonly Message[] | null = null;
  return {
    question,
    now: context.now,
    schema,
    get messages() {
      messages ??= messagesFor(context, schema, question, tried);
      return messages;
    },
    attempts: tried,
    previous: context.previous ?? null,
    rejected: context.rejected ?? [],
    examples: context.examples ?? [],
    notes: context.notes ?? [],
    values: () => context.readValues(schema),
    onProgress: (tokens) => terminal.progress.step(`Waiting for ${model.name}: ${tokens} tokens`),
    // As each leaves, so that a run that fails reports what it sent.
    onSent: (sent) => report.data.sent.push(sent),
  };
}

async function askModel(context: AskContext, request: ModelRequest): Promise<ModelReply> {
  const { model, terminal, report, signal } = context;
  terminal.progress.step(`Waiting for ${model.name}`);
  const reply = await model.answer(request, signal);
  report.data.rung = reply.rung;
  report.data.tokens = addUsage(report.data.tokens, reply.usage);
  terminal.progress.stop();
  for (const warning of reply.warnings) terminal.warn(terminal.style('yellow', terminal.escape(warning)));
  return reply;
}

/** The conversation that a question would be asked in, its schema cut to what fits. */
export function messagesFor(
  context: AskContext,
  schema: Schema,
  question: string,
  attempts: readonly Attempt[],
): readonly Message[] {
  const { previous = null, examples = [], notes = [] } = context;
  // What a follow-up is about often stands in the query before alone.
  const words = previous === null ? question : `${question}\n${previous.question}\n${previous.sql}`;
  const linked = linkSchema(
    schema,
    words,
    context.schemaBudget - JSON.stringify([examples, notes]).length,
    context.describe,
  );
  if (linked.schema.tables.length < linked.total) {
    context.terminal.note(
      `The model is told of ${linked.schema.tables.length} of ${linked.total} tables, those that fit its window and the question best.`,
    );
  }
  return buildMessages({
    question,
    schemaText: describeSchema(linked.schema, context.describe),
    dialect: schema.dialect,
    previous,
    examples,
    notes,
    attempts,
    now: context.now,
    salt: context.salt,
    access: context.access,
  });
}

function problemText(context: AskContext, schema: Schema, sql: string, problem: Problem): string {
  const text = problem.error.message;
  return problem.source === 'guard' || context.sendRows ? text : withoutData(text, sql, schema);
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
