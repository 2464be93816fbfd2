import type { AdmittedStatement } from '../database/admitted-statement.ts';
import type { Access, Parameter, Plan } from '../database/database.ts';
import { dialectOf } from '../database/engines.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { errorOf } from '../database/process/protocol.ts';
import { allowedKinds, refusalOf } from '../database/refusals.ts';
import { syntaxRefusal } from '../database/syntax-error.ts';
import type { SqlqError } from '../errors.ts';

/** An SQL text that the guard admits and that the database has prepared and explained. */
export interface PlannedStatement {
  /** With `:name` for each of the parameters. */
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  readonly kind: AdmittedStatement['kind'];
  readonly plan: Plan;
}

/** Why an SQL text can't be run, as the error that the run would end with. */
export interface Problem {
  readonly source: 'guard' | 'database';
  readonly error: SqlqError;
}

/** Has the guard admit an SQL text and the database plan it; nothing of it runs. Errors other than the statement's own are thrown. */
export async function planStatement(
  database: DatabaseClient,
  sql: string,
  access: Access,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<PlannedStatement | Problem> {
  const statement = { sql, parameters };
  const { verdict, plan, problem } = await database.examine(statement, signal);
  if (
    verdict.kind === 'forbidden' ||
    verdict.kind === 'syntax' ||
    !allowedKinds[access].includes(verdict.kind)
  ) {
    return { source: 'guard', error: refusalOf(verdict) };
  }
  if (plan === null) {
    const said = problem === null ? refusalOf(verdict) : errorOf(problem);
    const error = syntaxRefusal(said, sql, dialectOf(database.engine)) ?? said;
    return { source: error.code === 'refused' ? 'guard' : 'database', error };
  }
  return { ...statement, kind: verdict.kind, plan };
}

/** As `planStatement`, for SQL that nobody can mend. */
export async function planStatementOrThrow(
  database: DatabaseClient,
  sql: string,
  access: Access,
  signal: AbortSignal,
  parameters: readonly Parameter[] = [],
): Promise<PlannedStatement> {
  const statement = await planStatement(database, sql, access, signal, parameters);
  if ('error' in statement) {
    throw statement.error;
  }
  return statement;
}
