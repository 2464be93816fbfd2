import { type Analysis, distanceBefore } from '../../analysis/analysis.ts';
import { columnFeatureNames, columnFeatures } from '../../analysis/columns.ts';
import { contextNames, contextOf } from '../../analysis/context.ts';
import type { NameMention } from '../../link/mention.ts';
import type { Comparison, Condition } from '../../query/tree.ts';
import { operatorsAt } from './operator.ts';

export const filterKinds = [
  'value',
  'valueNot',
  'number',
  'between',
  'like',
  'scalar',
  'without',
  'null',
  'text',
  'within',
] as const;

/** A condition that rows may have to meet, and what speaks for it. */
export interface FilterItem {
  readonly kind: (typeof filterKinds)[number];
  readonly condition: Condition;
  /** The table that the condition is about. */
  readonly table: number;
  /** The table in a subquery of kind `without`; conditions on it move inside. */
  readonly inner: number | null;
  readonly start: number;
  readonly end: number;
  readonly features: readonly number[];
  /** Its probability where no training tells it. */
  readonly sure: number | null;
}

const matchKinds = ['exact', 'near', 'part', 'code', 'none'] as const;

const operators: readonly Comparison[] = ['=', '<>', '<', '>', '<=', '>=', 'like', 'not like'];

export const filterFeatureNames: readonly string[] = [
  ...contextNames,
  ...columnFeatureNames,
  'kind',
  'match',
  'operator',
  'mentionDistance',
  'mentionAfter',
  'mentionScore',
  'values',
  'longer',
  'capital',
  'isName',
  'quoted',
  'year',
  'before<',
  'after<',
  'or>',
  'textLength',
  'between<',
  'start<',
  'end<',
  'than<',
  'columnYear',
  'isDefault',
  'sameCase',
  'distinctValues',
  'otherValues',
  'satisfied',
  'operatorRank',
  'operators',
];

export const filterCategorical: readonly string[] = ['kind', 'match', 'operator'];

/** What an item knows of itself besides its place. */
export interface Extra {
  readonly kind: FilterItem['kind'];
  readonly match?: (typeof matchKinds)[number];
  readonly operator: Comparison;
  readonly values?: number;
  readonly longer?: boolean;
  readonly year?: boolean;
  /** The stored value. */
  readonly text?: string;
  readonly sure?: number;
  /** The share of the column's stored values that fulfil the condition; -1 where that is not known. */
  readonly satisfied?: number;
}

/** Takes an item: its condition, the column and table that it is about, where it stands. */
export type Add = (
  condition: Condition,
  column: number | null,
  table: number,
  span: { start: number; end: number },
  extra: Extra,
  inner?: number | null,
) => void;

/** Features of a condition, in the order of `filterFeatureNames`. */
export function featuresOf(
  analysis: Analysis,
  column: number | null,
  table: number,
  span: { start: number; end: number },
  extra: Extra,
): number[] {
  const mention = nearestMention(analysis, column, span.start, span.end);
  const first = analysis.tokens[span.start];
  const at = mention ?? { start: span.start, end: span.end, score: 0, weakest: 0 };
  const isName =
    analysis.tables.some(
      (other) => other.score > 0.8 && other.start <= span.start && span.end <= other.end,
    ) ||
    analysis.columns.some((other) => other.score > 0.8 && other.start <= span.start && span.end <= other.end);
  return [
    ...contextOf(analysis, span.start, span.end),
    ...columnFeatures(analysis, column, table, { ...at, start: span.start, end: span.end }),
    filterKinds.indexOf(extra.kind),
    matchKinds.indexOf(extra.match ?? 'none'),
    operators.indexOf(extra.operator),
    mention === null ? 20 : mention.start >= span.end ? mention.start - span.end : span.start - mention.end,
    mention !== null && mention.start >= span.end ? 1 : 0,
    mention?.score ?? 0,
    extra.values ?? 0,
    extra.longer === true ? 1 : 0,
    first !== undefined && /^\p{Lu}/u.test(first.text) ? 1 : 0,
    isName ? 1 : 0,
    first?.kind === 'quoted' ? 1 : 0,
    extra.year === true ? 1 : 0,
    distanceBefore(analysis, 'before', span.start),
    distanceBefore(analysis, 'after', span.start),
    distanceBefore(analysis, 'or', span.start),
    (analysis.tokens[span.end - 1]?.end ?? 0) - (first?.start ?? 0),
    distanceBefore(analysis, 'between', span.start),
    distanceBefore(analysis, 'start', span.start),
    distanceBefore(analysis, 'end', span.start),
    distanceBefore(analysis, 'than', span.start),
    column !== null && analysis.schemaIndex.columns[column]?.words.includes('year') === true ? 1 : 0,
    column !== null && analysis.schemaIndex.tables[table]?.label === column ? 1 : 0,
    sameCase(analysis, span, extra.text ?? null),
    column === null ? -1 : Math.min(500, analysis.lookup.of(column)?.length ?? 1000),
    analysis.values.filter((other) => other.value.column === column && other.match === 'exact').length,
    extra.satisfied ?? -1,
    ...operatorRank(analysis, span, extra),
  ];
}

/** The place of a number's operator among those that the words suggest, and how many these are. */
function operatorRank(
  analysis: Analysis,
  { start, end }: { start: number; end: number },
  { kind, operator }: Extra,
): [number, number] {
  if (kind !== 'number') return [-1, -1];
  const operators = operatorsAt(analysis, start, end);
  return [operators.indexOf(operator), operators.length];
}

/** Whether a stored value is written in the question as it is stored: 2 wholly, 1 but for its first letter, 0 not. */
function sameCase(analysis: Analysis, span: { start: number; end: number }, stored: string | null): number {
  const first = analysis.tokens[span.start];
  const last = analysis.tokens[span.end - 1];
  if (stored === null || first === undefined || last === undefined) return -1;
  const asked = first.kind === 'quoted' ? first.text : analysis.question.slice(first.start, last.end);
  return asked === stored ? 2 : asked.slice(1) === stored.slice(1) ? 1 : 0;
}

function nearestMention(
  analysis: Analysis,
  column: number | null,
  start: number,
  end: number,
): NameMention | null {
  let best: NameMention | null = null;
  let low = 99;
  for (const mention of analysis.columns) {
    if (mention.id !== column || (mention.start < end && start < mention.end)) continue;
    const distance =
      (mention.start >= end ? mention.start - end + 2 : start - mention.end) - mention.score * 3;
    if (distance < low) {
      best = mention;
      low = distance;
    }
  }
  return best;
}

/** Whether most values of a text column are numbers. */
export function numericValues(analysis: Analysis, column: number): boolean {
  const values = analysis.lookup.of(column);
  return (
    values !== null &&
    values.length > 0 &&
    values.filter((value) => /\d/.test(value)).length > values.length / 2
  );
}
