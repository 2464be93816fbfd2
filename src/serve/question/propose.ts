import { type Answered, ask } from '../../ask/ask.ts';
import { Unclear } from '../../ask/clarify.ts';
import type { AskContext } from '../../ask/context.ts';
import { isFromHere } from '../../ask/report.ts';
import type { CheckedStatement } from '../../ask/run.ts';
import { tellableSql } from '../../ask/spellings.ts';
import { withoutItsReason } from '../../ask/stored-values.ts';
import type { ServedDatabase } from '../../mcp/workspace.ts';
import type { Attempt, Previous } from '../../model/model.ts';
import { watchedModel } from '../observe/watch.ts';
import { StateLostError } from '../state/state.ts';
import { accessFor } from '../workspace.ts';
import { answerOf } from './answer-of.ts';
import { type Kept, type Made, newId } from './kept.ts';
import { observed } from './observed.ts';
import { callOf, type Work, type WorkCall } from './work.ts';

/** A question as it is to be answered. */
export interface Question {
  /** As the user put it. */
  readonly text: string;
  /** As the model is asked: with what was clarified. */
  readonly meaning: string;
  readonly database: ServedDatabase;
  readonly conversation: string;
  /** Null for the usual one. */
  readonly profile: string | null;
  readonly strict: boolean;
  readonly previous: Previous | null;
  readonly rejected: readonly string[];
  readonly attempts: readonly Attempt[];
}

/** A question's answer, or a question back, and its SQL as it was checked; null where it has none. */
export interface Proposed {
  readonly kept: Kept;
  readonly checked: CheckedStatement | null;
}

/**
 * Comes to SQL for a question on the way that every question goes, and stops where a terminal would ask whether to run it:
 * what is kept is what was checked, planned and doubted, or what the model asks back.
 */
export async function propose(work: Work, question: Question): Promise<Kept> {
  return (await proposeFor(work, question, null)).kept;
}

/**
 * The same for a caller who gets so many rows of it at once: whether that cuts them is looked for with the other doubts, and said
 * with the rows.
 */
export async function proposeFor(
  work: Work,
  question: Question,
  rows: { readonly limit: number | null } | null,
): Promise<Proposed> {
  const { answers, conversations, now } = work.parts;
  const call = callOf(work);
  const start = performance.now();
  const id = newId();
  const around = { id, database: question.database.name, conversation: question.conversation };
  let history: number | null = null;
  let checked: CheckedStatement | null = null;
  const labels = { database: question.database.name, profile: question.profile ?? '' };
  const kept = await observed(work, call.report, labels, question.database.client.engine, async () => {
    const made = await contextFor(work, question, call, (number) => {
      history = number;
    });
    // Where a doubt ends all, what rows alone show must not keep their caller from the answer.
    const following = made.doubts?.strict === true ? null : rows;
    const context = following === null ? made : { ...made, delivery: { ...made.delivery, ...following } };
    try {
      const answered = await ask(context, question.meaning);
      if (following !== null) {
        checked = answered;
        call.report.data.doubts = answered.found.doubts.filter(({ kind }) => kind !== 'cut');
      }
      const time = now().toISOString();
      const seconds = (performance.now() - start) / 1000;
      const told = await answerOf(
        { ...around, question: question.text, time, seconds },
        context.database.engine,
        answered,
        call.report,
      );
      return answers.keep(work.caller, told, madeOf(question, context, answered, history));
    } catch (error) {
      if (!(error instanceof Unclear)) {
        const staysHere = context.generation.readsValues && !work.caller.roles.has('run');
        throw staysHere ? withoutItsReason(error, 'Ask in other words.') : error;
      }
      const { question: asks, choices } = error.clarification;
      return answers.keep(
        work.caller,
        { kind: 'clarification', ...around, question: question.text, asks, choices: [...choices] },
        madeOf(question, context, null, history),
      );
    }
  });
  await conversations.add(work.caller, question.conversation, id, question.text).catch((error) => {
    // An answer is worth more than its place among others.
    if (!(error instanceof StateLostError)) {
      throw error;
    }
  });
  return { kept, checked };
}

/** What a question is asked with, up to the consent: its SQL is not run. */
async function contextFor(
  { parts: { workspace, purse }, caller, span }: Work,
  { database, profile, strict, previous, rejected, attempts }: Question,
  call: WorkCall,
  onKept: (history: number | null) => void,
): Promise<AskContext> {
  const made = await database.askContext(call, profile ?? undefined);
  // Where changes are allowed, they are planned on the connection that may make them.
  const access = accessFor(workspace, caller);
  const change = access === 'read' ? null : await database.changeContext(call);
  const { remember } = made.knowledge;
  const watched = watchedModel(made.generation.model, span);
  // The engine on this machine costs nothing.
  const model = made.generation.readsValues ? watched : purse.paid(watched, caller);
  return {
    ...made,
    ...(change === null ? {} : { database: change.database }),
    access,
    yes: false,
    dryRun: true,
    doubts: made.doubts === null ? null : { ...made.doubts, strict: made.doubts.strict || strict },
    generation: { ...made.generation, model },
    turn: { ...made.turn, previous, rejected, attempts },
    knowledge: {
      ...made.knowledge,
      remember:
        remember === null
          ? null
          : async (outcome) => {
              const number = await remember(outcome);
              onKept(number);
              return number;
            },
    },
  };
}

function madeOf(
  question: Question,
  context: AskContext,
  answered: Answered | null,
  history: number | null,
): Made {
  const { profile, strict, meaning, previous, rejected, attempts } = question;
  const spelt = answered?.spelt;
  return {
    profile,
    strict,
    meaning,
    previous: previous === null ? null : { ...previous, columns: [...previous.columns] },
    rejected: [...rejected],
    attempts: [...attempts],
    parameters: [],
    written: answered?.written ?? null,
    spelt:
      spelt === undefined
        ? null
        : {
            sql: spelt.statement.sql,
            assumptions: [...spelt.assumptions],
            spellings: spelt.spellings.map((one) => ({ ...one, columns: [...one.columns] })),
          },
    tellableSql: answered === null ? '' : tellableSql(context, answered),
    holdsStoredValues: context.generation.readsValues || isFromHere(context.report),
    history,
    cacheable:
      answered?.cacheable == null
        ? null
        : { ...answered.cacheable, assumptions: [...answered.cacheable.assumptions] },
  };
}
