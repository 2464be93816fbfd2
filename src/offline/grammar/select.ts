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
import { predicates } from '../language/related.ts';
import { type Aggregate, type Expression, expressionKey } from '../query/tree.ts';
import { type IndexedColumn, type SchemaIndex, soleKey } from '../schema-index/schema-index.ts';

/** Something that a query may return, where the question speaks of it, and what speaks for it. */
export interface SelectItem {
  readonly expression: Expression;
  /** The table that must be joined though no column of it is named: of `COUNT(*)`. */
  readonly table: number | null;
  readonly start: number;
  readonly end: number;
  readonly features: readonly number[];
  /** The table of whose rows' names the column holds a part, the first or last name; null of any other. */
  readonly partOfName: number | null;
  /** Whether the question names the thing alone, and this is what it is known by. */
  readonly implied: boolean;
}

const kinds = [
  'plain',
  'label',
  'key',
  'count',
  'countColumn',
  'countDistinct',
  'avg',
  'sum',
  'max',
  'min',
  'star',
  'implied',
] as const;

/** What may be returned, as the features see it. */
interface Fact {
  readonly kind: (typeof kinds)[number];
  readonly place: Place;
  readonly column: MentionedColumn;
  /** From the nearest word for the aggregate before, and to the one after. */
  readonly aggregateDistance: readonly [number, number];
}

export const selectFeatures: FeatureTable<Fact> = [
  ...featuresOfPart(placeFeatures, ({ place }: Fact) => place),
  ...featuresOfPart(columnFeatures, ({ column }: Fact) => column),
  ['kind', ({ kind }) => kinds.indexOf(kind), 'class'],
  ['aggregate<', ({ aggregateDistance }) => aggregateDistance[0]],
  ['aggregate>', ({ aggregateDistance }) => aggregateDistance[1]],
  // No tree asks for it: it is kept so that the trained weights fit.
  ['mentions', () => 0],
];

/** Everything that the question may ask to see. */
export function selectItems(analysis: Analysis): SelectItem[] {
  const items = new Map<string, SelectItem>();
  const add = (
    expression: Expression,
    kind: (typeof kinds)[number],
    mention: { start: number; end: number; score: number; weakest: number },
    table: number | null,
    aggregateDistance: readonly [number, number],
  ): void => {
    const key = expressionKey(expression);
    const place = `${key} ${mention.start}`;
    if (mention.score < (scoreOf.get(key) ?? 0) - 0.2 || items.has(place)) {
      return;
    }
    scoreOf.set(key, Math.max(mention.score, scoreOf.get(key) ?? 0));
    items.set(place, {
      expression,
      table,
      start: mention.start,
      end: mention.end,
      partOfName: partOfName(analysis, expression),
      implied: kind === 'label',
      features: valuesOf(selectFeatures, {
        kind,
        place: placeOf(analysis, mention.start, mention.end),
        column: mentionedColumn(analysis, expression.column, table, mention),
        aggregateDistance,
      }),
    });
  };
  const scoreOf = new Map<string, number>();
  const counting = hasCue(analysis, 'count');
  const totalling = hasCue(analysis, 'sum');
  const asksHow = analysis.tokens.some((token) => token.lower === 'how');
  for (const mention of columnMentions(analysis)) {
    const column = mention.id;
    const word = analysis.tokens[mention.start]?.lemma ?? '';
    if (mention.weakest < 0.95 && predicates.has(word) && !asksHow) {
      continue;
    }
    const type = analysis.schemaIndex.columns[column]?.class;
    const amount = type === 'number' || (type === 'text' && numericText(analysis, column));
    add({ aggregate: null, distinct: false, column }, 'plain', mention, null, [far, far]);
    for (const aggregate of ['avg', 'sum', 'max', 'min'] as const) {
      if ((aggregate === 'avg' || aggregate === 'sum') && (!amount || isReference(analysis, column))) {
        continue;
      }
      const distance = aggregateDistances(analysis, aggregate, mention.start, mention.end);
      if (distance[0] < 8 || distance[1] < 5) {
        add({ aggregate, distinct: false, column }, aggregate, mention, null, distance);
      }
    }
    const counted = distanceBefore(analysis, 'count', mention.start);
    if (counting && counted < 7) {
      add({ aggregate: 'count', distinct: true, column }, 'countDistinct', mention, null, [counted, far]);
      const entry = analysis.schemaIndex.columns[column];
      if (amount && !totalling && counted <= 1 && entry?.primary === false && !entry.foreign) {
        add({ aggregate: 'sum', distinct: false, column }, 'sum', mention, null, [counted, far]);
      }
    }
  }
  for (const { price, quantity, start, end } of amountsOf(analysis)) {
    const expression = { aggregate: 'sum', distinct: false, column: price, times: quantity } as const;
    add(expression, 'sum', { start, end, score: 0.95, weakest: 0.95 }, null, [1, far]);
  }
  for (const mention of analysis.tables) {
    const table = analysis.schemaIndex.tables[mention.id];
    if (table === undefined || mention.score < 0.45) {
      continue;
    }
    const counted: readonly [number, number] = [distanceBefore(analysis, 'count', mention.start), far];
    const weaker = { ...mention, score: mention.score * 0.5 };
    if (table.label !== null) {
      const label = { aggregate: null, distinct: false, column: table.label };
      add(label, 'label', { ...mention, score: mention.score * 0.55 }, null, [far, far]);
      if (partOfName(analysis, label) !== null) {
        for (const column of table.columns) {
          const part = { aggregate: null, distinct: false, column };
          if (column !== table.label && partOfName(analysis, part) !== null) {
            add(part, 'label', { ...mention, score: mention.score * 0.55 }, null, [far, far]);
          }
        }
      }
      if (counting) {
        add({ ...label, aggregate: 'count', distinct: true }, 'countDistinct', weaker, null, counted);
      }
    }
    const key = table.primaryKey[0];
    if (key !== undefined && table.primaryKey.length === 1) {
      const identity = { aggregate: null, distinct: false, column: key };
      add(identity, 'key', weaker, null, [far, far]);
      if (counting) {
        add({ ...identity, aggregate: 'count', distinct: true }, 'countDistinct', weaker, null, counted);
      }
    }
  }
  const star =
    /\b(all|every|any|the|full|complete)?\s*(the )?(info|information|details?|columns?|fields?|attributes?|data|records?|everything|properties)\b/i.exec(
      analysis.question,
    );
  if (star !== null) {
    const start = analysis.tokens.findIndex((token) => token.start >= star.index);
    const end = analysis.tokens.findIndex((token) => token.end >= star.index + star[0].length) + 1;
    if (start >= 0 && end > start) {
      add(
        { aggregate: null, distinct: false, column: null },
        'star',
        { start, end, score: 1, weakest: 1 },
        null,
        [far, far],
      );
    }
  }
  const cue =
    analysis.cues.find((mention) => mention.cue === 'count') ??
    analysis.cues.find((mention) => mention.cue === 'sum');
  if (cue !== undefined) {
    add(
      { aggregate: 'count', distinct: false, column: null },
      'count',
      { ...cue, score: 1, weakest: 1 },
      null,
      [0, 0],
    );
  }
  return [...items.values()];
}

/** Whether a column's numbers tell rows apart and are no amounts, so that a total or an average of them says nothing. */
function isReference(analysis: Analysis, column: number): boolean {
  const entry = analysis.schemaIndex.columns[column];
  if (entry === undefined || entry.class === 'date') {
    return false;
  }
  return entry.foreign || soleKey(analysis.schemaIndex.tables[entry.table]) === column;
}

function partOfName(analysis: Analysis, { aggregate, column }: Expression): number | null {
  const entry = column === null || aggregate !== null ? undefined : analysis.schemaIndex.columns[column];
  return entry !== undefined && isNamePart(analysis.schemaIndex, entry) ? entry.table : null;
}

/** Whether a column holds a part of the names of people, such as the first: `name` does beside `surname`. */
export function isNamePart({ columns, tables }: SchemaIndex, column: IndexedColumn | undefined): boolean {
  const called = (one: IndexedColumn | undefined): string => one?.ownWords.join(' ') ?? '';
  const own = called(column);
  return (
    /^(?:first|last|family|given) name$/u.test(own) ||
    (own === 'name' &&
      (tables[column?.table ?? -1]?.columns ?? []).some((id) =>
        /^(?:last|family) name$/u.test(called(columns[id])),
      ))
  );
}

function numericText(analysis: Analysis, column: number): boolean {
  const values = analysis.lookup.of(column);
  return (
    values !== null &&
    values.length > 0 &&
    values.every((value) => /^\s*-?[\d.,]+\s*$/.test(value) || value === '')
  );
}

const cuesOf = {
  avg: ['avg'],
  sum: ['sum'],
  max: ['max', 'adjmax', 'most'],
  min: ['min', 'adjmin', 'least'],
} as const;

function aggregateDistances(
  analysis: Analysis,
  aggregate: Exclude<Aggregate, 'count'>,
  start: number,
  end: number,
): readonly [number, number] {
  let before = far;
  let after = far;
  // A column may be called `total` or `average` itself.
  if (analysis.cues.some((cue) => cue.cue === aggregate && cue.start < end && start < cue.end)) {
    return [0, far];
  }
  for (const cue of cuesOf[aggregate]) {
    before = Math.min(before, distanceBefore(analysis, cue, start));
    after = Math.min(after, distanceAfter(analysis, cue, end));
  }
  return [before, after];
}
