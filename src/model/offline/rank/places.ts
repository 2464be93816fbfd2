import { type Analysis, distanceBefore, far } from '../grammar/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { SelectQuery } from '../query/tree.ts';
import { chasms } from './parts.ts';

export const placeFeatureNames: readonly string[] = [
  'exactValues',
  'looseValues',
  'namedValues',
  'selectsAfterFilter',
  'selectGap',
  'selectStart',
  'groupEach',
  'orderInSelect',
  'chasms',
];

/** Where the parts of a candidate stand in the question, and how well its values are known. */
export function placeFeatures(analysis: Analysis, candidate: Candidate, query: SelectQuery): number[] {
  const filters = candidate.filter.items;
  const selects = [...candidate.select.items].sort((a, b) => a.start - b.start);
  let exact = 0;
  let loose = 0;
  let named = 0;
  for (const item of filters) {
    if (item.kind !== 'value' && item.kind !== 'valueNot') continue;
    const known = analysis.values.some(
      (value) => value.match === 'exact' && value.start === item.start && value.end === item.end,
    );
    if (known) exact++;
    else loose++;
    const within = (mention: { start: number; end: number; score: number }): boolean =>
      mention.score >= 0.8 && mention.start <= item.start && item.end <= mention.end;
    if (analysis.tables.some(within) || analysis.columns.some(within)) named++;
  }
  const firstFilter = Math.min(99, ...filters.map((item) => item.start));
  const starts = selects.map((item) => item.start);
  const gaps = starts.slice(1).map((start, index) => start - (selects[index]?.end ?? start));
  const firstNamed = Math.min(
    99,
    ...analysis.columns.filter((mention) => mention.score >= 0.8).map((mention) => mention.start),
  );
  const plain = selects.filter((item) => item.expression.aggregate === null);
  return [
    exact,
    loose,
    named,
    starts.filter((start) => start > firstFilter).length,
    Math.max(-1, ...gaps),
    Math.min(12, (starts[0] ?? 0) - firstNamed),
    query.group.length === 0
      ? -1
      : Math.min(far, ...plain.map((item) => distanceBefore(analysis, 'each', item.start))),
    candidate.order.item.by === null
      ? -1
      : selects.filter((item) => item.start >= candidate.order.item.start).length,
    chasms(analysis.catalog, query),
  ];
}
