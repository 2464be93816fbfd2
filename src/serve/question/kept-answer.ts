import type { Previous } from '../../model/model.ts';
import type { ApiAnswer } from '../api/answer.ts';
import { HttpError } from '../http-error.ts';
import type { Kept } from './kept.ts';

/** What there is to a kept answer that SQL has. */
export type KeptAnswer = Kept & { readonly told: ApiAnswer };

/** Whether something kept is an answer, and no question back. */
export function isAnswer(kept: Kept): kept is KeptAnswer {
  return kept.told.kind === 'answer';
}

/** The answer of something kept. Throws `conflict` for a question back. */
export function answerIn(kept: Kept): KeptAnswer {
  if (isAnswer(kept)) {
    return kept;
  }
  throw new HttpError('conflict', 'This is a question back, which has no SQL yet.', {
    hint: 'Choose one of its choices first.',
  });
}

/** An answer as the model of the next question hears of it. Rows stay where they went. */
export function previousOf({ told, made }: KeptAnswer): Previous {
  return {
    question: told.question ?? 'SQL of my own',
    sql: made.tellableSql,
    columns: told.plan.columns.map(({ name }) => name),
    rows: null,
    holdsStoredValues: made.holdsStoredValues,
  };
}
