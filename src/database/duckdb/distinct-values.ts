import { quoteIdentifier } from '../../schema/identifier.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { ColumnReference, Row } from '../database.ts';
import { dialect } from './dialect.ts';
import type { Connection } from './session.ts';

const columnMilliseconds = 1000;
const totalMilliseconds = 3000;
/** So many values of a column tell at once that it has too many. */
const sampled = 100_000;
/** By so much what is counted in little memory may be off. */
const slack = 1.2;

const quote = (name: string): string => quoteIdentifier(dialect, name);

/** How values are read. */
export interface ValueReading {
  /** Uses a connection until the signal aborts, which ends what runs on it. */
  using<Done>(signal: AbortSignal, use: (connection: Connection) => Promise<Done>): Promise<Done>;
  /** What the guard admits of a query; null where it does not let it run. */
  admit(connection: Connection, sql: string): Promise<AdmittedStatement | null>;
}

/**
 * Distinct values of columns as text; null for one that has more than `cap`, that takes too long or can't be read, and where the
 * guard does not let a query of them run. Rejects with the signal's reason alone.
 */
export async function distinctValues(
  reading: ValueReading,
  columns: readonly ColumnReference[],
  cap: number,
  signal: AbortSignal,
): Promise<readonly (readonly string[] | null)[]> {
  const deadline = performance.now() + totalMilliseconds;
  const found: (readonly string[] | null)[] = [];
  for (const column of columns) {
    const left = Math.min(deadline - performance.now(), columnMilliseconds);
    found.push(left <= 0 ? null : await valuesOf(reading, column, cap, signal, left));
    signal.throwIfAborted();
  }
  return found;
}

async function valuesOf(
  { using, admit }: ValueReading,
  { schema, table, column }: ColumnReference,
  cap: number,
  signal: AbortSignal,
  milliseconds: number,
): Promise<readonly string[] | null> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(milliseconds))]);
  const name = quote(column);
  const filled = `FROM ${quote(schema)}.${quote(table)} WHERE ${name} IS NOT NULL`;
  try {
    return await using(within, async (connection) => {
      const rowsOf = async (sql: string): Promise<readonly Row[] | null> => {
        const statement = await admit(connection, sql);
        return statement === null ? null : connection.rows(statement.text);
      };
      const part = `SELECT count(*), count(DISTINCT ${name}) FROM (SELECT ${name} ${filled} LIMIT ${sampled})`;
      const [[rows, different] = []] = (await rowsOf(part)) ?? [];
      if (rows === undefined || Number(different) > cap) {
        return null;
      }
      if (Number(rows) === sampled) {
        // To find out how many they are takes no memory; to gather them takes what they are.
        const [[about] = []] = (await rowsOf(`SELECT approx_count_distinct(${name}) ${filled}`)) ?? [];
        if (about === undefined || Number(about) > cap * slack) {
          return null;
        }
      }
      const values = await rowsOf(`SELECT DISTINCT CAST(${name} AS VARCHAR) ${filled} LIMIT ${cap + 1}`);
      return values === null || values.length > cap ? null : values.map(([value]) => String(value)).sort();
    });
  } catch {
    // A view whose table is gone, a value that can't be cast, no time: other columns can be read all the same.
    return null;
  }
}
