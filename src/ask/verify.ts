import type { Access, Parameter, Plan, Verdict } from '../database/database.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { allowedKinds, refusalOf } from '../database/refusals.ts';
import { SqlqError } from '../errors.ts';

/** An SQL text that the guard admits and that the database has prepared and explained. */
export interface Checked {
  /** With `:name` for each of the parameters. */
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  readonly kind: Exclude<Verdict['kind'], 'forbidden'>;
  readonly plan: Plan;
}

/** Why an SQL text can't be run, as the error that the run would end with. */
export interface Problem {
  readonly source: 'guard' | 'database';
  readonly error: SqlqError;
}

/** Judges and checks an SQL text; nothing of it runs. Errors other than the statement's own are thrown. */
export async function verify(
  database: DatabaseClient,
  sql: string,
  access: Access,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<Checked | Problem> {
  const statement = { sql, parameters };
  const verdict = await database.admit(statement, signal);
  if (verdict.kind === 'forbidden' || !allowedKinds[access].includes(verdict.kind)) {
    return { source: 'guard', error: refusalOf(verdict) };
  }
  try {
    return { ...statement, kind: verdict.kind, plan: await database.plan(statement, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SqlqError && (error.code === 'failed' || error.code === 'refused')) {
      return { source: error.code === 'refused' ? 'guard' : 'database', error };
    }
    throw error;
  }
}

/** As `verify`, for SQL that nobody can mend. */
export async function verifyOrThrow(
  database: DatabaseClient,
  sql: string,
  access: Access,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<Checked> {
  const checked = await verify(database, sql, access, signal, parameters);
  if ('error' in checked) throw checked.error;
  return checked;
}
