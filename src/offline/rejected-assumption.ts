import type { Analysis } from './analysis/analysis.ts';
import { interpretationOf } from './interpretation.ts';
import type { Covered } from './parse.ts';

/** What words of the question became, as a line of a reading says it; null for a line that tells of no words. */
const wordsOf = (line: string): string | null => /^(.+?) → /u.exec(line)?.[1] ?? null;

/**
 * The likeliest reading in which what the user rejected is otherwise and all else that the question's words became
 * stays: the same words must be read again, as something else, and no other word may be left unread. Null where there is
 * none, because a reading that drops words would answer another question.
 */
export function withoutRejectedAssumptions(
  analysis: Analysis,
  ranked: readonly Covered[],
  isBefore: (sql: string) => boolean,
  rejected: readonly string[],
): Covered | null {
  const base = ranked.find(({ sql }) => isBefore(sql));
  const kept = (base === undefined ? [] : interpretationOf(analysis, base.candidate)).filter(
    (line) => wordsOf(line) !== null && !rejected.includes(line),
  );
  const found = ranked.find(({ sql, candidate, unread }) => {
    const lines = interpretationOf(analysis, candidate);
    const readAgain = (line: string): boolean => {
      const words = wordsOf(line);
      return words === null || lines.some((other) => wordsOf(other) === words);
    };
    return (
      !isBefore(sql) &&
      unread.length === 0 &&
      !lines.some((line) => rejected.includes(line)) &&
      rejected.every(readAgain) &&
      kept.every((line) => lines.includes(line))
    );
  });
  return found ?? null;
}
