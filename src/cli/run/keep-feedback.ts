import { redactorOf } from '../../config/redact.ts';
import { describeTarget } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import type { PastAnswer } from '../../memory/history.ts';
import type { CommandContext } from '../context.ts';
import type { OpenedDatabase } from './database.ts';
import { rememberedOf } from './memory.ts';
import type { Setup } from './setup.ts';

/** So many of the newest answers are looked through for the one of a session. */
const mostSearched = 1000;

/** An answer that somebody calls good or bad. */
export interface JudgedAnswer {
  /** Null where the SQL was written by hand and answers no question. */
  readonly question: string | null;
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly rows: number | null;
  /** Whether its SQL may hold values that were found in the rows, where that is known and the history does not tell. */
  readonly holdsStoredValues?: boolean;
  /** The answer that it was made of; null where it was made of none. */
  readonly basis: { readonly question: string | null; readonly sql: string } | null;
}

/**
 * Keeps what the user says of an answer of a session, as `sqlq good` and `sqlq bad` do; returns what was done. SQL that
 * they made of an answer by hand corrects that answer when they call it good.
 */
export async function keepFeedback(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
  turn: JudgedAnswer,
  verdict: 'good' | 'bad',
  correction: string | null,
): Promise<string> {
  const { question, basis } = turn;
  if (question === null) {
    throw new SqlqError('usage', 'The last SQL was written by hand and answers no question.', {
      hint: 'Ask a question first; .sql edit then corrects its SQL.',
    });
  }
  const memory = await rememberedOf(setup);
  const place = describeTarget(database.target);
  const { who } = setup.memory;
  const past = (await memory.list(who, mostSearched)).filter((answer) => answer.place === place);
  const kept = past.find(({ sql }) => sql === turn.sql);
  const corrected = basis?.question === question ? past.find(({ sql }) => sql === basis.sql) : undefined;
  const own: PastAnswer = kept ?? {
    id: 0,
    who,
    conversation: null,
    at: context.now().toISOString(),
    place,
    name: null,
    question: corrected?.question ?? question,
    sql: turn.sql,
    assumptions: turn.assumptions,
    provider: turn.holdsStoredValues === true ? 'offline' : null,
    model: null,
    outcome: 'answered',
    rows: turn.rows,
    verdict: null,
  };
  const redact = redactorOf(context.secrets);
  if (verdict === 'bad') {
    const example = await memory.markBad(own, correction === null ? null : redact(correction), context.now());
    return example === null
      ? 'Noted as bad; it is not given again.'
      : `Kept the correction as example ${example}.`;
  }
  const example =
    kept === undefined && corrected !== undefined
      ? await memory.markBad(corrected, redact(turn.sql), context.now())
      : await memory.markGood(own, context.now());
  return `Kept as example ${example}.`;
}
