import { type Analysis, distanceBefore as distance } from '../analysis/analysis.ts';
import { columnFeatureNames } from '../analysis/columns.ts';
import { contextNames } from '../analysis/context.ts';
import type { Candidate, Scored } from '../grammar/candidate.ts';
import type { NameMention } from '../link/mention.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';

/** Where an item's features tell how well its column's name fits. */
export const weakIndex = contextNames.length;

const behindIndex = weakIndex + columnFeatureNames.indexOf('behind');

/** What is selected, and whether it is what was filtered, ordered or grouped by. */
export function selectFeatures(analysis: Analysis, candidate: Candidate, query: SelectQuery): number[] {
  const plainColumns = query.select.flatMap((item) =>
    item.aggregate === null && item.column !== null ? [item.column] : [],
  );
  const fixed = new Set(
    candidate.filter.items.flatMap(({ condition }) =>
      condition.kind === 'compare' && condition.operator === '=' && condition.left.column !== null
        ? [condition.left.column]
        : [],
    ),
  );
  const isLabel = (id: number): boolean => {
    const table = analysis.schemaIndex.columns[id]?.table;
    return table !== undefined && analysis.schemaIndex.tables[table]?.label === id;
  };
  const isKey = (id: number): boolean => {
    const column = analysis.schemaIndex.columns[id];
    return column?.primary === true || column?.foreign === true;
  };
  const by = query.order[0]?.by.column;
  return [
    plainColumns.filter((id) => fixed.has(id)).length,
    by != null && plainColumns.includes(by) ? 1 : 0,
    plainColumns.filter(isLabel).length,
    plainColumns.filter(isKey).length,
    query.group.some(isLabel) ? 1 : 0,
    query.group.some(isKey) ? 1 : 0,
  ];
}

/** By how much better names of the same words are than those that were chosen. */
export function behind(candidate: Candidate): number[] {
  const of = (items: readonly { readonly features: readonly number[] }[]): number =>
    Math.max(0, ...items.map((item) => item.features[behindIndex] ?? 0));
  const order = candidate.order.item.by === null ? [] : [candidate.order.item];
  return [
    of(candidate.select.items),
    of(candidate.filter.items),
    of(order),
    [...candidate.select.items, ...order].reduce((sum, item) => sum + (item.features[behindIndex] ?? 0), 0),
  ];
}

/** How well the question speaks of the tables that were joined. */
export function tableFeatures(
  analysis: Analysis,
  candidate: Candidate,
  used: ReadonlySet<number>,
  selectTables: number,
): number[] {
  const best = new Map<number, NameMention>();
  for (const mention of analysis.tables) {
    const before = best.get(mention.id);
    if (before === undefined || mention.score > before.score) best.set(mention.id, mention);
  }
  // An extra table whose words are those of a column already used says nothing of its own.
  const covered = candidate.extraTables.filter((table) => {
    const mention = best.get(table);
    return (
      mention !== undefined &&
      analysis.columns.some(
        (other) =>
          used.has(other.id) &&
          other.score >= 0.75 &&
          other.start <= mention.start &&
          mention.end <= other.end,
      )
    );
  }).length;
  const scores = candidate.tables.map((table) => best.get(table)?.score ?? 0);
  const ofOthers =
    candidate.tables.length -
    new Set([...used].map((column) => analysis.schemaIndex.columns[column]?.table)).size;
  return [
    covered,
    scores.filter((score) => score < 0.4).length,
    scores.filter((score) => score >= 0.4 && score < 0.8).length,
    selectTables === 1 ? 1 : 0,
    ofOthers,
  ];
}

/** The least probability of what was chosen, and the greatest of what was left though no chosen item has its words. */
export function chosenAndLeft<Item extends { readonly start: number; readonly end: number }>(
  scored: readonly Scored<Item>[],
  chosen: readonly Item[],
  same: (a: Item, b: Item) => boolean,
): [number, number] {
  let least = 1;
  let left = 0;
  for (const { item, probability } of scored) {
    if (chosen.includes(item)) least = Math.min(least, probability);
    else if (!chosen.some((other) => (other.start < item.end && item.start < other.end) || same(other, item)))
      left = Math.max(left, probability);
  }
  return [least, left];
}

/** Tokens between a word for `distinct` and the first thing selected. */
export function distinctBefore(analysis: Analysis, candidate: Candidate): number {
  const first = Math.min(...candidate.select.items.map((item) => item.start));
  return distance(analysis, 'distinct', first);
}

/** Joins that may repeat rows of what is selected: steps from a key to those that refer to it. */
export function fanOut(analysis: Analysis, query: SelectQuery): number {
  let count = 0;
  for (const join of query.joins)
    if (join.on.every(([, right]) => analysis.schemaIndex.columns[right]?.primary !== true)) count++;
  return count;
}

/** Tables to which two or more joined tables refer: each row of one is repeated for every row of the other. */
export function chasms(schemaIndex: SchemaIndex, query: SelectQuery): number {
  const referring = new Map<number, number>();
  for (const join of query.joins)
    for (const [left, right] of join.on.slice(0, 1)) {
      const one = [left, right].find((id) => schemaIndex.columns[id]?.primary === true);
      const table = one === undefined ? undefined : schemaIndex.columns[one]?.table;
      if (table !== undefined) referring.set(table, (referring.get(table) ?? 0) + 1);
    }
  return [...referring.values()].filter((count) => count > 1).length;
}
