import { type Analysis, hasCue } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { Cue, CueMention } from '../language/lexicon.ts';
import { labelsOf } from '../plain/names.ts';
import type { Aggregate, Condition, SelectQuery } from '../query/tree.ts';
import { pointsUp } from './direction.ts';

/** Cues that only join words, whatever the query is. */
const joining: ReadonlySet<Cue> = new Set<Cue>([
  'which',
  'who',
  'when',
  'where',
  'and',
  'or',
  'both',
  'with',
  'whose',
  'that',
  'of',
  'in',
  'by',
  'for',
  'from',
  'have',
  'be',
  'also',
  'all',
  'any',
  'comma',
  'named',
  'at',
  'on',
  'to',
]);

/** A candidate as its cues are looked for in it. */
interface Built {
  readonly analysis: Analysis;
  readonly candidate: Candidate;
  readonly main: SelectQuery;
  readonly conditions: readonly Condition[];
}

/** Whether the query does what a cue asks for; null where a cue asks for nothing. */
export function isDone(analysis: Analysis, candidate: Candidate, mention: CueMention): boolean {
  const { cue } = mention;
  if (joining.has(cue)) {
    return true;
  }
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const conditions = candidate.filter.items.map(({ condition }) => condition);
  return done[cue]?.({ analysis, candidate, main, conditions }, mention) ?? false;
}

const has = (built: Built, ...aggregates: readonly Aggregate[]): boolean => {
  const used = [
    ...built.main.select.map(({ aggregate }) => aggregate),
    ...built.main.order.map(({ by }) => by.aggregate),
    built.candidate.having.item.left?.aggregate ?? null,
    built.candidate.order.item.by?.aggregate ?? null,
  ];
  return aggregates.some((aggregate) => used.includes(aggregate));
};

const hasScalar = ({ conditions }: Built, aggregate: Aggregate): boolean =>
  conditions.some(
    (condition) =>
      condition.kind === 'scalar' && condition.query.select.some((item) => item.aggregate === aggregate),
  );

const isOrdered = ({ candidate }: Built): boolean => candidate.order.item.by !== null;

const isCompared = ({ candidate, conditions }: Built): boolean =>
  candidate.having.item.left !== null || conditions.some(compares);

const compares = (condition: Condition): boolean =>
  condition.kind === 'between' ||
  condition.kind === 'scalar' ||
  (condition.kind === 'and' && condition.conditions.every(compares)) ||
  (condition.kind === 'compare' && /[<>]/u.test(condition.operator) && condition.operator !== '<>');

const isNegated = ({ candidate, conditions }: Built): boolean =>
  candidate.shape === 'except' ||
  candidate.filter.items.some(({ kind, inner }) => kind === 'valueNot' || inner !== null) ||
  conditions.some(
    (condition) =>
      condition.kind === 'null' ||
      (condition.kind === 'in' && condition.negated) ||
      (condition.kind === 'compare' && /^(?:<>|not like)$/u.test(condition.operator)),
  );

const isLike = ({ conditions }: Built): boolean =>
  conditions.some((condition) => condition.kind === 'compare' && /like$/u.test(condition.operator));

/** Whether the highest comes first, or the lowest, as a word asks. */
const comesFirst =
  (highest: boolean) =>
  (built: Built, mention: CueMention): boolean => {
    const { analysis, candidate } = built;
    const { by, descending } = candidate.order.item;
    if (by !== null && descending === pointsUp(analysis, mention, by.column, highest)) {
      return true;
    }
    const [wanted, other] = highest ? (['max', 'min'] as const) : (['min', 'max'] as const);
    const extremes = built.main.select.filter(({ aggregate }) => aggregate === 'max' || aggregate === 'min');
    if (extremes.length > 0) {
      return extremes.some(
        ({ aggregate, column }) =>
          aggregate === (pointsUp(analysis, mention, column, highest) ? 'max' : 'min'),
      );
    }
    return hasScalar(built, wanted) && !hasScalar(built, other);
  };

const isGrouped = ({ main, candidate }: Built): boolean =>
  main.group.length > 0 || main.distinct || candidate.shape === 'countGroups';

const joins = ({ candidate }: Built): boolean =>
  candidate.tables.length > 1 || candidate.filter.items.some(({ inner }) => inner !== null);

/** `at least one` asks for no more than that there is a row to join. */
const isOne = ({ analysis }: Built, index: number): boolean => analysis.tokens[index]?.number === 1;

/** `the number of seats` where a column holds it. */
const isAmount = ({ analysis, main }: Built, index: number): boolean =>
  analysis.columns.some(
    ({ id, start, score }) =>
      score >= 0.6 &&
      start - index <= 2 &&
      start >= index &&
      analysis.schemaIndex.columns[id]?.class === 'number' &&
      [...main.select, ...main.order.map(({ by }) => by)].some(({ column }) => column === id),
  );

/** Whether `how often` would count the one row that the question names, which happens once. */
function countsItself({ analysis, candidate, conditions }: Built, start: number): boolean {
  const often = /^(?:often|times)$/u.test(
    analysis.tokens[start + (analysis.tokens[start + 1]?.lower === 'many' ? 2 : 1)]?.lower ?? '',
  );
  const [only, ...others] = candidate.tables;
  const table = analysis.schemaIndex.tables[only ?? -1];
  if (!often || table === undefined || others.length > 0) {
    return false;
  }
  const labels = labelsOf(analysis, table);
  return conditions.some(
    (condition) => condition.kind === 'compare' && labels.includes(condition.left.column ?? -1),
  );
}

/** What each cue asks for. */
const done: Partial<Record<Cue, (built: Built, mention: CueMention) => boolean>> = {
  count: (built, { start, end }) =>
    !countsItself(built, start) &&
    (has(built, 'count', 'sum') || built.candidate.shape === 'countGroups' || isAmount(built, end)),
  sum: (built) => has(built, 'sum') || (has(built, 'count') && hasCue(built.analysis, 'count')),
  avg: (built) => has(built, 'avg') || hasScalar(built, 'avg'),
  average: (built) => has(built, 'avg') || hasScalar(built, 'avg'),
  max: comesFirst(true),
  most: comesFirst(true),
  adjmax: comesFirst(true),
  min: comesFirst(false),
  least: comesFirst(false),
  adjmin: comesFirst(false),
  common: isOrdered,
  top: isOrdered,
  order: isOrdered,
  asc: (built) => isOrdered(built) && !built.candidate.order.item.descending,
  desc: (built) => isOrdered(built) && built.candidate.order.item.descending,
  gt: isCompared,
  lt: isCompared,
  ge: (built, mention) => isCompared(built) || (isOne(built, mention.end) && joins(built)),
  le: isCompared,
  between: isCompared,
  before: isCompared,
  after: isCompared,
  than: isCompared,
  not: isNegated,
  without: isNegated,
  except: isNegated,
  each: (built) => isGrouped(built) || !has(built, 'count', 'sum', 'avg', 'min', 'max'),
  distinct: (built) => isGrouped(built) || built.main.select.some(({ distinct }) => distinct),
  like: isLike,
  start: isLike,
  end: isLike,
  contain: isLike,
  null: ({ conditions }) => conditions.some(({ kind }) => kind === 'null'),
  only: ({ candidate, main }) =>
    candidate.having.item.left !== null && main.having?.kind === 'compare' && main.having.operator === '=',
  eq: ({ conditions, candidate }) => conditions.length > 0 || candidate.having.item.left !== null,
};
