import type { Analysis } from './analysis/analysis.ts';
import { interpretationOf } from './interpretation.ts';
import type { Ranked } from './parse.ts';

/** What words of the question became, as a line of a reading says it; null for a line that tells of no words. */
const wordsOf = (line: string): string | null => /^(.+?) → /u.exec(line)?.[1] ?? null;

/**
 * The likeliest reading in which what the user turned round is otherwise and all else that the question's words became
 * stays: the same words must be read again, as something else. Null where there is none, because a reading that drops
 * them would answer another question.
 */
export function withoutRejectedAssumptions(
  analysis: Analysis,
  ranked: readonly Ranked[],
  isBefore: (sql: string) => boolean,
  rejected: readonly string[],
): Ranked | null {
  const base = ranked.find(({ sql }) => isBefore(sql));
  const kept = (base === undefined ? [] : interpretationOf(analysis, base.candidate)).filter(
    (line) => wordsOf(line) !== null && !rejected.includes(line),
  );
  const found = ranked.find(({ sql, candidate }) => {
    const lines = interpretationOf(analysis, candidate);
    const readAgain = (line: string): boolean => {
      const words = wordsOf(line);
      return words === null || lines.some((other) => wordsOf(other) === words);
    };
    return (
      !isBefore(sql) &&
      !lines.some((line) => rejected.includes(line)) &&
      rejected.every(readAgain) &&
      kept.every((line) => lines.includes(line))
    );
  });
  return found ?? null;
}
