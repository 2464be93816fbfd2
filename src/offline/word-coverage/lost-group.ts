import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import { isDone } from './cues.ts';

/** Whether `per` or `each` asks for a number for each row of a table, which the query gives for all of them together. */
export function isLostGroup(analysis: Analysis, candidate: Candidate, index: number): boolean {
  const isDoneSo = analysis.cues.some(
    (mention) => mention.cue === 'each' && mention.start === index && isDone(analysis, candidate, mention),
  );
  const word = analysis.tokens[index]?.lower ?? '';
  const { tables } = candidate;
  return (
    /^(?:per|each|every)$/u.test(word) &&
    !isDoneSo &&
    analysis.tables.some(
      ({ id, start, weakest }) =>
        start === index + 1 &&
        weakest >= 0.85 &&
        (word !== 'per' || tables.length > 1 || !tables.includes(id)),
    )
  );
}
