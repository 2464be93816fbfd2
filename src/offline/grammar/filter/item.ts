import { type Analysis, distanceBefore } from '../../analysis/analysis.ts';
import { columnFeatures, type MentionedColumn, mentionedColumn } from '../../analysis/columns.ts';
import { type Place, placeFeatures, placeOf } from '../../analysis/context.ts';
import { type FeatureTable, featuresOfPart, valuesOf } from '../../analysis/feature.ts';
import type { Cue } from '../../language/lexicon.ts';
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

/** A condition as the features see it. */
interface Fact {
  readonly analysis: Analysis;
  readonly table: number;
  readonly start: number;
  readonly end: number;
  readonly extra: Extra;
  readonly place: Place;
  readonly column: MentionedColumn;
  /** The nearest words that name the column, and how well. */
  readonly mention: NameMention | null;
  /** The operators that the words around a number suggest; none of another kind. */
  readonly suggested: readonly Comparison[] | null;
}

const before = (cue: Cue) => (fact: Fact) => distanceBefore(fact.analysis, cue, fact.start);

export const filterFeatures: FeatureTable<Fact> = [
  ...featuresOfPart(placeFeatures, ({ place }: Fact) => place),
  ...featuresOfPart(columnFeatures, ({ column }: Fact) => column),
  ['kind', ({ extra }) => filterKinds.indexOf(extra.kind), 'class'],
  ['match', ({ extra }) => matchKinds.indexOf(extra.match ?? 'none'), 'class'],
  ['operator', ({ extra }) => operators.indexOf(extra.operator), 'class'],
  ['mentionDistance', mentionDistance],
  ['mentionAfter', ({ mention, end }) => (mention !== null && mention.start >= end ? 1 : 0)],
  ['mentionScore', ({ mention }) => mention?.score ?? 0],
  ['values', ({ extra }) => extra.values ?? 0],
  ['longer', ({ extra }) => (extra.longer === true ? 1 : 0)],
  ['capital', ({ analysis, start }) => (/^\p{Lu}/u.test(analysis.tokens[start]?.text ?? '') ? 1 : 0)],
  ['isName', isName],
  ['quoted', ({ analysis, start }) => (analysis.tokens[start]?.kind === 'quoted' ? 1 : 0)],
  ['year', ({ extra }) => (extra.year === true ? 1 : 0)],
  ['before<', before('before')],
  ['after<', before('after')],
  ['orBefore', before('or')],
  [
    'textLength',
    ({ analysis, start, end }) => (analysis.tokens[end - 1]?.end ?? 0) - (analysis.tokens[start]?.start ?? 0),
  ],
  ['between<', before('between')],
  ['start<', before('start')],
  ['end<', before('end')],
  ['than<', before('than')],
  ['columnYear', ({ column }) => (column.column?.words.includes('year') === true ? 1 : 0)],
  ['isDefault', isDefault],
  ['sameCase', sameCase],
  [
    'distinctValues',
    ({ analysis, column: { column } }) =>
      column === null ? -1 : Math.min(500, analysis.lookup.of(column.id)?.length ?? 1000),
  ],
  [
    'otherValues',
    ({ analysis, column }) =>
      analysis.values.filter(
        ({ value, match }) => value.column === (column.column?.id ?? null) && match === 'exact',
      ).length,
  ],
  ['satisfied', ({ extra }) => extra.satisfied ?? -1],
  ['operatorRank', ({ suggested, extra }) => suggested?.indexOf(extra.operator) ?? -1],
  ['operators', ({ suggested }) => suggested?.length ?? -1],
];

/** Features of a condition, in the order of `filterFeatures`. */
export function featuresOf(
  analysis: Analysis,
  column: number | null,
  table: number,
  { start, end }: { start: number; end: number },
  extra: Extra,
): number[] {
  const mention = nearestMention(analysis, column, start, end);
  const { score, weakest } = mention ?? { score: 0, weakest: 0 };
  return valuesOf(filterFeatures, {
    analysis,
    table,
    start,
    end,
    extra,
    place: placeOf(analysis, start, end),
    column: mentionedColumn(analysis, column, table, { start, end, score, weakest }),
    mention,
    suggested: extra.kind === 'number' ? operatorsAt(analysis, start, end) : null,
  });
}

function mentionDistance({ mention, start, end }: Fact): number {
  if (mention === null) {
    return 20;
  }
  return mention.start >= end ? mention.start - end : start - mention.end;
}

/** Whether the words of a condition are those of a name. */
function isName({ analysis, start, end }: Fact): number {
  const covers = (other: NameMention): boolean =>
    other.score > 0.8 && other.start <= start && end <= other.end;
  return analysis.tables.some(covers) || analysis.columns.some(covers) ? 1 : 0;
}

/** Whether the column is what rows of the table are known by. */
function isDefault({ analysis, table, column: { column } }: Fact): number {
  return column !== null && analysis.schemaIndex.tables[table]?.label === column.id ? 1 : 0;
}

/** Whether a stored value is written in the question as it is stored: 2 wholly, 1 but for its first letter, 0 not. */
function sameCase({ analysis, start, end, extra }: Fact): number {
  const stored = extra.text;
  const first = analysis.tokens[start];
  const last = analysis.tokens[end - 1];
  if (stored === undefined || first === undefined || last === undefined) {
    return -1;
  }
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
    if (mention.id !== column || (mention.start < end && start < mention.end)) {
      continue;
    }
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
