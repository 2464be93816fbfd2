import type { ColumnReference } from '../database.ts';
import { quoteName, splitSchema } from './names.ts';
import { type Session, timeLimit } from './session.ts';
import { collect } from './wire/statement.ts';
import { readOnly } from './wire/transaction.ts';

/** How long one column may take. */
const columnTimeoutMs = 1_500;

/**
 * Up to `cap` distinct values of each column, as text; null for one that has more, took too long or that the guard does
 * not let be read: what feeds an index passes it like any statement.
 */
export async function distinctValues(
  { server, transactions, timeLimitMs }: Session,
  columns: readonly ColumnReference[],
  cap: number,
  isAdmitted: (sql: string) => Promise<boolean>,
  signal: AbortSignal,
): Promise<readonly (readonly string[] | null)[]> {
  const limit =
    timeLimitMs === null ? {} : { 'X-Trino-Session': timeLimit(Math.min(timeLimitMs, columnTimeoutMs)) };
  const found: (readonly string[] | null)[] = [];
  for (const { schema, table, column } of columns) {
    const own = splitSchema(schema);
    const name = quoteName(column);
    const place = [own.catalog, own.schema, table].map(quoteName).join('.');
    const sql = `SELECT DISTINCT ${name} FROM ${place} WHERE ${name} IS NOT NULL LIMIT ${cap + 1}`;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(columnTimeoutMs)]);
    const rows = (await isAdmitted(sql))
      ? await readOnly(transactions, limited, ({ headers }) =>
          collect(server, sql, { signal: limited, headers: { ...headers, ...limit } }),
        ).then(
          ({ rows: all }) => all,
          () => null,
        )
      : null;
    signal.throwIfAborted();
    found.push(rows === null || rows.length > cap ? null : rows.map(([value]) => String(value)));
  }
  return found;
}
