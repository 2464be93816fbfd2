import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import { isDone } from './cues.ts';

/** Whether `per` asks for a number for each row of a table, which the query gives for all of them together. */
export function isLostGroup(analysis: Analysis, candidate: Candidate, index: number): boolean {
  const isDoneSo = analysis.cues.some(
    (mention) => mention.cue === 'each' && mention.start === index && isDone(analysis, candidate, mention),
  );
  return (
    analysis.tokens[index]?.lower === 'per' &&
    !isDoneSo &&
    candidate.tables.length > 1 &&
    analysis.tables.some(({ start, weakest }) => start === index + 1 && weakest >= 0.85)
  );
}
