import type { RunContext } from '../../ask/context.ts';
import { enforceCost } from '../../ask/cost.ts';
import { lookForDoubts, requireNoDoubt } from '../../ask/doubts.ts';
import { planStatementOrThrow } from '../../ask/plan-statement.ts';
import type { Candidate } from '../../ask/review.ts';
import { respelled } from '../../ask/spellings.ts';
import type { Parameter } from '../../database/database.ts';
import type { ServedDatabase } from '../../mcp/workspace.ts';
import { HttpError } from '../http-error.ts';
import { accessFor } from '../workspace.ts';
import { answerOf } from './answer-of.ts';
import { type Kept, type Made, newId } from './kept.ts';
import { answerIn, type KeptAnswer } from './kept-answer.ts';
import { callOf, databaseOf, type Work, type WorkCall } from './work.ts';

/** What is to be changed of an answer: its SQL, that of a doubt in its place, or a spelling as it was asked. */
export type Edit = { readonly sql: string } | { readonly mended: number } | { readonly asAsked: number };

/** Makes another answer of one, checked, planned and doubted as that was. */
export async function edit(work: Work, kept: Kept, change: Edit): Promise<Kept> {
  const before = answerIn(kept);
  const { told, made } = before;
  const database = await databaseOf(work, told.database);
  const call = callOf(work);
  call.report.data.question = told.question;
  if ('sql' in change) {
    // Nobody but the caller has written it: no model took anything for granted in it.
    // What is edited holds what it held, and what was typed may hold anything.
    const { sql } = change;
    const own = { ...made, spelt: null, tellableSql: sql, cacheable: null };
    return judged(work, { before, database, call, sql, assumptions: [], made: own });
  }
  call.report.data.provider = told.answeredBy.provider;
  call.report.data.model = told.answeredBy.model;
  const texts = told.assumptions.map(({ text }) => text);
  if ('asAsked' in change) {
    const { spelt, assumptions, sql } = await withoutSpelling(work, before, database, call, change.asAsked);
    return judged(work, { before, database, call, sql, assumptions, made: { ...made, ...spelt } });
  }
  const sql = mendedSqlOf(before, change.mended);
  return judged(work, {
    before,
    database,
    call,
    sql,
    assumptions: texts,
    made: {
      ...made,
      spelt: null,
      written: made.written ?? made.tellableSql,
      cacheable: null,
    },
  });
}

/** SQL that the caller wrote, judged as every SQL is. */
export async function ownSql(
  work: Work,
  {
    database,
    sql,
    parameters,
    conversation,
    question = null,
  }: {
    readonly database: ServedDatabase;
    readonly sql: string;
    readonly parameters: readonly Parameter[];
    readonly conversation: string;
    /** What it answers, where it was saved with a question. */
    readonly question?: string | null;
  },
): Promise<Kept> {
  const call = callOf(work);
  call.report.data.question = question;
  const made: Made = {
    profile: null,
    strict: false,
    meaning: question ?? '',
    previous: null,
    rejected: [],
    attempts: [],
    parameters: [...parameters],
    written: null,
    spelt: null,
    tellableSql: sql,
    holdsStoredValues: false,
    history: null,
    cacheable: null,
  };
  return judged(work, { before: null, conversation, question, database, call, sql, assumptions: [], made });
}

/** Takes the SQL of a choice that the model offered when it asked back. */
export async function takeChoice(
  work: Work,
  { told, made }: Kept,
  question: string,
  { interpretation, sql }: { readonly interpretation: string; readonly sql: string },
): Promise<Kept> {
  const database = await databaseOf(work, told.database);
  const call = callOf(work);
  call.report.data.question = question;
  return judged(work, {
    before: null,
    conversation: told.conversation,
    question,
    database,
    call,
    sql,
    assumptions: [interpretation],
    made: {
      ...made,
      // What the engine on this machine offers may name stored values, which nobody has typed.
      meaning: made.holdsStoredValues ? made.meaning : `${made.meaning}\n${interpretation}`,
      tellableSql: sql,
    },
  });
}

interface ToJudge {
  readonly before: KeptAnswer | null;
  readonly conversation?: string;
  readonly question?: string | null;
  readonly database: ServedDatabase;
  readonly call: WorkCall;
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly made: Made;
}

/** Has SQL admitted, planned and doubted, and keeps it as an answer. */
async function judged(
  work: Work,
  { before, database, call, sql, assumptions, made, ...own }: ToJudge,
): Promise<Kept> {
  const { answers, conversations, now } = work.parts;
  const start = performance.now();
  const context = await judgeContext(work, database, call, made.strict);
  call.report.data.sql = sql;
  call.report.data.assumptions = assumptions;
  call.terminal.progress.step('Checking the SQL');
  const statement = await planStatementOrThrow(
    context.database,
    sql,
    context.access,
    context.signal,
    made.parameters,
  );
  const found = await lookForDoubts(context, statement);
  await requireNoDoubt(context, found);
  await enforceCost(context, statement.plan);
  const id = newId();
  const question = before?.told.question ?? own.question ?? null;
  const conversation = before?.told.conversation ?? own.conversation ?? newId();
  const told = await answerOf(
    {
      id,
      question,
      database: database.name,
      conversation,
      time: now().toISOString(),
      seconds: (performance.now() - start) / 1000,
    },
    context.database.engine,
    { statement, assumptions },
    call.report,
  );
  const kept = await answers.keep(work.caller, { ...told, cached: false }, made);
  await conversations.add(work.caller, conversation, id, question ?? sql);
  return kept;
}

/** What SQL is judged with: for a caller who may change something, on the connection that may. */
async function judgeContext(
  { parts: { workspace }, caller }: Work,
  database: ServedDatabase,
  call: WorkCall,
  strict: boolean,
): Promise<RunContext> {
  const context =
    accessFor(workspace, caller) === 'read' ? database.runContext(call) : await database.changeContext(call);
  return {
    ...context,
    doubts: context.doubts === null ? null : { ...context.doubts, strict: context.doubts.strict || strict },
  };
}

function mendedSqlOf({ told }: KeptAnswer, index: number): string {
  const sql = told.doubts[index]?.mendedSql ?? null;
  if (sql === null) {
    throw new HttpError('not-found', `Doubt ${index} offers no SQL: they are counted from 0.`);
  }
  return sql;
}

/** The SQL without one of the stored spellings that were put into it, by the number of its place among them. */
async function withoutSpelling(
  work: Work,
  { told, made }: KeptAnswer,
  database: ServedDatabase,
  call: WorkCall,
  index: number,
): Promise<{
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly spelt: Pick<Made, 'spelt'>;
}> {
  const { spelt } = made;
  const spelling = spelt?.spellings[index];
  if (spelt === null || spelling === undefined) {
    throw new HttpError('not-found', `There is no stored spelling ${index}: they are counted from 0.`);
  }
  const context = await judgeContext(work, database, call, made.strict);
  const planned = (sql: string) =>
    planStatementOrThrow(context.database, sql, context.access, context.signal, made.parameters);
  const candidate: Candidate = {
    statement: await planned(told.sql),
    assumptions: told.assumptions.map(({ text }) => text),
    spelt: { ...spelt, statement: await planned(spelt.sql) },
  };
  const others = spelt.spellings.filter((one) => one !== spelling);
  const { statement, assumptions, spelt: left } = await respelled(context, candidate, others);
  return {
    sql: statement.sql,
    assumptions,
    spelt: {
      spelt:
        left === undefined
          ? null
          : {
              sql: left.statement.sql,
              assumptions: [...left.assumptions],
              spellings: left.spellings.map((one) => ({ ...one, columns: [...one.columns] })),
            },
    },
  };
}
