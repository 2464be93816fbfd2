import { amountsOf } from '../analysis/amount.ts';
import { type Analysis, distanceAfter, distanceBefore, far, hasCue } from '../analysis/analysis.ts';
import { columnFeatureNames, columnFeatures, columnMentions } from '../analysis/columns.ts';
import { contextNames, contextOf } from '../analysis/context.ts';
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

export const orderFeatureNames: readonly string[] = [
  ...contextNames,
  ...columnFeatureNames,
  'none',
  'aggregate',
  'descending',
  'limit',
  'one',
  'asc<',
  'asc>',
  'desc<',
  'desc>',
  'top<',
  'order?',
  'most?',
  'least?',
  'adjmax?',
  'adjmin?',
  'max?',
  'min?',
  'common?',
  'asc?',
  'desc?',
  'count?',
  'numbers',
  'aggregate<',
  'each?',
  'alpha?',
  'direction',
];
export const orderCategorical: readonly string[] = ['aggregate'];

export function orderItems(analysis: Analysis): OrderItem[] {
  const items: OrderItem[] = [];
  const nowhere = { start: -1, end: -1, score: 0, weakest: 0 };
  const limits: (number | null)[] = [null, 1];
  let numbers = 0;
  analysis.tokens.forEach((token, index) => {
    if (token.number === null || token.number < 2 || token.number > 1000) return;
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
    )
      limits.push(token.number);
  });
  const flag = (cue: Parameters<typeof hasCue>[1]): number => (hasCue(analysis, cue) ? 1 : 0);
  const flags = (
    ['order', 'most', 'least', 'adjmax', 'adjmin', 'max', 'min', 'common', 'asc', 'desc', 'count'] as const
  ).map(flag);
  const alphabetical = /alphabet|lexicograph/i.test(analysis.question);
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
      features: [
        ...contextOf(analysis, start, end),
        ...columnFeatures(analysis, by?.column ?? null, null, mention),
        by === null ? 1 : 0,
        aggregates.indexOf(by?.aggregate ?? null),
        descending ? 1 : 0,
        limit ?? 0,
        limit === 1 ? 1 : 0,
        distanceBefore(analysis, 'asc', start),
        distanceAfter(analysis, 'asc', end),
        distanceBefore(analysis, 'desc', start),
        distanceAfter(analysis, 'desc', end),
        distanceBefore(analysis, 'top', start),
        ...flags,
        numbers,
        distance,
        flag('each'),
        alphabetical ? 1 : 0,
        by === null ? 0 : directionFits(analysis, descending, start, end),
      ],
    });
  };
  add(null, false, null, nowhere, far);
  const wanted = (
    ['order', 'most', 'least', 'adjmax', 'adjmin', 'max', 'min', 'common', 'top', 'asc', 'desc'] as const
  ).some((cue) => hasCue(analysis, cue));
  if (!wanted) return items;
  const variants = (by: Expression, mention: typeof nowhere, distance: number): void => {
    for (const limit of limits)
      for (const descending of [false, true]) add(by, descending, limit, mention, distance);
  };
  for (const mention of columnMentions(analysis)) {
    variants({ aggregate: null, distinct: false, column: mention.id }, mention, far);
    const type = analysis.schemaIndex.columns[mention.id]?.class;
    for (const aggregate of ['avg', 'sum', 'max', 'min'] as const) {
      if (type !== 'number' && aggregate !== 'max' && aggregate !== 'min') continue;
      if (aggregate === 'max' || aggregate === 'min') continue;
      const distance = distanceBefore(analysis, aggregate, mention.start);
      const most =
        aggregate === 'sum' &&
        (['most', 'least', 'max', 'min'] as const).some(
          (cue) =>
            distanceBefore(analysis, cue, mention.end) < 5 || distanceAfter(analysis, cue, mention.start) < 3,
        );
      const key = analysis.schemaIndex.columns[mention.id];
      if (distance < 5 || (most && key?.primary === false && !key.foreign))
        variants({ aggregate, distinct: false, column: mention.id }, mention, distance);
    }
  }
  for (const { price, quantity, start, end } of amountsOf(analysis))
    variants(
      { aggregate: 'sum', distinct: false, column: price, times: quantity },
      { start, end, score: 0.95, weakest: 0.95 },
      1,
    );
  const cue = analysis.cues.find(
    (other) =>
      other.cue === 'most' || other.cue === 'least' || other.cue === 'common' || other.cue === 'count',
  );
  if (cue !== undefined) variants(countAll, { ...cue, score: 0, weakest: 0 }, 0);
  const timely = analysis.cues.find((other) => other.cue === 'adjmax' || other.cue === 'adjmin');
  if (timely !== undefined && timeWords.test(analysis.question))
    for (const mention of analysis.tables) {
      if (mention.score < 0.7) continue;
      const dates = (analysis.schemaIndex.tables[mention.id]?.columns ?? []).filter((id) => {
        const column = analysis.schemaIndex.columns[id];
        return (
          column !== undefined &&
          (column.class === 'date' || column.words.some((word) => word === 'date' || word === 'year'))
        );
      });
      for (const column of dates.slice(0, 3))
        if (!items.some((item) => item.by?.column === column))
          variants(
            { aggregate: null, distinct: false, column },
            { ...timely, score: 0.3, weakest: 0.3 },
            far,
          );
    }
  if (alphabetical)
    for (const mention of analysis.tables) {
      const label = analysis.schemaIndex.tables[mention.id]?.label;
      if (mention.score > 0.8 && label != null && !items.some((item) => item.by?.column === label))
        variants({ aggregate: null, distinct: false, column: label }, { ...mention, score: 0.3 }, far);
    }
  return items;
}

/** 1 where the words ask for this direction, -1 for the other one, 0 where they say nothing. */
function directionFits(analysis: Analysis, descending: boolean, start: number, end: number): number {
  const down = hasCue(analysis, 'desc');
  // Alphabetical order goes up unless another word says that it goes down.
  const up = analysis.cues.some(
    ({ cue, start: at }) =>
      cue === 'asc' &&
      !(down && /^(?:alphabet|lexicograph|chronolog)/.test(analysis.tokens[at]?.lower ?? '')),
  );
  if (down !== up) return down === descending ? 1 : -1;
  const nearest = (cues: readonly Cue[]): number => {
    let best = far;
    for (const cue of analysis.cues) {
      if (!cues.includes(cue.cue)) continue;
      if (cue.start < end && start < cue.end) return 0;
      best = Math.min(best, cue.end <= start ? start - cue.end + 1 : cue.start - end + 3);
    }
    return best;
  };
  const high = nearest(['adjmax', 'max', 'most']);
  const low = nearest(['adjmin', 'min', 'least']);
  if (high === low) return 0;
  return high < low === descending ? 1 : -1;
}

/** Superlatives that may speak of time though no column is named. */
const timeWords = /\b(recent|recently|latest|earliest|newest|oldest|first|last)\b/i;
