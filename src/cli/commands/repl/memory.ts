import { relative } from 'node:path';
import { formatSql } from '../../../ask/show/format-sql.ts';
import { createRedactor } from '../../../config/redact.ts';
import { describeTarget } from '../../../database/target.ts';
import { SqlqError } from '../../../errors.ts';
import { markBad, markGood } from '../../../memory/examples.ts';
import { listAnswers, type PastAnswer, questionOf } from '../../../memory/history.ts';
import { flagOf } from '../../../memory/parameters.ts';
import { makeSaved } from '../../../memory/saved.ts';
import { keepSaved } from '../../../memory/saved-files.ts';
import type { Turn } from '../../../repl/turn.ts';
import type { Schema } from '../../../schema/schema.ts';
import type { CommandContext } from '../../context.ts';
import type { OpenedDatabase } from '../../run/database.ts';
import { hasMemory, memoryOf } from '../../run/memory.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import type { Setup } from '../../run/setup.ts';

/** So many of the newest answers are looked through for the one of a session. */
const mostSearched = 1000;

/**
 * Keeps what the user says of an answer of a session, as `sqlq good` and `sqlq bad` do; returns what was done. SQL that
 * they made of an answer by hand corrects that answer when they call it good.
 */
export async function keepFeedback(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
  turn: Turn,
  verdict: 'good' | 'bad',
  correction: string | null,
): Promise<string> {
  const { question, basis } = turn;
  if (question === null) {
    throw new SqlqError('usage', 'The last SQL was written by hand and answers no question.', {
      hint: 'Ask a question first; .sql edit then corrects its SQL.',
    });
  }
  const store = await memoryOf(setup);
  const place = describeTarget(database.target);
  const past = listAnswers(store, [], mostSearched).filter((answer) => answer.place === place);
  const kept = past.find(({ sql }) => sql === turn.sql);
  const corrected = basis?.question === question ? past.find(({ sql }) => sql === basis.sql) : undefined;
  const own: PastAnswer = kept ?? {
    id: 0,
    at: context.now().toISOString(),
    place,
    name: null,
    question: corrected?.question ?? question,
    sql: turn.sql,
    assumptions: turn.assumptions,
    provider: null,
    model: null,
    outcome: 'answered',
    rows: turn.rows,
    verdict: null,
  };
  const redact = createRedactor([...context.secrets]);
  if (verdict === 'bad') {
    const example = markBad(store, own, correction === null ? null : redact(correction), context.now());
    return example === null
      ? 'Noted as bad; it is not given again.'
      : `Kept the correction as example ${example}.`;
  }
  const example =
    kept === undefined && corrected !== undefined
      ? markBad(store, corrected, redact(turn.sql), context.now())
      : markGood(store, own, context.now());
  return `Kept as example ${example}.`;
}

/** Keeps an answer of a session as a saved question, as `sqlq save` does; returns where, and how to run it. */
export async function saveTurn(
  setup: Setup,
  context: CommandContext,
  { target }: OpenedDatabase,
  turn: Turn,
  wanted: { readonly name: string; readonly replace: boolean; readonly schema: Schema },
): Promise<string> {
  const { name, replace, schema } = wanted;
  const question = await questionOfTurn(setup, describeTarget(target), turn);
  const sql = await formatSql(turn.sql, target.engine);
  const saved = makeSaved(question ?? 'SQL by hand', sql, schema);
  const path = await keepSaved(name, saved, await savedFolders(context), replace);
  const flags = saved.parameters.map((parameter) => ` --${flagOf(parameter.name)} …`).join('');
  return `Saved as ${relative(context.workingDirectory, path)}\nRun it with: sqlq run ${name}${flags}`;
}

/** What an answer is to, with the questions that it builds on where the history knows them. */
async function questionOfTurn(setup: Setup, place: string, turn: Turn): Promise<string | null> {
  if (turn.question === null || !(await hasMemory(setup))) {
    return turn.question;
  }
  return questionOf(await memoryOf(setup), place, turn.sql) ?? turn.question;
}
