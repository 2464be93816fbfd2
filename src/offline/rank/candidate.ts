import { type Analysis, hasCue } from '../analysis/analysis.ts';
import { type FeatureTable, featuresOfPart, indexOf, valuesOf } from '../analysis/feature.ts';
import type { Candidate, Parts } from '../grammar/candidate.ts';
import { orderFeatures } from '../grammar/order.ts';
import { selectFeatures } from '../grammar/select.ts';
import { type Cue, measureCues } from '../language/lexicon.ts';
import type { SelectQuery } from '../query/tree.ts';
import { unusedCueFeatures } from './cues.ts';
import type { CandidateFact } from './fact.ts';
import { formOf } from './form.ts';
import { openIn, usedColumns } from './open.ts';
import {
  behindFeatures,
  chosenAndLeft,
  distinctBefore,
  fanOut,
  shownFeatures,
  tableFeatures,
} from './parts.ts';
import { positionFeatures } from './positions.ts';
import { type Expected, expectedFeatures } from './wording.ts';

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

const direction = indexOf(orderFeatures, 'direction');
const nameScore = indexOf(selectFeatures, 'score');

const aggregatesOf = ({ main }: CandidateFact) => main.select.filter(({ aggregate }) => aggregate !== null);
const conditionsOf = ({ candidate }: CandidateFact) =>
  candidate.filter.items.map(({ condition }) => condition);
const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
const least = (items: readonly { readonly features: readonly number[] }[]): number =>
  Math.min(1, ...items.map(({ features }) => features[nameScore] ?? 1));

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a whole candidate is worth: its parts, and how much of the question it speaks to. */
export const candidateFeatures: FeatureTable<CandidateFact> = [
  ['score', ({ candidate }) => candidate.score],
  ['select', ({ candidate }) => candidate.select.score],
  ['filter', ({ candidate }) => candidate.filter.score],
  ['order', ({ candidate }) => Math.log(candidate.order.probability)],
  ['having', ({ candidate }) => Math.log(candidate.having.probability)],
  ['behind', ({ best, candidate }) => best - candidate.score],
  ['selects', ({ main }) => main.select.length],
  ['filters', ({ candidate }) => candidate.filter.items.length],
  ['tables', ({ candidate }) => candidate.tables.length],
  ['extra', ({ candidate }) => candidate.extraTables.length],
  ['joinCost', ({ candidate }) => candidate.joinCost],
  ['bridges', bridges],
  ['plain', (fact) => fact.main.select.length - aggregatesOf(fact).length],
  ['aggregates', (fact) => aggregatesOf(fact).length],
  ['counts', (fact) => aggregatesOf(fact).filter(({ aggregate }) => aggregate === 'count').length],
  ['countStar', (fact) => (aggregatesOf(fact).some(({ column }) => column === null) ? 1 : 0)],
  ['countDistinct', (fact) => (aggregatesOf(fact).some(({ distinct }) => distinct) ? 1 : 0)],
  ['grouped', ({ main }) => main.group.length],
  ['ordered', ({ main }) => main.order.length],
  ['limited', ({ main }) => main.limit ?? 0],
  ['hasHaving', ({ main }) => (main.having === null ? 0 : 1)],
  ['orderAggregate', ({ main }) => (main.order[0]?.by.aggregate == null ? 0 : 1)],
  ['distinct', ({ main }) => (main.distinct ? 1 : 0)],
  ['shape', ({ candidate }) => shapes.indexOf(candidate.shape), 'class'],
  [
    'negations',
    (fact) => conditionsOf(fact).filter((part) => part.kind === 'compare' && part.operator === '<>').length,
  ],
  ['scalars', (fact) => conditionsOf(fact).filter(({ kind }) => kind === 'scalar').length],
  ['without', (fact) => conditionsOf(fact).filter(({ kind }) => kind === 'in').length],
  ['uncoveredTables', ({ open }) => open.tables],
  ['uncoveredColumns', ({ open }) => open.columns],
  ['uncoveredValues', ({ open }) => open.values],
  ['uncoveredNumbers', ({ open }) => open.numbers],
  ['uncoveredWords', ({ open }) => open.words],
  [
    'selectFilterOverlap',
    ({ candidate: { select, filter } }) =>
      select.items.filter((item) => filter.items.some((other) => overlaps(item, other))).length,
  ],
  [
    'selectOrderOverlap',
    ({ candidate: { select, order } }) =>
      order.item.by !== null && select.items.some((item) => overlaps(item, order.item)) ? 1 : 0,
  ],
  ['tokens', ({ analysis }) => analysis.tokens.length],
  ['weakestSelect', ({ candidate }) => least(candidate.select.items)],
  ['weakestFilter', ({ candidate }) => least(candidate.filter.items)],
  [
    'extraDirect',
    ({ candidate: { extraTables, joinCost, tables } }) =>
      extraTables.length > 0 && joinCost <= tables.length - 1 + 0.01 ? 1 : 0,
  ],
  ['mainNamed', ({ named, main }) => (named.has(main.from) ? 1 : 0)],
  ['fanOut', ({ analysis, main }) => fanOut(analysis, main)],
  [
    'minProbability',
    ({ candidate: { select } }) => Math.min(0, select.score / Math.max(1, select.items.length)),
  ],
  ['uncoveredCapitals', ({ open }) => open.capitals],
  ['selectTables', ({ shown }) => shown.size],
  ['filterTables', ({ candidate }) => new Set(candidate.filter.items.map(({ table }) => table)).size],
  ['namedTables', ({ named }) => named.size],
  ['extraScore', extraScore],
  ['uncoveredQuoted', ({ open }) => open.quoted],
  ['firstTable', ({ analysis, main }) => (main.from === analysis.tables[0]?.id ? 1 : 0)],
  ['keyOnly', keyOnly],
  ['leastSelect', ({ select }) => select.least],
  ['mostLeftSelect', ({ select }) => select.left],
  ['leastFilter', ({ filter }) => filter.least],
  ['mostLeftFilter', ({ filter }) => filter.left],
  ['distinctBefore', ({ analysis, candidate }) => distinctBefore(analysis, candidate)],
  ['orderBehind', ({ candidate, likeliestOrder }) => likeliestOrder - candidate.order.probability],
  [
    'fanOutMany',
    (fact) =>
      fanOut(fact.analysis, fact.main) > 0 && aggregatesOf(fact).length === 0 && fact.main.group.length === 0
        ? 1
        : 0,
  ],
  [
    'unnamedSelect',
    ({ shown, named }) => [...shown].filter((table) => table !== undefined && !named.has(table)).length,
  ],
  ...tableFeatures,
  ...shownFeatures,
  ...behindFeatures,
  ['openShare', ({ open, analysis }) => open.words / analysis.tokens.length],
  ['openLabels', ({ open }) => open.labels],
  ['direction', ({ candidate }) => candidate.order.item.features[direction] ?? 0],
  ...unusedCueFeatures,
  ...flags.map((flag): FeatureTable<CandidateFact>[number] => [
    `${flag}?`,
    ({ analysis }) => (hasCue(analysis, flag) ? 1 : 0),
  ]),
  ...flags
    .slice(0, 8)
    .map((flag): FeatureTable<CandidateFact>[number] => [
      `${flag}#`,
      ({ analysis }) => analysis.cues.filter(({ cue }) => cue === flag).length,
    ]),
  ...positionFeatures,
  ...featuresOfPart(expectedFeatures, ({ form }: CandidateFact) => form),
];

export function candidateValues(
  analysis: Analysis,
  candidate: Candidate,
  parts: Parts,
  best: number,
  expected: Expected,
): number[] {
  const { columns } = analysis.schemaIndex;
  const main: SelectQuery = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const used = usedColumns(candidate, main);
  return valuesOf(candidateFeatures, {
    analysis,
    candidate,
    main,
    used,
    open: openIn(analysis, candidate, main, used),
    named: new Set(analysis.tables.filter(({ score }) => score >= 0.8).map(({ id }) => id)),
    shown: new Set(main.select.flatMap(({ column }) => (column === null ? [] : [columns[column]?.table]))),
    select: chosenAndLeft(
      parts.select,
      candidate.select.items,
      (a, b) =>
        a.expression.column === b.expression.column && a.expression.aggregate === b.expression.aggregate,
    ),
    filter: chosenAndLeft(parts.filter, candidate.filter.items, () => false),
    form: { expected, form: formOf(candidate.query) },
    best,
    likeliestOrder: Math.max(...parts.order.map(({ probability }) => probability)),
  });
}

/** Tables that nothing asks for and that only join others. */
function bridges({ analysis, candidate, named, used }: CandidateFact): number {
  const { columns } = analysis.schemaIndex;
  return candidate.tables.filter(
    (table) => !named.has(table) && ![...used].some((column) => columns[column]?.table === table),
  ).length;
}

/** How well the question names the best named table that no part needs. */
function extraScore({ analysis, candidate }: CandidateFact): number {
  const scores = analysis.tables
    .filter(({ id }) => candidate.extraTables.includes(id))
    .map(({ score }) => score);
  return Math.max(0, ...scores);
}

/** Whether a key is all that is shown. */
function keyOnly({ analysis, main }: CandidateFact): number {
  const column = main.select[0]?.column;
  return main.select.length === 1 && column != null && analysis.schemaIndex.columns[column]?.primary === true
    ? 1
    : 0;
}
