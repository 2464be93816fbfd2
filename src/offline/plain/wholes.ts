import type { Analysis } from '../analysis/analysis.ts';
import type { IndexedTable, Link } from '../schema-index/schema-index.ts';
import { isTime } from '../time/kept.ts';
import { ownColumns } from './names.ts';

/**
 * The key to what the rows of a table without a date are part of, such as the order of its lines: the one table with a date
 * that its own name repeats, or that its key is made of. Null where it has a date, or where that is none or several.
 */
export function wholeOf(analysis: Analysis, table: IndexedTable): Link | null {
  const { schemaIndex } = analysis;
  const isDated = (id: number): boolean =>
    ownColumns(schemaIndex, id).some((column) => isTime(analysis, column));
  if (isDated(table.id)) {
    return null;
  }
  const links = schemaIndex.links.filter(
    ({ from, to, left }) => from === table.id && to !== table.id && left.length === 1 && isDated(to),
  );
  const called = links.filter(({ to }) =>
    (schemaIndex.tables[to]?.words ?? []).every((word, index) => table.words[index] === word),
  );
  const keyed = links.filter(({ left }) =>
    left.every((column) => schemaIndex.columns[column]?.primary === true),
  );
  const [whole, ...others] = called.length > 0 ? called : keyed;
  return whole === undefined || others.length > 0 ? null : whole;
}
