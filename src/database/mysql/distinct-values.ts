import type { ColumnReference } from '../database.ts';
import { quoteName } from './guard/catalog.ts';
import { lengthen, shorten } from './server/time-limit.ts';
import type { Session } from './session.ts';

/** How long one column may take. */
const columnTimeoutMs = 1000;

/**
 * Up to `cap` distinct values of each column, as text; null for one that has more, took too long or that the guard
 * does not let be read: what feeds an index passes it like any statement. Under a
 * collation that folds spellings the server keeps one of those that are stored.
 */
export async function distinctValues(
  session: Session,
  columns: readonly ColumnReference[],
  cap: number,
  isAdmitted: (sql: string) => Promise<boolean>,
): Promise<readonly (readonly string[] | null)[]> {
  const found: (readonly string[] | null)[] = [];
  const isShorter = await shorten(session, columnTimeoutMs);
  await session.rows('START TRANSACTION READ ONLY');
  try {
    for (const { schema, table, column } of columns) {
      const name = quoteName(column);
      const sql = `SELECT DISTINCT ${name} FROM ${quoteName(schema)}.${quoteName(table)} WHERE ${name} IS NOT NULL LIMIT ${cap + 1}`;
      const rows = (await isAdmitted(sql)) ? await session.rows(sql).catch(() => null) : null;
      found.push(rows === null || rows.length > cap ? null : rows.map(([value]) => value ?? ''));
    }
  } finally {
    await session.rows('ROLLBACK').catch(() => {});
    if (isShorter) {
      await lengthen(session).catch(() => {});
    }
  }
  return found;
}
