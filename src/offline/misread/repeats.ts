import type { Analysis } from '../analysis/analysis.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { IndexedColumn, IndexedTable } from '../schema-index/schema-index.ts';

const ofTime = /\b(?:date|day|week|month|year|season|round|game|match|quarter|time|at|on)$/u;

/** Whether several rows of a table may have the same value of a column, as far as keys and stored values tell. */
export function repeats(
  { schemaIndex, lookup }: Analysis,
  table: IndexedTable,
  column: IndexedColumn,
): boolean {
  if (column.primary || column.unique) {
    return table.primaryKey.length > 1;
  }
  const values = lookup.of(column.id)?.length ?? null;
  const own = table.columns.flatMap((id) => schemaIndex.columns[id] ?? []).filter((each) => each !== column);
  const more =
    values !== null &&
    ((table.table.rowEstimate ?? 0) > values || own.some(({ id }) => (lookup.of(id)?.length ?? 0) > values));
  // A row that says when is one of several of its kind.
  const keyless = table.primaryKey.length !== 1;
  return (
    more || (keyless && own.some(({ words, class: kind }) => kind === 'date' || ofTime.test(words.join(' '))))
  );
}

/** `who mentors the most teachers` from a query that counts each teacher once: groups of one row each have no order. */
export function groupsOfOne(
  analysis: Analysis,
  { from, joins, group, order: [order] }: SelectQuery,
): string | null {
  const table = analysis.schemaIndex.tables[from];
  const columns = group.flatMap((id) => analysis.schemaIndex.columns[id] ?? []);
  const counts = order?.by.aggregate === 'count' && order.by.column === null;
  return table === undefined ||
    joins.length > 0 ||
    !counts ||
    columns.length === 0 ||
    !columns.some((column) => column.table === from && !repeats(analysis, table, column))
    ? null
    : `Each row of ${table.name} is counted once there: say of what it has the most.`;
}
