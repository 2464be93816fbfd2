import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import type { IndexedColumn, IndexedTable, Link } from '../schema-index/schema-index.ts';
import { isTime } from '../time/kept.ts';
import { ownColumns } from './names.ts';
import { words } from './words.ts';

/**
 * The key to what the rows of a table without a date are part of, such as the order of its lines: the one table with a date
 * that its own name repeats, or that its key is made of. Null where it has a date, or where that is none or several.
 */
export function wholeOf(analysis: Analysis, table: IndexedTable): Link | null {
  const { schemaIndex } = analysis;
  const isDated = (id: number): boolean =>
    ownColumns(schemaIndex, id).some((column) => isTime(analysis, column));
  if (ownColumns(schemaIndex, table.id).some((column) => isTime(analysis, column) && isOwn(column, table))) {
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

/** Whether a date says when a row came to be, and not when something else was done to it later: `certificate_sent` of a result. */
const isOwn = ({ words: all, ownWords }: IndexedColumn, table: IndexedTable): boolean =>
  all.some((word) => table.words.some((name) => isForm(name, word))) ||
  (!all.some((word) => words.closing.has(word)) && ownWords.filter((word) => !small.test(word)).length < 2);

const small = /^(?:at|on|date|time|timestamp|day|when|is|was|the|of)$/u;
