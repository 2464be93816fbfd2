import { type Analysis, distanceBefore, far } from '../analysis/analysis.ts';
import {
  columnFeatures,
  columnMentions,
  type MentionedColumn,
  mentionedColumn,
} from '../analysis/columns.ts';
import { type Place, placeFeatures, placeOf } from '../analysis/context.ts';
import { type FeatureTable, featuresOfPart, valuesOf } from '../analysis/feature.ts';
import type { Cue } from '../language/lexicon.ts';
import type { NameMention } from '../link/mention.ts';
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

/** A condition on groups as the features see it. */
interface Fact {
  readonly analysis: Analysis;
  readonly left: Expression | null;
  readonly operator: Comparison | 'between';
  /** The number that is compared with; null of none. */
  readonly number: number | null;
  readonly end: number;
  readonly place: Place;
  readonly column: MentionedColumn;
  /** From the word for the aggregate to the column. */
  readonly distance: number;
  /** The operator's place among those that the words suggest, and how many these are. */
  readonly rank: readonly [number, number];
}

export const havingFeatures: FeatureTable<Fact> = [
  ...featuresOfPart(placeFeatures, ({ place }: Fact) => place),
  ...featuresOfPart(columnFeatures, ({ column }: Fact) => column),
  ['none', ({ left }) => (left === null ? 1 : 0)],
  ['aggregate', ({ left }) => aggregates.indexOf(left?.aggregate ?? null), 'class'],
  ['operator', ({ operator }) => operators.indexOf(operator), 'class'],
  ['number', ({ number }) => (number === null ? -1 : Math.min(number, 100000))],
  ['tableAfter', ({ analysis, end }) => (isNamedAfter(analysis.tables, end, 2) ? 1 : 0)],
  ['columnAfter', ({ analysis, end }) => (isNamedAfter(analysis.columns, end, 1) ? 1 : 0)],
  ['aggregate<', ({ distance }) => distance],
  ['comparators', ({ analysis }) => analysis.cues.filter(({ cue }) => comparing.has(cue)).length],
  ['year', ({ number }) => (number !== null && number > 1500 && number < 2100 ? 1 : 0)],
  ['operatorRank', ({ rank }) => rank[0]],
  ['operators', ({ rank }) => rank[1]],
];

const comparing: ReadonlySet<Cue> = new Set<Cue>(['gt', 'lt', 'ge', 'le', 'between']);

const isNamedAfter = (mentions: readonly NameMention[], end: number, within: number): boolean =>
  mentions.some(({ score, start }) => score > 0.8 && start >= end && start - end <= within);

const operators = ['=', '<>', '<', '>', '<=', '>=', 'between'];

export function havingItems(analysis: Analysis): HavingItem[] {
  const items: HavingItem[] = [];
  const nowhere = { start: -1, end: -1, score: 0, weakest: 0 };
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
    items.push({
      left,
      operator: operator === 'between' ? '>=' : operator,
      right,
      high,
      start,
      end,
      features: valuesOf(havingFeatures, {
        analysis,
        left,
        operator,
        number: right?.kind === 'number' ? right.number : null,
        end,
        place: placeOf(analysis, start, end),
        column: mentionedColumn(analysis, left?.column ?? null, null, mention),
        distance,
        rank,
      }),
    });
  };
  add(null, '=', null, null, nowhere, nowhere, far);
  analysis.tokens.forEach((token, start) => {
    if (token.number === null || token.kind === 'quoted') {
      return;
    }
    const end = start + 1;
    const right: Literal = { kind: 'number', number: token.number };
    const next = analysis.tokens.findIndex((other, index) => index > start && other.number !== null);
    const list = operatorsAt(analysis, start, end);
    const lefts: [Expression, typeof nowhere, number][] = [[countAll, nowhere, far]];
    for (const mention of columnMentions(analysis)) {
      for (const aggregate of ['avg', 'sum', 'max', 'min'] as const) {
        const distance = distanceBefore(analysis, aggregate, mention.start);
        if (
          distance < 4 ||
          (aggregate === 'avg' && distanceBefore(analysis, 'avg', analysis.tokens.length) < 2)
        ) {
          lefts.push([{ aggregate, distinct: false, column: mention.id }, mention, distance]);
        }
      }
    }
    for (const [left, mention, distance] of lefts) {
      if (left.aggregate === 'count' && !Number.isInteger(token.number)) {
        continue;
      }
      list.forEach((operator, place) => {
        add(left, operator, right, null, { start, end }, mention, distance, [place, list.length]);
      });
      const high = next > 0 && next - start <= 3 ? analysis.tokens[next]?.number : null;
      if (high != null && distanceBefore(analysis, 'between', start) <= 3) {
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
    }
  });
  return items;
}

/** The item as a condition; null for none. */
export function havingCondition(having: HavingItem): Condition | null {
  if (having.left === null || having.right === null) {
    return null;
  }
  if (having.high !== null) {
    return { kind: 'between', left: having.left, low: having.right, high: having.high };
  }
  return { kind: 'compare', left: having.left, operator: having.operator, right: having.right };
}
