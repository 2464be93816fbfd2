import type { NameMention } from '../link/mention.ts';
import { type IndexedColumn, type IndexedTable, soleKey } from '../schema-index/schema-index.ts';
import type { Analysis } from './analysis.ts';
import type { FeatureTable } from './feature.ts';

const types = ['number', 'text', 'date', 'boolean', 'other'];

/** Column mentions worth a look: weak ones and those much worse than a rival on the same words are left out. */
export function columnMentions(analysis: Analysis): readonly NameMention[] {
  const known = mentionsOf.get(analysis);
  if (known !== undefined) {
    return known;
  }
  const best = analysis.tokens.map(() => 0);
  for (const mention of analysis.columns) {
    for (let index = mention.start; index < mention.end; index++) {
      best[index] = Math.max(best[index] ?? 0, rankOf(analysis, mention));
    }
  }
  const kept = analysis.columns.filter((mention) => {
    const rival = Math.max(...best.slice(mention.start, mention.end));
    return rankOf(analysis, mention) >= rival - 0.6 && mention.score >= 0.35;
  });
  const perStart = new Map<number, NameMention[]>();
  for (const mention of kept) {
    const list = perStart.get(mention.start) ?? [];
    list.push(mention);
    perStart.set(mention.start, list);
  }
  const result = [...perStart.values()].flatMap((list) =>
    list.sort((a, b) => rankOf(analysis, b) - rankOf(analysis, a) || a.id - b.id).slice(0, 10),
  );
  mentionsOf.set(analysis, result);
  return result;
}

const mentionsOf = new WeakMap<Analysis, readonly NameMention[]>();

/** The match of the words, with the nearness of the column's table added. */
function rankOf(analysis: Analysis, mention: NameMention): number {
  const near = tableNearness(
    analysis,
    analysis.schemaIndex.columns[mention.id]?.table ?? -1,
    mention.start,
    mention.end,
  );
  return (
    mention.score +
    near.score * 0.25 +
    (near.of ? 0.25 : 0) +
    (near.before ? 0.15 : 0) -
    Math.min(near.distance, 10) * 0.01
  );
}

interface Nearness {
  readonly score: number;
  readonly distance: number;
  /** The table's words stand right before the mention: `singer name`. */
  readonly before: boolean;
  /** They follow it after `of`, `for`, `the`, `all`…: `name of each singer`. */
  readonly of: boolean;
}

const linking = new Set(
  'of for the all each every a an any in from these those distinct different'.split(' '),
);

/** Whether and how near a question names a table. */
export function tableNearness(analysis: Analysis, table: number, start: number, end: number): Nearness {
  let score = 0;
  let distance = 20;
  let before = false;
  let of = false;
  for (const mention of analysis.tables) {
    if (mention.id !== table) {
      continue;
    }
    score = Math.max(score, mention.score);
    if (mention.score < 0.45) {
      continue;
    }
    if (mention.end <= start) {
      distance = Math.min(distance, start - mention.end);
      if (mention.end === start) {
        before = true;
      }
    } else if (mention.start >= end) {
      distance = Math.min(distance, mention.start - end);
      let index = end;
      while (index < mention.start && linking.has(analysis.tokens[index]?.lower ?? '')) {
        index++;
      }
      if (index === mention.start && index > end) {
        of = true;
      }
    } else {
      distance = 0;
    }
  }
  return { score, distance, before, of };
}

/** A column, or a table where `column` is null, and where a question mentions it. */
export interface MentionedColumn {
  readonly analysis: Analysis;
  readonly column: IndexedColumn | null;
  /** The column's table; -1 where there is neither. */
  readonly owner: number;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly weakest: number;
  readonly nearness: Nearness;
  readonly support: Support;
}

export function mentionedColumn(
  analysis: Analysis,
  id: number | null,
  table: number | null,
  { start, end, score, weakest }: Mentioned,
): MentionedColumn {
  const column = id === null ? null : (analysis.schemaIndex.columns[id] ?? null);
  const owner = column?.table ?? table ?? -1;
  const nearness = tableNearness(analysis, owner, start, end);
  const support = supportOf(analysis, owner, start, end);
  return { analysis, column, owner, start, end, score, weakest, nearness, support };
}

interface Mentioned {
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly weakest: number;
}

/** How well a mention names its column, and what else the question says of it. */
export const columnFeatures: FeatureTable<MentionedColumn> = [
  ['score', ({ score }) => score],
  ['weakest', ({ weakest }) => weakest],
  ['behind', (of) => rivalsOf(of).reduce((behind, other) => Math.max(behind, other.score - of.score), 0)],
  ['rivals', (of) => rivalsOf(of).filter(({ score }) => score >= of.score - 0.01).length],
  ['tableScore', ({ nearness }) => nearness.score],
  ['tableDistance', ({ nearness }) => nearness.distance],
  ['tableBefore', ({ nearness }) => (nearness.before ? 1 : 0)],
  ['tableOf', ({ nearness }) => (nearness.of ? 1 : 0)],
  ['type', ({ column }) => (column === null ? 9 : types.indexOf(column.class)), 'class'],
  ['primary', ({ column }) => (column?.primary === true ? 1 : 0)],
  ['foreign', ({ column }) => (column?.foreign === true ? 1 : 0)],
  ['label', (of) => (of.column !== null && tableOf(of)?.label === of.column.id ? 1 : 0)],
  ['idWord', ({ column }) => (column?.words.includes('id') === true ? 1 : 0)],
  ['unique', ({ column }) => (column?.unique === true ? 1 : 0)],
  ['valueNear', valueNear],
  ['numberNear', numberNear],
  ['words', ({ column }) => column?.ownWords.length ?? 0],
  ['tablesNamed', ({ analysis }) => tablesNamed(analysis)],
  [
    'valueTable',
    (of) => (of.analysis.values.some(({ value }) => ownerOf(of, value.column) === of.owner) ? 1 : 0),
  ],
  ['support', ({ support }) => support.own],
  ['supportBehind', ({ support }) => support.behind],
  ['stands', ({ support }) => support.outside],
  ['variety', variety],
  ['different', ({ analysis, column }) => (column === null ? -1 : differentShare(analysis, column.id))],
];

const tableOf = ({ analysis, owner }: MentionedColumn): IndexedTable | undefined =>
  analysis.schemaIndex.tables[owner];

const ownerOf = ({ analysis }: MentionedColumn, column: number): number | undefined =>
  analysis.schemaIndex.columns[column]?.table;

/** Mentions of other columns by the same words. */
function rivalsOf({ analysis, column, start, end }: MentionedColumn): readonly NameMention[] {
  return analysis.columns.filter(
    (other) => other.id !== (column?.id ?? null) && other.start < end && start < other.end,
  );
}

function valueNear({ analysis, column, start, end }: MentionedColumn): number {
  let near = 20;
  for (const value of analysis.values) {
    if (value.value.column === column?.id) {
      near = Math.min(near, value.start >= end ? value.start - end : start - value.end + 10);
    }
  }
  return near;
}

function numberNear({ analysis, start, end }: MentionedColumn): number {
  let near = 20;
  analysis.tokens.forEach((token, index) => {
    if (token.number === null) {
      return;
    }
    if (index >= end) {
      near = Math.min(near, index - end);
    } else if (index < start) {
      near = Math.min(near, 10 + start - index);
    }
  });
  return near;
}

function tablesNamed(analysis: Analysis): number {
  return new Set(analysis.tables.filter(({ score }) => score >= 0.8).map(({ id }) => id)).size;
}

/** How many different values a column holds, up to 500; 1000 where they are too many to know, -1 without a column. */
function variety({ analysis, column }: MentionedColumn): number {
  if (column === null) {
    return -1;
  }
  const values = analysis.lookup.of(column.id)?.length;
  return values === undefined ? 1000 : Math.min(500, values);
}

/** The share of a table's rows that a column's different values make up; -1 where that is not known. */
export function differentShare(analysis: Analysis, column: number): number {
  const key = soleKey(analysis.schemaIndex.tables[analysis.schemaIndex.columns[column]?.table ?? -1]);
  const rows = key === undefined ? 0 : (analysis.lookup.of(key)?.length ?? 0);
  const values = analysis.lookup.of(column)?.length;
  return rows === 0 || values === undefined ? -1 : Math.min(1, values / rows);
}

const supports = new WeakMap<Analysis, ReadonlyMap<number, ReadonlySet<number>>>();

/** Words of the question that each table accounts for, by its own name, its columns' or values stored in it. */
function supportByTable(analysis: Analysis): ReadonlyMap<number, ReadonlySet<number>> {
  const known = supports.get(analysis);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<number, Set<number>>();
  const add = (table: number | undefined, start: number, end: number): void => {
    if (table === undefined) {
      return;
    }
    const words = found.get(table) ?? new Set();
    for (let index = start; index < end; index++) {
      words.add(index);
    }
    found.set(table, words);
  };
  for (const mention of analysis.tables) {
    if (mention.score >= 0.7) {
      add(mention.id, mention.start, mention.end);
    }
  }
  for (const mention of analysis.columns) {
    if (mention.score >= 0.75) {
      add(analysis.schemaIndex.columns[mention.id]?.table, mention.start, mention.end);
    }
  }
  for (const mention of analysis.values) {
    if (mention.match === 'exact') {
      add(analysis.schemaIndex.columns[mention.value.column]?.table, mention.start, mention.end);
    }
  }
  supports.set(analysis, found);
  return found;
}

interface Support {
  /** How many words of the question the table accounts for. */
  readonly own: number;
  /** How many fewer than the best. */
  readonly behind: number;
  /** How many of them stand outside the span. */
  readonly outside: number;
}

function supportOf(analysis: Analysis, table: number, start: number, end: number): Support {
  const all = supportByTable(analysis);
  const own = all.get(table)?.size ?? 0;
  let best = 0;
  for (const words of all.values()) {
    best = Math.max(best, words.size);
  }
  const outside = [...(all.get(table) ?? [])].filter((index) => index < start || index >= end).length;
  return { own, behind: best - own, outside };
}
