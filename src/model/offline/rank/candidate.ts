import { type Analysis, hasCue } from '../grammar/analysis.ts';
import type { Candidate, Parts } from '../grammar/candidate.ts';
import type { Cue } from '../language/lexicon.ts';
import type { NameMention } from '../link/link.ts';
import type { SelectQuery } from '../query/tree.ts';
import { unusedCues } from './cues.ts';
import { formOf } from './form.ts';
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
  'count',
  'avg',
  'sum',
  'max',
  'min',
  'most',
  'least',
  'adjmax',
  'adjmin',
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

export const candidateCategorical: readonly string[] = ['shape'];

const weightless = new Set(
  'please of the a an is are was were do does did have has had be been in on at to for from by with and or what which who whom that this these those there their its his her all any some me us i we you it they find list show give return display tell many much how also as than not no each every whose where when if name names id number ordered order sorted by having different distinct whichever together'.split(
    ' ',
  ),
);

/** Words that ask for a column whatever stands around them. */
const asked: ReadonlySet<string> = new Set(
  'name id title code date type address phone email age year price first last description detail'.split(' '),
);

/** Features of a whole candidate: what its parts are worth, and how much of the question it speaks to. */
export function candidateFeatures(
  analysis: Analysis,
  candidate: Candidate,
  parts: Parts,
  best: number,
  expected: Expected,
): number[] {
  const { catalog } = analysis;
  const main: SelectQuery = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const aggregates = main.select.filter((item) => item.aggregate !== null);
  const covered = new Set<number>();
  const cover = (span: { readonly start: number; readonly end: number }): void => {
    for (let index = Math.max(0, span.start); index < span.end; index++) covered.add(index);
  };
  for (const item of candidate.select.items) cover(item);
  for (const item of candidate.filter.items) cover(item);
  if (candidate.order.item.by !== null) cover(candidate.order.item);
  if (candidate.having.item.left !== null) cover(candidate.having.item);
  const used = new Set<number>();
  for (const item of main.select) if (item.column !== null) used.add(item.column);
  for (const item of candidate.filter.items) {
    const condition = item.condition;
    if (condition.kind === 'compare' || condition.kind === 'between' || condition.kind === 'scalar')
      if (condition.left.column !== null) used.add(condition.left.column);
    if (condition.kind === 'null') used.add(condition.column);
  }
  if (candidate.order.item.by?.column != null) used.add(candidate.order.item.by.column);
  if (candidate.having.item.left?.column != null) used.add(candidate.having.item.left.column);
  for (const mention of analysis.columns)
    if (used.has(mention.id) && isStrong(analysis, mention)) cover(mention);
  const tables = new Set(candidate.tables);
  for (const item of candidate.filter.items) if (item.inner !== null) tables.add(item.inner);
  for (const mention of analysis.tables)
    if (tables.has(mention.id) && isStrong(analysis, mention)) cover(mention);
  const open = (span: { readonly start: number; readonly end: number }): boolean => {
    for (let index = span.start; index < span.end; index++) if (!covered.has(index)) return true;
    return false;
  };
  const strongTables = new Map<number, boolean>();
  for (const mention of analysis.tables)
    if (mention.score >= 0.8 && open(mention)) strongTables.set(mention.start, true);
  const openColumns = new Set<number>();
  for (const mention of analysis.columns)
    if (mention.score >= 0.8 && open(mention)) openColumns.add(mention.start);
  const openValues = new Set<number>();
  for (const mention of analysis.values)
    if (mention.match === 'exact' && open(mention)) openValues.add(mention.start);
  const openLabels = analysis.tokens.filter(
    (token, index) => asked.has(token.lemma) && !covered.has(index),
  ).length;
  for (const cue of analysis.cues)
    if (cue.cue !== 'comma') for (let index = cue.start; index < cue.end; index++) covered.add(index);
  let openNumbers = 0;
  let openWords = 0;
  let openCapitals = 0;
  let openQuoted = 0;
  const numbersUsed = new Set<number>();
  if (main.limit !== null) numbersUsed.add(main.limit);
  analysis.tokens.forEach((token, index) => {
    if (token.kind === 'mark') return;
    if (token.kind === 'quoted' && !covered.has(index)) openQuoted++;
    if (token.number !== null) {
      if (
        !covered.has(index) &&
        !numbersUsed.has(token.number) &&
        (token.kind === 'number' || token.number > 1)
      )
        openNumbers++;
      return;
    }
    if (covered.has(index) || weightless.has(token.lower)) return;
    openWords++;
    if (index > 0 && /^\p{Lu}/u.test(token.text)) openCapitals++;
  });
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
    (table) => !named.has(table) && ![...used].some((column) => catalog.columns[column]?.table === table),
  ).length;
  const selectTables = new Set(
    main.select.flatMap((item) => (item.column === null ? [] : [catalog.columns[item.column]?.table])),
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
    strongTables.size,
    openColumns.size,
    openValues.size,
    openNumbers,
    openWords,
    selectFilter,
    selectOrder,
    analysis.tokens.length,
    Math.min(1, ...candidate.select.items.map((item) => item.features[weakIndex] ?? 1)),
    Math.min(1, ...candidate.filter.items.map((item) => item.features[weakIndex] ?? 1)),
    candidate.extraTables.length > 0 && candidate.joinCost <= candidate.tables.length - 1 + 0.01 ? 1 : 0,
    named.has(main.from) ? 1 : 0,
    fanOut(analysis, main),
    minimum,
    openCapitals,
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
    openQuoted,
    main.from === analysis.tables[0]?.id ? 1 : 0,
    main.select.length === 1 &&
    main.select[0]?.column != null &&
    catalog.columns[main.select[0].column]?.primary === true
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
    openWords / analysis.tokens.length,
    openLabels,
    candidate.order.item.features.at(-1) ?? 0,
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

/** Whether no other name fits the same words much better. */
function isStrong(analysis: Analysis, mention: NameMention): boolean {
  if (mention.score >= 0.75) return true;
  const better = (other: NameMention): boolean =>
    other.start < mention.end && mention.start < other.end && other.score > mention.score + 0.1;
  return !analysis.columns.some(better) && !analysis.tables.some(better);
}
