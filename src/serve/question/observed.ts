import { Unclear } from '../../ask/clarify.ts';
import type { Report } from '../../ask/report.ts';
import { SqlqError } from '../../errors.ts';
import type { QuestionOutcome } from '../observe.ts';
import type { Kept } from './kept.ts';
import type { Work } from './work.ts';

/** Does what comes to an answer, and counts how it went. */
export async function observed(
  { parts: { observe } }: Work,
  { data }: Report,
  labels: { readonly database: string; readonly profile: string },
  engine: string,
  work: () => Promise<Kept>,
): Promise<Kept> {
  const start = performance.now();
  const count = (outcome: QuestionOutcome): void => {
    const profile = labels.profile === '' ? (data.provider ?? '') : labels.profile;
    observe.question(outcome, (performance.now() - start) / 1000, { ...labels, profile });
    for (const { kind } of data.doubts) {
      observe.doubt(kind);
    }
    if (data.tokens !== null) {
      observe.tokens('prompt', data.tokens.promptTokens);
      observe.tokens('completion', data.tokens.completionTokens);
    }
    if (data.dollars !== null) {
      observe.dollars(data.dollars);
    }
  };
  try {
    const kept = await work();
    count(kept.told.kind === 'answer' ? 'answered' : 'clarification');
    if (kept.told.kind === 'answer') {
      observe.cache(kept.told.cached);
    }
    return kept;
  } catch (error) {
    const outcome = outcomeOf(error);
    count(outcome);
    if (outcome === 'refused') {
      observe.guardRefusal(engine);
    }
    throw error;
  }
}

function outcomeOf(error: unknown): QuestionOutcome {
  if (error instanceof Unclear) {
    return 'clarification';
  }
  return error instanceof SqlqError && error.code !== 'usage' ? error.code : 'failed';
}
