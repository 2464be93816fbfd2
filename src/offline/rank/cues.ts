import { type Analysis, hasCue } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { Cue } from '../language/lexicon.ts';
import type { SelectQuery } from '../query/tree.ts';

/** What a question hints at and a candidate does not have: a superlative, a comparison, a negation… and their sum. */
export function unusedCues(analysis: Analysis, candidate: Candidate, query: SelectQuery): number[] {
  const asks = (...cues: readonly Cue[]): boolean => cues.some((cue) => hasCue(analysis, cue));
  const aggregates = new Set(query.select.map((item) => item.aggregate));
  const conditions = candidate.filter.items.map((item) => item.condition);
  const scalar = conditions.some((condition) => condition.kind === 'scalar');
  const ordered = query.order.length > 0 || candidate.shape === 'top';
  const compared =
    candidate.having.item.left !== null ||
    scalar ||
    conditions.some(
      (condition) =>
        condition.kind === 'between' ||
        condition.kind === 'and' ||
        (condition.kind === 'compare' && condition.operator !== '=' && condition.operator !== '<>'),
    );
  const negated =
    candidate.shape === 'except' ||
    conditions.some(
      (condition) =>
        (condition.kind === 'in' && condition.negated) ||
        condition.kind === 'null' ||
        (condition.kind === 'compare' && (condition.operator === '<>' || condition.operator === 'not like')),
    );
  const unused = [
    asks('most', 'least', 'adjmax', 'adjmin', 'max', 'min') &&
      !ordered &&
      !scalar &&
      !aggregates.has('max') &&
      !aggregates.has('min'),
    asks('gt', 'lt', 'ge', 'le', 'between') && !compared,
    asks('not', 'without', 'except') && !negated,
    asks('each') && query.group.length === 0 && !query.distinct,
    asks('count') &&
      !aggregates.has('count') &&
      !aggregates.has('sum') &&
      candidate.having.item.left === null &&
      query.order[0]?.by.aggregate !== 'count',
    asks('avg') && !aggregates.has('avg') && !scalar && query.order[0]?.by.aggregate !== 'avg',
    asks('distinct') &&
      !query.distinct &&
      query.group.length === 0 &&
      !query.select.some((item) => item.distinct),
  ].map((flag) => (flag ? 1 : 0));
  return [...unused, unused.reduce<number>((sum, flag) => sum + flag, 0)];
}
