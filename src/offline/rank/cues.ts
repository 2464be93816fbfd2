import { hasCue } from '../analysis/analysis.ts';
import type { FeatureTable } from '../analysis/feature.ts';
import type { Cue } from '../language/lexicon.ts';
import type { Aggregate } from '../query/tree.ts';
import type { CandidateFact } from './fact.ts';

/** What a question hints at and a candidate does not have: a superlative, a comparison, a negation… */
const unused: readonly (readonly [
  name: string,
  cues: readonly Cue[],
  isUsed: (fact: CandidateFact) => boolean,
])[] = [
  [
    'unusedSuperlative',
    ['most', 'least', 'adjmax', 'adjmin', 'max', 'min'],
    (fact) => isOrdered(fact) || hasScalar(fact) || shows(fact, 'max') || shows(fact, 'min'),
  ],
  ['unusedComparison', ['gt', 'lt', 'ge', 'le', 'between'], isCompared],
  ['unusedNegation', ['not', 'without', 'except'], isNegated],
  ['unusedEach', ['each'], ({ main }) => main.group.length > 0 || main.distinct],
  [
    'unusedCount',
    ['count'],
    (fact) =>
      shows(fact, 'count') ||
      shows(fact, 'sum') ||
      fact.candidate.having.item.left !== null ||
      fact.main.order[0]?.by.aggregate === 'count',
  ],
  [
    'unusedAverage',
    ['avg'],
    (fact) => shows(fact, 'avg') || hasScalar(fact) || fact.main.order[0]?.by.aggregate === 'avg',
  ],
  [
    'unusedDistinct',
    ['distinct'],
    ({ main }) => main.distinct || main.group.length > 0 || main.select.some(({ distinct }) => distinct),
  ],
];

const isUnused = (fact: CandidateFact, [, cues, isUsed]: (typeof unused)[number]): boolean =>
  cues.some((cue) => hasCue(fact.analysis, cue)) && !isUsed(fact);

export const unusedCueFeatures: FeatureTable<CandidateFact> = [
  ...unused.map((hint): FeatureTable<CandidateFact>[number] => [
    hint[0],
    (fact) => (isUnused(fact, hint) ? 1 : 0),
  ]),
  ['unusedCues', (fact) => unused.filter((hint) => isUnused(fact, hint)).length],
];

const shows = ({ main }: CandidateFact, aggregate: Aggregate): boolean =>
  main.select.some((item) => item.aggregate === aggregate);

const conditionsOf = ({ candidate }: CandidateFact) =>
  candidate.filter.items.map(({ condition }) => condition);

const hasScalar = (fact: CandidateFact): boolean => conditionsOf(fact).some(({ kind }) => kind === 'scalar');

const isOrdered = ({ main, candidate }: CandidateFact): boolean =>
  main.order.length > 0 || candidate.shape === 'top';

function isCompared(fact: CandidateFact): boolean {
  return (
    fact.candidate.having.item.left !== null ||
    hasScalar(fact) ||
    conditionsOf(fact).some(
      (condition) =>
        condition.kind === 'between' ||
        condition.kind === 'and' ||
        (condition.kind === 'compare' && condition.operator !== '=' && condition.operator !== '<>'),
    )
  );
}

function isNegated(fact: CandidateFact): boolean {
  return (
    fact.candidate.shape === 'except' ||
    conditionsOf(fact).some(
      (condition) =>
        (condition.kind === 'in' && condition.negated) ||
        condition.kind === 'null' ||
        (condition.kind === 'compare' && (condition.operator === '<>' || condition.operator === 'not like')),
    )
  );
}
