import { isTime } from '../time/kept.ts';
import { type When, whenAt } from '../time/when.ts';
import { columnOf, conditionsOf, type Draft, type Span } from './draft.ts';
import { distanceTo, tablesOf } from './reach.ts';

/** Words of a follow-up that say when. */
export type Period = Span & { readonly when: When };

/** The first period that unread words name, such as `in 2024`, `only last month`, `and on Fridays`; null where none do. */
export function periodIn({ analysis, read }: Draft): Period | null {
  const lowers = analysis.tokens.map(({ lower }) => lower);
  for (let start = 0; start < lowers.length; start++) {
    const when = read.has(start) ? null : whenAt(analysis, lowers, start);
    // A year by itself is one where nothing says that it is another number.
    const isBare = /^(?:only|just|and|but|now|about|,)?$/u.test(lowers[start - 1] ?? '');
    if (when !== null && (when.sure || isBare)) {
      return { start, end: when.next, when };
    }
  }
  return null;
}

/**
 * The date columns that a period may be about: those that the words name, else the one that the query filters or groups
 * by already, else those of its own tables, else those of the nearest. Of the tables that one starts which refers to the
 * others: it is what is listed or counted.
 */
export function datesNamed(
  draft: Draft,
  period: Span,
): { readonly columns: readonly number[]; readonly spans: readonly Span[] } {
  const { analysis, query, graph } = draft;
  const near = ({ start, end }: Span): boolean => start < period.start || end > period.end;
  const tables = tablesOf(query);
  const within = (table: number): boolean => distanceTo(graph, tables, table) <= 2;
  const columns = analysis.columns.filter((mention) => {
    const column = analysis.schemaIndex.columns[mention.id];
    const isNamed = mention.score >= 0.45 && mention.weakest >= 0.6;
    return (
      isNamed && near(mention) && column !== undefined && isTime(analysis, column) && within(column.table)
    );
  });
  const distanceOf = (id: number): number =>
    distanceTo(graph, tables, analysis.schemaIndex.columns[id]?.table ?? -1);
  const [first, ...others] = columns.toSorted(
    (a, b) => b.score - a.score || distanceOf(a.id) - distanceOf(b.id) || a.start - b.start,
  );
  if (first !== undefined) {
    const same = others.filter(
      ({ id, score }) => score === first.score && distanceOf(id) === distanceOf(first.id),
    );
    return { columns: [...new Set([first, ...same].map(({ id }) => id))], spans: [first] };
  }
  const table = analysis.tables.find(
    (mention) => mention.score >= 0.8 && near(mention) && !tables.includes(mention.id) && within(mention.id),
  );
  if (table === undefined) {
    return { columns: dateColumns(draft), spans: [] };
  }
  const dates = analysis.schemaIndex.columns.filter(
    (column) => isTime(analysis, column) && column.table === table.id,
  );
  return { columns: firstOfEach(dates), spans: [table] };
}

/** As `datesNamed`, where no words name a date. */
export function dateColumns(draft: Draft): readonly number[] {
  const { analysis, query, graph } = draft;
  const { schemaIndex } = analysis;
  const tables = tablesOf(query);
  const dates = schemaIndex.columns.filter((column) => isTime(analysis, column));
  const used = [
    ...conditionsOf(query.where).flatMap((condition) => columnOf(condition) ?? []),
    ...query.group,
    ...query.select.flatMap(({ column }) => column ?? []),
  ].find((id) => dates.some((column) => column.id === id));
  if (used !== undefined) {
    return [used];
  }
  const referring = tables.filter(
    (table) =>
      !tables.some((other) =>
        (graph.edges.get(other) ?? []).some((edge) => edge.to === table && edge.link.from === other),
      ),
  );
  for (const set of [referring, tables]) {
    const own = firstOfEach(dates.filter(({ table }) => set.includes(table)));
    if (own.length > 0) {
      return own;
    }
  }
  const nearest = Math.min(...dates.map(({ table }) => distanceTo(graph, tables, table)));
  if (nearest > 2) {
    return [];
  }
  return firstOfEach(dates.filter(({ table }) => distanceTo(graph, tables, table) === nearest));
}

/** The first date of each table, which is when its rows came to be; later ones tell of what became of them. */
function firstOfEach(columns: readonly { readonly id: number; readonly table: number }[]): readonly number[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return tables.flatMap((table) => columns.find((column) => column.table === table)?.id ?? []);
}
