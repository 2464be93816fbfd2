import type { Row } from '../database/database.ts';
import type { Doubt, DoubtKind } from './doubt.ts';
import { valueText } from './holds-rows.ts';
import type { Prober } from './probe.ts';

/** Of longer answers it is not told whether they are the same. */
const mostRows = 1000;

/**
 * Doubts whose mended SQL is the statement as it is meant, and no guess: where it returns the same rows, nothing that they
 * are about shows in the answer.
 */
const meantKinds: ReadonlySet<DoubtKind> = new Set([
  'other-spellings',
  'split-groups',
  'mixed-and-or',
  'outer-join',
  'end-of-day',
  'null-left-out',
  'fan-out',
  'text-as-number',
  'mean-of-ratios',
  'tie',
]);

/** A list that a NULL empties lets no row pass, whatever the rows are. */
function holdsAnyway({ kind, evidence }: Doubt): boolean {
  return kind === 'null-left-out' && !('column' in evidence);
}

/** The doubts that make a difference to the rows of a statement; all where there is no time to see. */
export async function withoutIdle(
  doubts: readonly Doubt[],
  sql: string,
  prober: Prober,
): Promise<readonly Doubt[]> {
  const kept: Doubt[] = [];
  for (const doubt of doubts) {
    if (!(await isIdle(doubt, sql, prober))) {
      kept.push(doubt);
    }
  }
  return kept;
}

async function isIdle(doubt: Doubt, sql: string, prober: Prober): Promise<boolean> {
  const { kind, mendedSql } = doubt;
  // Looks that took long had to read much; the statement itself has no time left.
  if (!meantKinds.has(kind) || holdsAnyway(doubt) || mendedSql === null || !prober.hasHalf) {
    return false;
  }
  const rows = await prober.probe(sql, mostRows + 1);
  const mended = rows === null || rows.length > mostRows ? null : await prober.probe(mendedSql, mostRows + 1);
  return rows !== null && mended !== null && sameRows(rows, mended, { ordered: kind === 'text-as-number' });
}

/** Whether two answers hold the same rows. */
function sameRows(
  one: readonly Row[],
  other: readonly Row[],
  { ordered }: { readonly ordered: boolean },
): boolean {
  const [a, b] = [one, other].map((rows) => {
    const texts = rows.map((row) => JSON.stringify(row.map(valueText)));
    return ordered ? texts : texts.sort();
  });
  return a?.join() === b?.join();
}
