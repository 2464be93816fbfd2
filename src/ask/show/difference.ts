import { diffLines } from 'diff';

/** A line of two texts laid over each other: of both, taken away, or new. */
export interface DifferenceLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/**
 * What changed from one laid out SQL text to another, line by line. Null where they have too little in common for that
 * to tell anything.
 */
export function differenceOf(before: string, after: string): readonly DifferenceLine[] | null {
  // The clauses' own lines stand in almost every query.
  const telling = (line: DifferenceLine): boolean =>
    line.text.trim().includes(' ') || /[.(]/u.test(line.text);
  const lines = lineDifference(before.trimEnd(), after.trimEnd());
  const same = lines.filter(({ kind }) => kind === 'same');
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  if (same.length < removed || !same.some(telling)) {
    return null;
  }
  return lines;
}

/** One text laid over another, line by line. */
export function lineDifference(before: string, after: string): readonly DifferenceLine[] {
  return diffLines(`${before}\n`, `${after}\n`).flatMap(({ value, added, removed }): DifferenceLine[] =>
    value
      .replace(/\n$/u, '')
      .split('\n')
      .map((text) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text })),
  );
}
