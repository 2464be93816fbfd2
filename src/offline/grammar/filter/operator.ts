import { type Analysis, distanceAfter, distanceBefore, far, lowerAt } from '../../analysis/analysis.ts';
import type { Cue } from '../../language/lexicon.ts';
import type { Comparison } from '../../query/tree.ts';

const comparators: readonly (readonly [Cue, Comparison])[] = [
  ['ge', '>='],
  ['le', '<='],
  ['gt', '>'],
  ['lt', '<'],
  ['after', '>'],
  ['before', '<'],
];

/** Comparison operators that the words around a number (or an aggregate) suggest, the likeliest first. */
export function operatorsAt(analysis: Analysis, start: number, end: number): readonly Comparison[] {
  const found: [number, Comparison][] = [];
  for (const [cue, operator] of comparators) {
    const before = distanceBefore(analysis, cue, start);
    const after = cue === 'ge' || cue === 'le' ? distanceAfter(analysis, cue, end) : far;
    if (before <= 3) {
      found.push([before + (cue === 'after' || cue === 'before' ? 0.5 : 0), operator]);
    }
    if (after <= 2) {
      found.push([after - 0.5, operator]);
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  const list = [...new Set(found.map(([, operator]) => operator))].slice(0, 2);
  if (distanceBefore(analysis, 'after', start) <= 2 && !list.includes('>=')) {
    list.push('>=');
  }
  if (lowerAt(analysis, end) === 'or' && lowerAt(analysis, end + 1) === 'after') {
    list.unshift('>=');
  }
  // `from 2005 on`; `from 2005` alone is that year.
  if (
    lowerAt(analysis, start - 1) === 'from' &&
    /^(?:on|onwards?|forward|upwards?)$/.test(lowerAt(analysis, end))
  ) {
    list.unshift('>=');
  }
  // `in or after 2005`, `on or before 1 May`.
  if (lowerAt(analysis, start - 2) === 'or' && lowerAt(analysis, start - 1) === 'after') {
    list.unshift('>=');
  }
  if (lowerAt(analysis, start - 2) === 'or' && lowerAt(analysis, start - 1) === 'before') {
    list.unshift('<=');
  }
  if (
    lowerAt(analysis, end) === 'or' &&
    (lowerAt(analysis, end + 1) === 'before' || lowerAt(analysis, end + 1) === 'earlier')
  ) {
    list.unshift('<=');
  }
  if (distanceBefore(analysis, 'not', start) <= 4) {
    list.push('<>');
  }
  list.push('=');
  return [...new Set(list)];
}
