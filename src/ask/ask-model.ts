import type { Message } from '../model/message.ts';
import type { AnsweredBy, Attempt, ModelReply, ModelRequest } from '../model/model.ts';
import type { AskContext, AskedQuestion } from './context.ts';
import { sendable } from './prompt/privacy.ts';
import { buildMessages, type PromptParts } from './prompt/prompt.ts';
import { buildSqlMessages } from './prompt/sql-prompt.ts';
import { addUsage, type Report } from './report.ts';
import type { ToldSchema } from './tell-schema.ts';

/** What a question is asked with; an engine on this machine needs no prompt, and nothing is told for it. */
export function requestFor(
  context: AskContext,
  asked: AskedQuestion,
  told: ToldSchema | null,
  bounds: Pick<ModelRequest, 'askedAt' | 'looking' | 'mostReplies'>,
): ModelRequest {
  const { terminal, report, generation, knowledge, turn } = context;
  const { schema, question, recalled, attempts, onSent } = asked;
  return {
    question,
    ...bounds,
    now: turn.now,
    schema,
    messages: told === null ? [] : messagesFor(context, asked, told),
    ...(told === null ? {} : { sqlMessages: sqlMessagesFor(context, asked, told) }),
    ...(told === null || !isStuck(attempts)
      ? {}
      : { freshSqlMessages: sqlMessagesFor(context, { ...asked, attempts: [] }, told) }),
    lastingMessages: told === null ? [] : messagesFor(context, asked, { ...told, text: told.lastingText }),
    mayNeedTables: told?.mayNeedTables ?? false,
    attempts,
    previous: turn.previous,
    rejected: turn.rejected,
    examples: recalled.examples,
    notes: recalled.notes,
    values: () => knowledge.readValues(schema),
    onProgress: (tokens) =>
      terminal.progress.step(`Waiting for ${terminal.escape(generation.model.name)}: ${tokens} tokens`),
    // As each leaves, so that a run that fails reports what it sent.
    onSent(sent) {
      report.data.sent.push(sent);
      onSent?.();
    },
    onStandIn: (standIn) => noteStandIn(report, standIn),
    part: report,
  };
}

/** Asks for one reply, shows that it is waited for, and reports it. */
export async function askModel(context: AskContext, request: ModelRequest): Promise<ModelReply> {
  const { terminal, report, signal } = context;
  const { model } = context.generation;
  terminal.progress.step(`Waiting for ${terminal.escape(model.name)}`);
  const reply = await model.answer(request, signal);
  report.data.structuredOutput = reply.structuredOutput;
  report.data.tokens = addUsage(report.data.tokens, reply.usage);
  noteSource(report, reply);
  terminal.progress.stop();
  for (const warning of reply.warnings) {
    terminal.warn(terminal.style('yellow', terminal.escape(warning)));
  }
  return reply;
}

/** Reports who answered, and what that took. */
function noteSource({ data }: Report, { answeredBy, dollars = null, budgets = [] }: ModelReply): void {
  data.dollars = dollars === null ? data.dollars : (data.dollars ?? 0) + dollars;
  data.budgets = budgets;
  if (answeredBy !== undefined) {
    Object.assign(data, { answeredBy, provider: answeredBy.provider, model: answeredBy.model });
  }
}

/** Reports what is asked instead of the profile that was chosen, before it answers or fails. */
function noteStandIn({ data }: Report, standIn: AnsweredBy): void {
  Object.assign(data, { answeredBy: standIn, provider: standIn.provider, model: standIn.model });
  data.warnings.push(`${standIn.instead}. ${standIn.provider} was asked instead.`);
}

/** The conversation that a question would be asked in, its schema as `tellSchema` has it. */
export function messagesFor(
  context: AskContext,
  asked: AskedQuestion,
  told: Pick<ToldSchema, 'text' | 'mayNeedTables'>,
): readonly Message[] {
  return buildMessages(promptParts(context, asked, told));
}

/** Whether a model has made nothing of what it was told: the last two of its queries, or their errors, are the same. */
function isStuck(attempts: readonly Attempt[]): boolean {
  const [before, last] = attempts.slice(-2);
  return (
    before?.source === 'database' &&
    last?.source === 'database' &&
    (before.sql === last.sql || before.problem === last.problem)
  );
}

/** The same for a model that writes SQL and nothing else. */
export function sqlMessagesFor(
  context: AskContext,
  asked: AskedQuestion,
  told: ToldSchema,
): readonly Message[] {
  const { describe, schemaBudget } = context.generation;
  return buildSqlMessages({
    ...promptParts(context, asked, told),
    schema: told.schema,
    comments: describe.comments,
    room: schemaBudget,
  });
}

function promptParts(
  { generation, turn, access }: AskContext,
  { schema, question, recalled, values = [], looks = [], attempts }: AskedQuestion,
  { text, mayNeedTables }: Pick<ToldSchema, 'text' | 'mayNeedTables'>,
): PromptParts {
  return {
    question,
    schemaText: text,
    mayNeedTables,
    dialect: schema.dialect,
    previous: sendable(turn.previous, question, generation.sendRows),
    examples: recalled.examples,
    notes: recalled.notes,
    documents: recalled.documents,
    values,
    looks,
    // What an engine on this machine wrote is known to it alone.
    attempts: attempts.filter(({ holdsStoredValues = false }) => !holdsStoredValues || generation.sendRows),
    now: turn.now,
    salt: generation.salt,
    access,
  };
}
