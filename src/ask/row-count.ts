import { SqlqError } from '../errors.ts';
import { definitionOf } from '../render/format.ts';
import { tooManyRows } from '../render/row-limit.ts';
import type { RunContext } from './context.ts';
import type { PlannedStatement } from './plan-statement.ts';

/** An estimate this far below the most rows of a format is believed. */
const margin = 10;

/**
 * Refuses a result that its format can't hold before its rows are read: the database counts them. What can't be counted
 * so, such as the rows of a PRAGMA, is counted as it is written. Throws a SqlqError `limit`.
 */
export async function requireRoom(
  { database, delivery, signal }: RunContext,
  statement: PlannedStatement,
): Promise<void> {
  const { format, csvSafe, limit } = delivery;
  const { mostRows } = definitionOf(format);
  if (mostRows === null || limit !== null) {
    return;
  }
  const { rows: expected } = statement.plan;
  if (expected !== null && expected < mostRows / margin) {
    return;
  }
  const counted = `SELECT 1 AS one FROM (\n${statement.sql.replace(/;\s*$/u, '')}\n) AS answer LIMIT ${mostRows + 1}`;
  try {
    const { data } = await database.run(`SELECT count(*) AS counted FROM (${counted}) AS counted`, {
      parameters: statement.parameters,
      render: { format: 'csv', csvSafe, width: null, color: false },
      destination: { kind: 'rows' },
      limit: 1,
      signal,
    });
    if (Number(data[0]?.[0] ?? 0) <= mostRows) {
      return;
    }
  } catch (error) {
    if (error instanceof SqlqError && (error.code === 'failed' || error.code === 'refused')) {
      return;
    }
    throw error;
  }
  throw tooManyRows(format);
}
