import { dialectOf } from '../database/engines.ts';
import { SqlqError } from '../errors.ts';
import type { Answer } from '../model/answer.ts';
import type { AnsweredBy, Attempt, Message, ModelReply, ModelRequest } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import type { AskContext, AskedQuestion } from './context.ts';
import { withLabels } from './labels.ts';
import { type PlannedStatement, type Problem, planStatement } from './plan-statement.ts';
import { nearNames } from './prompt/near-names.ts';
import { fixedWords, messageForModel, sendable } from './prompt/privacy.ts';
import { buildMessages } from './prompt/prompt.ts';
import { addUsage, type Report } from './report.ts';
import { type ToldSchema, tellSchema } from './tell-schema.ts';

/** SQL that may be shown, or what the model says instead. */
export type Generated =
  | {
      readonly kind: 'sql';
      readonly statement: PlannedStatement;
      readonly assumptions: readonly string[];
      readonly reasoning?: string;
      /** What it answers, as it was asked before any repair. */
      readonly request: ModelRequest;
      /** It was in the answer cache. */
      readonly isCached: boolean;
      /** It may go there: it is of the model that was chosen. */
      readonly mayKeep: boolean;
      /** As `ModelReply` has it. */
      readonly holdsStoredValues: boolean;
    }
  | Exclude<Answer, { kind: 'sql' | 'tables' }>;

/**
 * Asks the model until it has SQL that the guard admits and the database understands. What is refused goes back to
 * the model with the reason, at most `repairs` times; then the last problem is thrown.
 */
export async function generateSql(context: AskContext, asked: AskedQuestion): Promise<Generated> {
  const { report, terminal, signal, generation } = context;
  const attempts = [...asked.attempts];
  const askedAt = performance.now();
  let told = generation.readsValues ? null : await tellSchema(context, asked);
  noteOfCut(context, told);
  const first = requestFor(context, asked, told, askedAt);
  const cached = await fromCache(context, first);
  if (cached !== null) {
    return cached;
  }
  let reply: ModelReply | null = null;
  for (let repair = 0; ; repair += 1) {
    const request: ModelRequest =
      reply === null ? first : requestFor(context, { ...asked, attempts: [...attempts] }, told, askedAt);
    reply = await report.time('model', () => askModel(context, request));
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
    const { reasoning } = reply.answer;
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
    const unmended =
      'error' in statement ? [] : warningsToMend(statement, attempts, repair < generation.repairs);
    if (!('error' in statement) && unmended.length === 0) {
      const mayKeep = (reply.answeredBy?.instead ?? null) === null;
      const made = { statement, assumptions, reasoning, request: first, holdsStoredValues };
      return { kind: 'sql', ...made, isCached: false, mayKeep };
    }
    if (!('error' in statement)) {
      terminal.progress.stop();
      terminal.note(terminal.style('dim', `${unmended.join(' ')} Asking for a better one.`));
      attempts.push({ sql, source: 'database', problem: unmended.join(' '), ...held });
      continue;
    }
    if (repair >= generation.repairs) {
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

/** What a question is asked with; an engine on this machine needs no prompt, and nothing is told for it. */
function requestFor(
  context: AskContext,
  asked: AskedQuestion,
  told: ToldSchema | null,
  askedAt: number,
): ModelRequest {
  const { terminal, report, generation, knowledge, turn } = context;
  const { schema, question, recalled, attempts } = asked;
  return {
    question,
    askedAt,
    now: turn.now,
    schema,
    messages: told === null ? [] : messagesFor(context, asked, told),
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
    onSent: (sent) => report.data.sent.push(sent),
    onStandIn: (standIn) => noteStandIn(report, standIn),
    part: report,
  };
}

async function askModel(context: AskContext, request: ModelRequest): Promise<ModelReply> {
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
  { generation, turn, access }: AskContext,
  { schema, question, recalled, values = [], attempts }: AskedQuestion,
  { text, mayNeedTables }: Pick<ToldSchema, 'text' | 'mayNeedTables'>,
): readonly Message[] {
  return buildMessages({
    question,
    schemaText: text,
    mayNeedTables,
    dialect: schema.dialect,
    previous: sendable(turn.previous, question, generation.sendRows),
    examples: recalled.examples,
    notes: recalled.notes,
    values,
    // What an engine on this machine wrote is known to it alone.
    attempts: attempts.filter(({ holdsStoredValues = false }) => !holdsStoredValues || generation.sendRows),
    now: turn.now,
    salt: generation.salt,
    access,
  });
}

/** What the model hears of a problem: the words of the guard or the database, with its hint and with names that are near. */
export function problemText(context: AskContext, schema: Schema, sql: string, problem: Problem): string {
  const { message, hint, engineCode } = problem.error;
  if (problem.source === 'guard') {
    return message;
  }
  const { messages } = dialectOf(schema.dialect.engine);
  const names = namesOf(schema);
  const said = context.generation.sendRows
    ? message
    : messageForModel(message, engineCode, sql, messages, names);
  const hinted = context.generation.sendRows ? hint : fixedWords(hint ?? '', sql, messages, names);
  return [said, hinted, nearNames(said, schema)].filter((part) => part).join('\n');
}

/** All that a schema calls by a name, which a model may be told. */
function namesOf({ database, tables }: Schema): readonly string[] {
  return [
    database,
    ...tables.flatMap(({ schema, name, columns }) => [schema, name, ...columns.map((column) => column.name)]),
  ];
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
