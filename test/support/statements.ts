import type { Parameter, Verdict } from '../../src/database/admitted-statement.ts';
import type {
  CsvResult,
  Database,
  PendingWrite,
  Plan,
  QueryOptions,
  Result,
} from '../../src/database/database.ts';
import { requireAdmitted, requireChange, requireRead } from '../../src/database/refusals.ts';

/** What the guard says of a statement. */
export async function verdictOf(
  database: Database,
  sql: string,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<Verdict> {
  return (await database.admit(sql, parameters, signal)).verdict;
}

/** Admits and plans a statement, as the process of the database does; throws a SqlqError `refused`. */
export async function planOf(
  database: Database,
  sql: string,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<Plan> {
  return database.plan(requireAdmitted(await database.admit(sql, parameters, signal)), signal);
}

/** Admits and runs a statement that reads; throws a SqlqError `refused`. */
export async function query(
  database: Database,
  sql: string,
  options: QueryOptions,
  parameters: readonly Parameter[] = [],
): Promise<Result> {
  return database.query(requireRead(await database.admit(sql, parameters, options.signal)), options);
}

/** As `query`, for CSV that the engine writes. */
export async function queryCsv(
  database: Database,
  sql: string,
  options: QueryOptions,
): Promise<CsvResult | null> {
  const statement = requireRead(await database.admit(sql, [], options.signal));
  return (await database.queryCsv?.(statement, options)) ?? null;
}

/** Admits and runs a statement that changes something, in a transaction that is held open. */
export async function beginWrite(
  database: Database,
  sql: string,
  signal: AbortSignal,
): Promise<PendingWrite> {
  return database.beginWrite(requireChange(await database.admit(sql, [], signal)), signal);
}
