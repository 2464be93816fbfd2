import type { Answer } from '../../model/answer.ts';
import type { ModelRequest } from '../../model/model.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Prepared } from '../parse.ts';
import type { Tongue } from './tongue.ts';

/** What answering in a tongue needs of the engine. */
export interface Reader {
  readonly tongues: readonly Tongue[];
  /** The schema with its names in English, as far as the tongue knows them. */
  prepare(tongue: Tongue): Prepared;
  /** Answers a question by its analysis, as an English one. */
  answer(analysis: Analysis, prepared: Prepared, request: ModelRequest): Answer;
  /** The words that the likeliest reading does not account for. */
  unread(analysis: Analysis, prepared: Prepared): readonly number[];
}
