import type { Draft, Span } from './draft.ts';
import { distanceTo, tablesOf } from './reach.ts';

/** A column that words of a follow-up name. */
export interface NamedColumn extends Span {
  readonly column: number;
  /** How many other columns these words name as well. */
  readonly rivals: number;
}

/** Words that stand for a thing of the tables, not for a column. */
const ownWords = new Set(['id', 'ids']);

/**
 * The columns that unread words name, the longest names first: those of the query's own tables before those of others,
 * the nearest first. Words that name a table mean the column that people know its rows by.
 */
export function namedColumns(draft: Draft, from = 0): readonly NamedColumn[] {
  const { analysis, query, graph } = draft;
  const tables = tablesOf(query);
  const unread = ({ start, end }: Span): boolean => {
    for (let index = start; index < end; index++) {
      if (draft.read.has(index)) {
        return false;
      }
    }
    return start >= from;
  };
  const columnWords = analysis.columns.filter(({ score, weakest }) => score >= 0.75 && weakest >= 0.6);
  // `customer city` is the city of the customer, not a customer and a city.
  const withTable = columnWords.flatMap(({ id, start, end, score }) =>
    analysis.tables.some(
      (table) =>
        table.score >= 0.8 && table.end === start && analysis.schemaIndex.columns[id]?.table === table.id,
    )
      ? [{ column: id, start: start - 1, end, score }]
      : [],
  );
  const mentions = [
    ...withTable,
    ...columnWords.map(({ id, start, end, score }) => ({ column: id, start, end, score })),
    ...analysis.tables.flatMap(({ id, start, end, score }) => {
      const label = analysis.schemaIndex.tables[id]?.label ?? null;
      return score < 0.8 || label === null ? [] : [{ column: label, start, end, score: score - 0.3 }];
    }),
  ].filter(unread);
  const distanceOf = (column: number): number =>
    distanceTo(graph, tables, analysis.schemaIndex.columns[column]?.table ?? -1);
  const ranked = mentions
    .map((mention) => ({ ...mention, distance: distanceOf(mention.column) }))
    .filter(({ distance }) => distance <= 3)
    .sort(
      (a, b) =>
        b.end - b.start - (a.end - a.start) ||
        Number(a.distance > 0) - Number(b.distance > 0) ||
        Math.round((b.score - a.score) * 10) ||
        a.distance - b.distance,
    );
  const taken: (NamedColumn & { readonly distance: number; readonly score: number })[] = [];
  for (const mention of ranked) {
    const clashing = taken.find(({ start, end }) => start < mention.end && mention.start < end);
    if (clashing !== undefined) {
      continue;
    }
    const same = ranked.filter(
      (other) =>
        other.start === mention.start &&
        other.end === mention.end &&
        other.distance === mention.distance &&
        Math.abs(other.score - mention.score) < 0.05 &&
        other.column !== mention.column,
    );
    taken.push({ ...mention, rivals: same.length });
  }
  return taken
    .filter(({ start, end }) => end - start > 1 || !ownWords.has(analysis.tokens[start]?.lower ?? ''))
    .sort((a, b) => a.start - b.start);
}
