import { amountsOf } from '../analysis/amount.ts';
import { type Analysis, distanceAfter, distanceBefore, far, hasCue } from '../analysis/analysis.ts';
import {
  columnFeatures,
  columnMentions,
  type MentionedColumn,
  mentionedColumn,
} from '../analysis/columns.ts';
import { type Place, placeFeatures, placeOf } from '../analysis/context.ts';
import { type FeatureTable, featuresOfPart, valuesOf } from '../analysis/feature.ts';
import type { Cue } from '../language/lexicon.ts';
import { countAll, type Expression } from '../query/tree.ts';

/** An order that the question may want, with its limit; `by` null is none. */
export interface OrderItem {
  readonly by: Expression | null;
  readonly descending: boolean;
  readonly limit: number | null;
  readonly start: number;
  readonly end: number;
  readonly features: readonly number[];
}

/** Aggregates as classes of a feature. */
export const aggregates = [null, 'count', 'sum', 'avg', 'min', 'max'] as const;

/** An order as the features see it. */
interface Fact {
  readonly analysis: Analysis;
  readonly by: Expression | null;
  readonly descending: boolean;
  readonly limit: number | null;
  readonly start: number;
  readonly end: number;
  readonly place: Place;
  readonly column: MentionedColumn;
  /** How many numbers of the question may be a limit. */
  readonly numbers: number;
  /** From the word for the aggregate to the column. */
  readonly distance: number;
}

const before = (cue: Cue) => (fact: Fact) => distanceBefore(fact.analysis, cue, fact.start);
const after = (cue: Cue) => (fact: Fact) => distanceAfter(fact.analysis, cue, fact.end);
const has = (cue: Cue) => (fact: Fact) => (hasCue(fact.analysis, cue) ? 1 : 0);

export const orderFeatures: FeatureTable<Fact> = [
  ...featuresOfPart(placeFeatures, ({ place }: Fact) => place),
  ...featuresOfPart(columnFeatures, ({ column }: Fact) => column),
  ['none', ({ by }) => (by === null ? 1 : 0)],
  ['aggregate', ({ by }) => aggregates.indexOf(by?.aggregate ?? null), 'class'],
  ['descending', ({ descending }) => (descending ? 1 : 0)],
  ['limit', ({ limit }) => limit ?? 0],
  ['one', ({ limit }) => (limit === 1 ? 1 : 0)],
  ['asc<', before('asc')],
  ['asc>', after('asc')],
  ['desc<', before('desc')],
  ['desc>', after('desc')],
  ['top<', before('top')],
  ['order?', has('order')],
  ['most?', has('most')],
  ['least?', has('least')],
  ['adjmax?', has('adjmax')],
  ['adjmin?', has('adjmin')],
  ['max?', has('max')],
  ['min?', has('min')],
  ['common?', has('common')],
  ['asc?', has('asc')],
  ['desc?', has('desc')],
  ['count?', has('count')],
  ['numbers', ({ numbers }) => numbers],
  ['aggregate<', ({ distance }) => distance],
  ['each?', has('each')],
  ['alpha?', ({ analysis }) => (alphabetical.test(analysis.question) ? 1 : 0)],
  ['direction', directionFits],
];

const alphabetical = /alphabet|lexicograph/i;

export function orderItems(analysis: Analysis): OrderItem[] {
  const items: OrderItem[] = [];
  const nowhere = { start: -1, end: -1, score: 0, weakest: 0 };
  const limits: (number | null)[] = [null, 1];
  let numbers = 0;
  analysis.tokens.forEach((token, index) => {
    if (token.number === null || token.number < 2 || token.number > 1000) {
      return;
    }
    numbers++;
    const around = Math.min(
      ...(['top', 'most', 'least', 'adjmax', 'adjmin', 'max', 'min', 'ask'] as const).map((cue) =>
        Math.min(distanceBefore(analysis, cue, index), distanceAfter(analysis, cue, index + 1)),
      ),
    );
    const compared = (['gt', 'lt', 'ge', 'le', 'between'] as const).some(
      (cue) => distanceBefore(analysis, cue, index) <= 1,
    );
    if (
      (around <= 3 || (around <= 9 && !compared && token.kind === 'word')) &&
      Number.isInteger(token.number)
    ) {
      limits.push(token.number);
    }
  });
  const add = (
    by: Expression | null,
    descending: boolean,
    limit: number | null,
    mention: typeof nowhere,
    distance: number,
  ): void => {
    const { start, end } = mention;
    items.push({
      by,
      descending,
      limit,
      start,
      end,
      features: valuesOf(orderFeatures, {
        analysis,
        by,
        descending,
        limit,
        start,
        end,
        place: placeOf(analysis, start, end),
        column: mentionedColumn(analysis, by?.column ?? null, null, mention),
        numbers,
        distance,
      }),
    });
  };
  add(null, false, null, nowhere, far);
  const wanted = (
    ['order', 'most', 'least', 'adjmax', 'adjmin', 'max', 'min', 'common', 'top', 'asc', 'desc'] as const
  ).some((cue) => hasCue(analysis, cue));
  if (!wanted) {
    return items;
  }
  const variants = (by: Expression, mention: typeof nowhere, distance: number): void => {
    for (const limit of limits) {
      for (const descending of [false, true]) {
        add(by, descending, limit, mention, distance);
      }
    }
  };
  for (const mention of columnMentions(analysis)) {
    variants({ aggregate: null, distinct: false, column: mention.id }, mention, far);
    const type = analysis.schemaIndex.columns[mention.id]?.class;
    for (const aggregate of ['avg', 'sum', 'max', 'min'] as const) {
      if (type !== 'number' && aggregate !== 'max' && aggregate !== 'min') {
        continue;
      }
      if (aggregate === 'max' || aggregate === 'min') {
        continue;
      }
      const distance = distanceBefore(analysis, aggregate, mention.start);
      const most =
        aggregate === 'sum' &&
        (['most', 'least', 'max', 'min'] as const).some(
          (cue) =>
            distanceBefore(analysis, cue, mention.end) < 5 || distanceAfter(analysis, cue, mention.start) < 3,
        );
      const key = analysis.schemaIndex.columns[mention.id];
      if (distance < 5 || (most && key?.primary === false && !key.foreign)) {
        variants({ aggregate, distinct: false, column: mention.id }, mention, distance);
      }
    }
  }
  for (const { price, quantity, start, end } of amountsOf(analysis)) {
    variants(
      { aggregate: 'sum', distinct: false, column: price, times: quantity },
      { start, end, score: 0.95, weakest: 0.95 },
      1,
    );
  }
  const cue = analysis.cues.find(
    (other) =>
      other.cue === 'most' || other.cue === 'least' || other.cue === 'common' || other.cue === 'count',
  );
  if (cue !== undefined) {
    variants(countAll, { ...cue, score: 0, weakest: 0 }, 0);
  }
  const timely = analysis.cues.find((other) => other.cue === 'adjmax' || other.cue === 'adjmin');
  if (timely !== undefined && timeWords.test(analysis.question)) {
    for (const mention of analysis.tables) {
      if (mention.score < 0.7) {
        continue;
      }
      const dates = (analysis.schemaIndex.tables[mention.id]?.columns ?? []).filter((id) => {
        const column = analysis.schemaIndex.columns[id];
        return (
          column !== undefined &&
          (column.class === 'date' || column.words.some((word) => word === 'date' || word === 'year'))
        );
      });
      for (const column of dates.slice(0, 3)) {
        if (!items.some((item) => item.by?.column === column)) {
          variants(
            { aggregate: null, distinct: false, column },
            { ...timely, score: 0.3, weakest: 0.3 },
            far,
          );
        }
      }
    }
  }
  if (alphabetical.test(analysis.question)) {
    for (const mention of analysis.tables) {
      const label = analysis.schemaIndex.tables[mention.id]?.label;
      if (mention.score > 0.8 && label != null && !items.some((item) => item.by?.column === label)) {
        variants({ aggregate: null, distinct: false, column: label }, { ...mention, score: 0.3 }, far);
      }
    }
  }
  return items;
}

/** 1 where the words ask for this direction, -1 for the other one, 0 where they say nothing. */
function directionFits({ analysis, by, descending, start, end }: Fact): number {
  if (by === null) {
    return 0;
  }
  const down = hasCue(analysis, 'desc');
  // Alphabetical order goes up unless another word says that it goes down.
  const up = analysis.cues.some(
    ({ cue, start: at }) =>
      cue === 'asc' &&
      !(down && /^(?:alphabet|lexicograph|chronolog)/.test(analysis.tokens[at]?.lower ?? '')),
  );
  if (down !== up) {
    return down === descending ? 1 : -1;
  }
  const nearest = (cues: readonly Cue[]): number => {
    let best = far;
    for (const cue of analysis.cues) {
      if (!cues.includes(cue.cue)) {
        continue;
      }
      if (cue.start < end && start < cue.end) {
        return 0;
      }
      best = Math.min(best, cue.end <= start ? start - cue.end + 1 : cue.start - end + 3);
    }
    return best;
  };
  const high = nearest(['adjmax', 'max', 'most']);
  const low = nearest(['adjmin', 'min', 'least']);
  if (high === low) {
    return 0;
  }
  return high < low === descending ? 1 : -1;
}

/** Superlatives that may speak of time though no column is named. */
const timeWords = /\b(recent|recently|latest|earliest|newest|oldest|first|last)\b/i;
