import type { Analysis } from '../../analysis/analysis.ts';
import type { Condition, Expression, Query, SelectQuery } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { hasValue, joined, truth } from './conditions.ts';

const small = /^(?:is|be|was|at|on|date|time|flag|timestamp|soft)$/u;
const asked = /\b(?:delet|remov|borrad|eliminad|gelöscht)/iu;

/** The query without rows that a flag or a date marks as deleted, unless the question speaks of those. */
export function withoutDeleted(analysis: Analysis, query: Query): Query {
  return query.kind === 'set'
    ? { ...query, left: keptRows(analysis, query.left), right: keptRows(analysis, query.right) }
    : keptRows(analysis, query);
}

/** What of a query's rows is left out for being deleted, in words. */
export function deletedLines(analysis: Analysis, query: Query): readonly string[] {
  const { where } = query.kind === 'set' ? query.left : query;
  const text = JSON.stringify(where);
  return marks(analysis)
    .filter(({ condition }) => text.includes(JSON.stringify(condition)))
    .map(({ column }) => `rows that ${column.name} marks as deleted are left out`);
}

/** As `withoutDeleted`. */
export function keptRows(analysis: Analysis, query: SelectQuery): SelectQuery {
  const found = asked.test(analysis.question) ? [] : marks(analysis);
  if (found.length === 0) {
    return query;
  }
  // What belongs to a deleted row, its sums above all, stays what it is.
  const isList = query.group.length === 0 && query.select.every(({ aggregate }) => aggregate === null);
  const tableOf = ({ column }: Expression): number => analysis.schemaIndex.columns[column ?? -1]?.table ?? -1;
  const tables = new Set(query.joins.length === 0 ? [query.from] : isList ? query.select.map(tableOf) : []);
  const text = JSON.stringify(query);
  const more = found
    .filter(({ column }) => tables.has(column.table))
    .filter(({ column }) => !new RegExp(`"(?:column|left)":${column.id}\\b`, 'u').test(text))
    .map(({ condition }) => condition);
  const all = [...(query.where === null ? [] : [query.where]), ...more];
  return more.length === 0 ? query : { ...query, where: joined('and', all) };
}

/** The columns that mark rows as deleted, with the condition that they don't. */
function marks(
  analysis: Analysis,
): readonly { readonly column: IndexedColumn; readonly condition: Condition }[] {
  return analysis.schemaIndex.columns.flatMap((column) => {
    const own = column.ownWords.filter((word) => !small.test(word));
    if (own.length !== 1 || !/^deleted?$/u.test(own[0] ?? '')) {
      return [];
    }
    const condition =
      truth(analysis, column, false) ??
      (isTime(analysis, column) && column.column.nullable ? hasValue(analysis, column.id, true) : null);
    return condition === null ? [] : [{ column, condition }];
  });
}
