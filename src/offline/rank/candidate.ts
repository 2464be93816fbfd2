import { type Analysis, hasCue } from '../analysis/analysis.ts';
import type { Candidate, Parts } from '../grammar/candidate.ts';
import { orderFeatureNames } from '../grammar/order.ts';
import { type Cue, measureCues } from '../language/lexicon.ts';
import type { SelectQuery } from '../query/tree.ts';
import { unusedCues } from './cues.ts';
import { formOf } from './form.ts';
import { openIn, usedColumns } from './open.ts';
import {
  behind,
  chosenAndLeft,
  distinctBefore,
  fanOut,
  selectFeatures,
  tableFeatures,
  weakIndex,
} from './parts.ts';
import { placeFeatureNames, placeFeatures } from './places.ts';
import { type Expected, formFeatureNames, formFeatures } from './wording.ts';

const flags: readonly Cue[] = [
  ...measureCues,
  'each',
  'order',
  'not',
  'without',
  'distinct',
  'common',
  'both',
  'or',
  'all',
  'who',
  'also',
  'except',
  'whose',
  'top',
  'gt',
  'lt',
  'ge',
  'le',
  'between',
  'like',
];

const shapes = ['and', 'or', 'intersect', 'union', 'except', 'inside', 'none', 'countGroups', 'top'];

/** Names of a candidate's features, in order. */
export const candidateFeatureNames: readonly string[] = [
  'score',
  'select',
  'filter',
  'order',
  'having',
  'behind',
  'selects',
  'filters',
  'tables',
  'extra',
  'joinCost',
  'bridges',
  'plain',
  'aggregates',
  'counts',
  'countStar',
  'countDistinct',
  'grouped',
  'ordered',
  'limited',
  'hasHaving',
  'orderAggregate',
  'distinct',
  'shape',
  'negations',
  'scalars',
  'without',
  'uncoveredTables',
  'uncoveredColumns',
  'uncoveredValues',
  'uncoveredNumbers',
  'uncoveredWords',
  'selectFilterOverlap',
  'selectOrderOverlap',
  'tokens',
  'weakestSelect',
  'weakestFilter',
  'extraDirect',
  'mainNamed',
  'fanOut',
  'minProbability',
  'uncoveredCapitals',
  'selectTables',
  'filterTables',
  'namedTables',
  'extraScore',
  'uncoveredQuoted',
  'firstTable',
  'keyOnly',
  'leastSelect',
  'mostLeftSelect',
  'leastFilter',
  'mostLeftFilter',
  'distinctBefore',
  'orderBehind',
  'fanOutMany',
  'unnamedSelect',
  'extraCovered',
  'unnamedTables',
  'partlyNamed',
  'sameTable',
  'joinsOfOthers',
  'selectsFiltered',
  'orderSelected',
  'labels',
  'keys',
  'groupsByLabel',
  'groupsByKey',
  'behindSelect',
  'behindFilter',
  'behindOrder',
  'behindAll',
  'openShare',
  'openLabels',
  'direction',
  'unusedSuperlative',
  'unusedComparison',
  'unusedNegation',
  'unusedEach',
  'unusedCount',
  'unusedAverage',
  'unusedDistinct',
  'unusedCues',
  ...flags.map((flag) => `${flag}?`),
  ...flags.slice(0, 8).map((flag) => `${flag}#`),
  ...placeFeatureNames,
  ...formFeatureNames,
];

const directionIndex = orderFeatureNames.indexOf('direction');

export const candidateCategorical: readonly string[] = ['shape'];

/** Features of a whole candidate: what its parts are worth, and how much of the question it speaks to. */
export function candidateFeatures(
  analysis: Analysis,
  candidate: Candidate,
  parts: Parts,
  best: number,
  expected: Expected,
): number[] {
  const { schemaIndex } = analysis;
  const main: SelectQuery = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const aggregates = main.select.filter((item) => item.aggregate !== null);
  const used = usedColumns(candidate, main);
  const open = openIn(analysis, candidate, main, used);
  const overlaps = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
    a.start < b.end && b.start < a.end;
  const selectFilter = candidate.select.items.filter((item) =>
    candidate.filter.items.some((other) => overlaps(item, other)),
  ).length;
  const selectOrder =
    candidate.order.item.by !== null &&
    candidate.select.items.some((item) => overlaps(item, candidate.order.item))
      ? 1
      : 0;
  const named = new Set(
    analysis.tables.filter((mention) => mention.score >= 0.8).map((mention) => mention.id),
  );
  const bridges = candidate.tables.filter(
    (table) => !named.has(table) && ![...used].some((column) => schemaIndex.columns[column]?.table === table),
  ).length;
  const selectTables = new Set(
    main.select.flatMap((item) => (item.column === null ? [] : [schemaIndex.columns[item.column]?.table])),
  );
  const conditions = candidate.filter.items.map((item) => item.condition);
  const minimum = Math.min(0, candidate.select.score / Math.max(1, candidate.select.items.length));
  const values = hasFlags(analysis);
  return [
    candidate.score,
    candidate.select.score,
    candidate.filter.score,
    Math.log(candidate.order.probability),
    Math.log(candidate.having.probability),
    best - candidate.score,
    main.select.length,
    candidate.filter.items.length,
    candidate.tables.length,
    candidate.extraTables.length,
    candidate.joinCost,
    bridges,
    main.select.length - aggregates.length,
    aggregates.length,
    aggregates.filter((item) => item.aggregate === 'count').length,
    aggregates.some((item) => item.column === null) ? 1 : 0,
    aggregates.some((item) => item.distinct) ? 1 : 0,
    main.group.length,
    main.order.length,
    main.limit ?? 0,
    main.having === null ? 0 : 1,
    main.order[0]?.by.aggregate == null ? 0 : 1,
    main.distinct ? 1 : 0,
    shapes.indexOf(candidate.shape),
    conditions.filter((condition) => condition.kind === 'compare' && condition.operator === '<>').length,
    conditions.filter((condition) => condition.kind === 'scalar').length,
    conditions.filter((condition) => condition.kind === 'in').length,
    open.tables,
    open.columns,
    open.values,
    open.numbers,
    open.words,
    selectFilter,
    selectOrder,
    analysis.tokens.length,
    Math.min(1, ...candidate.select.items.map((item) => item.features[weakIndex] ?? 1)),
    Math.min(1, ...candidate.filter.items.map((item) => item.features[weakIndex] ?? 1)),
    candidate.extraTables.length > 0 && candidate.joinCost <= candidate.tables.length - 1 + 0.01 ? 1 : 0,
    named.has(main.from) ? 1 : 0,
    fanOut(analysis, main),
    minimum,
    open.capitals,
    selectTables.size,
    new Set(candidate.filter.items.map((item) => item.table)).size,
    named.size,
    Math.max(
      0,
      ...candidate.extraTables.map((table) =>
        Math.max(
          0,
          ...analysis.tables.filter((mention) => mention.id === table).map((mention) => mention.score),
        ),
      ),
    ),
    open.quoted,
    main.from === analysis.tables[0]?.id ? 1 : 0,
    main.select.length === 1 &&
    main.select[0]?.column != null &&
    schemaIndex.columns[main.select[0].column]?.primary === true
      ? 1
      : 0,
    ...chosenAndLeft(
      parts.select,
      candidate.select.items,
      (a, b) =>
        a.expression.column === b.expression.column && a.expression.aggregate === b.expression.aggregate,
    ),
    ...chosenAndLeft(parts.filter, candidate.filter.items, () => false),
    distinctBefore(analysis, candidate),
    Math.max(...parts.order.map((entry) => entry.probability)) - candidate.order.probability,
    fanOut(analysis, main) > 0 && aggregates.length === 0 && main.group.length === 0 ? 1 : 0,
    [...selectTables].filter((table) => table !== undefined && !named.has(table)).length,
    ...tableFeatures(analysis, candidate, used, selectTables.size),
    ...selectFeatures(analysis, candidate, main),
    ...behind(candidate),
    open.words / analysis.tokens.length,
    open.labels,
    candidate.order.item.features[directionIndex] ?? 0,
    ...unusedCues(analysis, candidate, main),
    ...values,
    ...placeFeatures(analysis, candidate, main),
    ...formFeatures(expected, formOf(candidate.query)),
  ];
}

const flagCache = new WeakMap<Analysis, number[]>();

function hasFlags(analysis: Analysis): number[] {
  const known = flagCache.get(analysis);
  if (known !== undefined) return known;
  const result = [
    ...flags.map((flag) => (hasCue(analysis, flag) ? 1 : 0)),
    ...flags.slice(0, 8).map((flag) => analysis.cues.filter((cue) => cue.cue === flag).length),
  ];
  flagCache.set(analysis, result);
  return result;
}
