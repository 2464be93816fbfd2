import type { HidePatterns } from '../../pattern.ts';
import { fold } from '../names.ts';
import { columnsOf } from './catalog.ts';
import type { GuardContext, TableName } from './context.ts';
import { Refusal } from './syntax/cursor.ts';
import type { Findings } from './syntax/findings.ts';

/** Whether the patterns mean a column of a table; its schema may be named with its catalog and without. */
export function isHidden(hide: HidePatterns, { catalog, schema, table }: TableName, column: string): boolean {
  return hide.hides(`${catalog}.${schema}`, table, column) || hide.hides(schema, table, column);
}

/**
 * Throws a Refusal where a statement reads a hidden column of one of these tables, or may: by its name anywhere, by what
 * takes all columns, or under another name that a list behind the table gives it.
 */
export async function refuseHidden(
  findings: Findings,
  tables: readonly TableName[],
  hide: HidePatterns,
  context: GuardContext,
): Promise<void> {
  const columns = await columnsOf(tables, context);
  const hidden = columns.filter((column) => isHidden(hide, column, column.column));
  const [first] = hidden;
  if (first === undefined) {
    return;
  }
  if (findings.takesAll || findings.tables.some(({ renames }) => renames)) {
    throw new Refusal(
      `It may take columns of ${first.table} that are hidden: name each column that it takes`,
    );
  }
  const read = hidden.find(({ column }) => findings.columns.has(fold(column)));
  if (read !== undefined) {
    throw new Refusal(`The column ${read.column} is hidden`);
  }
}
