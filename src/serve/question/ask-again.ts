import { isOfSpelling } from '../../schema/spelling.ts';
import type { ApiClarification } from '../api/answer.ts';
import { HttpError } from '../http-error.ts';
import { maySee } from '../seen.ts';
import { takeChoice } from './edit.ts';
import type { Kept } from './kept.ts';
import { answerIn } from './kept-answer.ts';
import { profileFor } from './profile.ts';
import { propose, type Question } from './propose.ts';
import { databaseOf, type Work } from './work.ts';

/** Asks for another answer: without an assumption that does not hold, or with a hint. */
export async function reject(
  work: Work,
  kept: Kept,
  wanted: { readonly assumption: number } | { readonly hint: string },
): Promise<Kept> {
  const { told, made } = answerIn(kept);
  const { question } = told;
  if (question === null) {
    throw new HttpError('conflict', 'This SQL was written by hand and answers no question.');
  }
  const attempt = (problem: string): Question['attempts'][number] => ({
    sql: made.tellableSql,
    source: 'user',
    problem,
    ...(made.holdsStoredValues ? { holdsStoredValues: true } : {}),
  });
  const again = await questionOf(work, kept, question, made.meaning);
  if ('hint' in wanted) {
    return propose(work, { ...again, attempts: [...made.attempts, attempt(wanted.hint)] });
  }
  const assumption = told.assumptions[wanted.assumption - 1]?.text;
  if (assumption === undefined) {
    throw new HttpError('not-found', `This answer has no assumption ${wanted.assumption}.`);
  }
  const problem = `Your assumption "${assumption}" does not hold. Take the other choice there and keep all else.`;
  return propose(work, {
    ...again,
    rejected: [...made.rejected, assumption],
    // What was put in here is left out here: the model has nothing to do with it.
    attempts: isOfSpelling(assumption) ? made.attempts : [...made.attempts, attempt(problem)],
  });
}

/** Goes on with what is meant by a question that was asked back. */
export async function choose(
  work: Work,
  kept: Kept,
  chosen: { readonly choice: number } | { readonly text: string },
): Promise<Kept> {
  const { told, made } = kept;
  if (told.kind !== 'clarification') {
    throw new HttpError('conflict', 'This is an answer: nothing was asked back.');
  }
  const meant = 'text' in chosen ? { interpretation: chosen.text, sql: null } : choiceOf(told, chosen.choice);
  if (meant.sql !== null) {
    return takeChoice(work, kept, told.question, { ...meant, sql: meant.sql });
  }
  // What the engine on this machine asks may name stored values, and what a question means is taken for typed by who asked;
  // of somebody's other words it reads those alone.
  const meaning = made.holdsStoredValues
    ? meant.interpretation
    : `${made.meaning}\n${told.asks}\n${meant.interpretation}`;
  const again = await questionOf(work, kept, told.question, meaning);
  return propose(work, again);
}

function choiceOf({ choices }: ApiClarification, index: number): ApiClarification['choices'][number] {
  const found = choices[index];
  if (found === undefined) {
    throw new HttpError('not-found', `There is no choice ${index}: they are counted from 0.`);
  }
  return found;
}

async function questionOf(
  work: Work,
  { told, made, hide }: Kept,
  text: string,
  meaning: string,
): Promise<Question> {
  // A model would be told of it.
  if (!maySee(work.caller, { database: told.database, hide })) {
    throw new HttpError('conflict', 'This was made of what you may not see any more.', {
      hint: 'Ask the question anew.',
    });
  }
  const { strict, previous, rejected, attempts } = made;
  return {
    text,
    meaning,
    database: await databaseOf(work, told.database),
    conversation: told.conversation,
    // They may have lost it since.
    profile: await profileFor(work, made.profile ?? undefined),
    strict,
    previous,
    rejected,
    attempts,
  };
}
