import { type Analysis, distanceBefore, far } from '../analysis/analysis.ts';
import { columnFeatureNames, columnFeatures, columnMentions } from '../analysis/columns.ts';
import { contextNames, contextOf } from '../analysis/context.ts';
import { type Comparison, type Condition, countAll, type Expression, type Literal } from '../query/tree.ts';
import { operatorsAt } from './filter/operator.ts';
import { aggregates } from './order.ts';

/** A condition on groups; `left` null is none. */
export interface HavingItem {
  readonly left: Expression | null;
  readonly operator: Comparison;
  readonly right: Literal | null;
  readonly high: Literal | null;
  readonly start: number;
  readonly end: number;
  readonly features: readonly number[];
}

export const havingFeatureNames: readonly string[] = [
  ...contextNames,
  ...columnFeatureNames,
  'none',
  'aggregate',
  'operator',
  'number',
  'tableAfter',
  'columnAfter',
  'aggregate<',
  'comparators',
  'year',
  'operatorRank',
  'operators',
];
export const havingCategorical: readonly string[] = ['aggregate', 'operator'];
const operators = ['=', '<>', '<', '>', '<=', '>=', 'between'];

export function havingItems(analysis: Analysis): HavingItem[] {
  const items: HavingItem[] = [];
  const nowhere = { start: -1, end: -1, score: 0, weakest: 0 };
  const comparators = analysis.cues.filter((cue) =>
    ['gt', 'lt', 'ge', 'le', 'between'].includes(cue.cue),
  ).length;
  const add = (
    left: Expression | null,
    operator: Comparison | 'between',
    right: Literal | null,
    high: Literal | null,
    span: { start: number; end: number },
    mention: typeof nowhere,
    distance: number,
    rank: readonly [number, number] = [-1, -1],
  ): void => {
    const { start, end } = span;
    const tableAfter = analysis.tables.some(
      (other) => other.score > 0.8 && other.start >= end && other.start - end <= 2,
    );
    const columnAfter = analysis.columns.some(
      (other) => other.score > 0.8 && other.start >= end && other.start - end <= 1,
    );
    items.push({
      left,
      operator: operator === 'between' ? '>=' : operator,
      right,
      high,
      start,
      end,
      features: [
        ...contextOf(analysis, start, end),
        ...columnFeatures(analysis, left?.column ?? null, null, mention),
        left === null ? 1 : 0,
        aggregates.indexOf(left?.aggregate ?? null),
        operators.indexOf(operator),
        right?.kind === 'number' ? Math.min(right.number, 100000) : -1,
        tableAfter ? 1 : 0,
        columnAfter ? 1 : 0,
        distance,
        comparators,
        right?.kind === 'number' && right.number > 1500 && right.number < 2100 ? 1 : 0,
        ...rank,
      ],
    });
  };
  add(null, '=', null, null, nowhere, nowhere, far);
  analysis.tokens.forEach((token, start) => {
    if (token.number === null || token.kind === 'quoted') return;
    const end = start + 1;
    const right: Literal = { kind: 'number', number: token.number };
    const next = analysis.tokens.findIndex((other, index) => index > start && other.number !== null);
    const list = operatorsAt(analysis, start, end);
    const lefts: [Expression, typeof nowhere, number][] = [[countAll, nowhere, far]];
    for (const mention of columnMentions(analysis))
      for (const aggregate of ['avg', 'sum', 'max', 'min'] as const) {
        const distance = distanceBefore(analysis, aggregate, mention.start);
        if (
          distance < 4 ||
          (aggregate === 'avg' && distanceBefore(analysis, 'avg', analysis.tokens.length) < 2)
        )
          lefts.push([{ aggregate, distinct: false, column: mention.id }, mention, distance]);
      }
    for (const [left, mention, distance] of lefts) {
      if (left.aggregate === 'count' && !Number.isInteger(token.number)) continue;
      list.forEach((operator, place) => {
        add(left, operator, right, null, { start, end }, mention, distance, [place, list.length]);
      });
      const high = next > 0 && next - start <= 3 ? analysis.tokens[next]?.number : null;
      if (high != null && distanceBefore(analysis, 'between', start) <= 3)
        add(
          left,
          'between',
          right,
          { kind: 'number', number: high },
          { start, end: next + 1 },
          mention,
          distance,
        );
    }
  });
  return items;
}

/** The item as a condition; null for none. */
export function havingCondition(having: HavingItem): Condition | null {
  if (having.left === null || having.right === null) return null;
  if (having.high !== null)
    return { kind: 'between', left: having.left, low: having.right, high: having.high };
  return { kind: 'compare', left: having.left, operator: having.operator, right: having.right };
}
