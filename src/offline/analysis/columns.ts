import type { NameMention } from '../link/mention.ts';
import { soleKey } from '../schema-index/schema-index.ts';
import type { Analysis } from './analysis.ts';

export const columnFeatureNames: readonly string[] = [
  'score',
  'weakest',
  'behind',
  'rivals',
  'tableScore',
  'tableDistance',
  'tableBefore',
  'tableOf',
  'type',
  'primary',
  'foreign',
  'label',
  'idWord',
  'unique',
  'valueNear',
  'numberNear',
  'words',
  'tablesNamed',
  'valueTable',
  'support',
  'supportBehind',
  'stands',
  'variety',
  'different',
];

export const columnCategorical: readonly string[] = ['type'];

const types = ['number', 'text', 'date', 'boolean', 'other'];

/** Column mentions worth a look: weak ones and those much worse than a rival on the same words are left out. */
export function columnMentions(analysis: Analysis): readonly NameMention[] {
  const known = mentionsOf.get(analysis);
  if (known !== undefined) return known;
  const best = analysis.tokens.map(() => 0);
  for (const mention of analysis.columns)
    for (let index = mention.start; index < mention.end; index++)
      best[index] = Math.max(best[index] ?? 0, rankOf(analysis, mention));
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
    if (mention.id !== table) continue;
    score = Math.max(score, mention.score);
    if (mention.score < 0.45) continue;
    if (mention.end <= start) {
      distance = Math.min(distance, start - mention.end);
      if (mention.end === start) before = true;
    } else if (mention.start >= end) {
      distance = Math.min(distance, mention.start - end);
      let index = end;
      while (index < mention.start && linking.has(analysis.tokens[index]?.lower ?? '')) index++;
      if (index === mention.start && index > end) of = true;
    } else distance = 0;
  }
  return { score, distance, before, of };
}

/** Features of a column (or of a table, where `column` is null) for a mention. */
export function columnFeatures(
  analysis: Analysis,
  column: number | null,
  table: number | null,
  mention: { readonly start: number; readonly end: number; readonly score: number; readonly weakest: number },
): number[] {
  const entry = column === null ? undefined : analysis.schemaIndex.columns[column];
  const owner = entry?.table ?? table ?? -1;
  const near = tableNearness(analysis, owner, mention.start, mention.end);
  let behind = 0;
  let rivals = 0;
  for (const other of analysis.columns) {
    if (other.id === column || other.start >= mention.end || mention.start >= other.end) continue;
    behind = Math.max(behind, other.score - mention.score);
    if (other.score >= mention.score - 0.01) rivals++;
  }
  let valueNear = 20;
  let valueTable = 0;
  for (const value of analysis.values) {
    if (analysis.schemaIndex.columns[value.value.column]?.table === owner) valueTable = 1;
    if (value.value.column !== column) continue;
    valueNear = Math.min(
      valueNear,
      value.start >= mention.end ? value.start - mention.end : mention.start - value.end + 10,
    );
  }
  let numberNear = 20;
  analysis.tokens.forEach((token, index) => {
    if (token.number === null) return;
    if (index >= mention.end) numberNear = Math.min(numberNear, index - mention.end);
    else if (index < mention.start) numberNear = Math.min(numberNear, 10 + mention.start - index);
  });
  return [
    mention.score,
    mention.weakest,
    behind,
    rivals,
    near.score,
    near.distance,
    near.before ? 1 : 0,
    near.of ? 1 : 0,
    entry === undefined ? 9 : types.indexOf(entry.class),
    entry?.primary === true ? 1 : 0,
    entry?.foreign === true ? 1 : 0,
    entry !== undefined && analysis.schemaIndex.tables[owner]?.label === column ? 1 : 0,
    entry?.words.includes('id') === true ? 1 : 0,
    entry?.unique === true ? 1 : 0,
    valueNear,
    numberNear,
    entry?.ownWords.length ?? 0,
    new Set(analysis.tables.filter((other) => other.score >= 0.8).map((other) => other.id)).size,
    valueTable,
    ...supportOf(analysis, owner, mention.start, mention.end),
    ...varietyOf(analysis, column),
  ];
}

/**
 * How many different values a column holds, up to 500 and 1000 where they are too many to know, and their share of the
 * rows; -1 where there is no column or nobody knows.
 */
function varietyOf(analysis: Analysis, column: number | null): [number, number] {
  if (column === null) return [-1, -1];
  const values = analysis.lookup.of(column)?.length;
  return [values === undefined ? 1000 : Math.min(500, values), differentShare(analysis, column)];
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
  if (known !== undefined) return known;
  const found = new Map<number, Set<number>>();
  const add = (table: number | undefined, start: number, end: number): void => {
    if (table === undefined) return;
    const words = found.get(table) ?? new Set();
    for (let index = start; index < end; index++) words.add(index);
    found.set(table, words);
  };
  for (const mention of analysis.tables)
    if (mention.score >= 0.7) add(mention.id, mention.start, mention.end);
  for (const mention of analysis.columns)
    if (mention.score >= 0.75)
      add(analysis.schemaIndex.columns[mention.id]?.table, mention.start, mention.end);
  for (const mention of analysis.values)
    if (mention.match === 'exact')
      add(analysis.schemaIndex.columns[mention.value.column]?.table, mention.start, mention.end);
  supports.set(analysis, found);
  return found;
}

/** How many words a table accounts for, how many fewer than the best, and whether it accounts for any outside the span. */
function supportOf(analysis: Analysis, table: number, start: number, end: number): number[] {
  const all = supportByTable(analysis);
  const own = all.get(table)?.size ?? 0;
  let best = 0;
  for (const words of all.values()) best = Math.max(best, words.size);
  const outside = [...(all.get(table) ?? [])].filter((index) => index < start || index >= end).length;
  return [own, best - own, outside];
}
