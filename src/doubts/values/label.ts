import { columnText, isText, type LookContext, tableText } from '../look.ts';
import type { Predicate } from '../predicates.ts';

/** The key of a look-up table's row that has the literal as its label, where the column refers to one. */
export async function labelOf(
  context: LookContext,
  { resolved: { table, column }, subject }: Predicate,
  text: string,
): Promise<{ readonly key: string; readonly text: string } | null> {
  if (subject['type'] !== 'column_ref') {
    return null;
  }
  for (const { columns, references } of table.foreignKeys) {
    if (columns.length !== 1 || columns[0] !== column.name) {
      continue;
    }
    const target = context.schema.tables.find(
      ({ schema, name }) => schema === references.schema && name === references.table,
    );
    const [key] = references.columns;
    if (target === undefined || key === undefined) {
      continue;
    }
    for (const label of target.columns) {
      if (label.name === key || !isText(label.type)) {
        continue;
      }
      const [k, l] = [key, label.name].map((name) => columnText(context, name));
      const rows = await context.probe(
        `SELECT ${k}, ${l} FROM ${tableText(context, target)} WHERE LOWER(${l}) = ${context.dialect.writeText(text.toLowerCase())}`,
        2,
      );
      const [row] = rows ?? [];
      if (rows?.length === 1 && row !== undefined) {
        return { key: String(row[0]), text: String(row[1]) };
      }
    }
  }
  return null;
}
