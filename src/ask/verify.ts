import type { Access, Plan, Verdict } from '../database/database.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { SqlqError } from '../errors.ts';

/** An SQL text that the guard admits and that the database has prepared and explained. */
export interface Checked {
  readonly sql: string;
  readonly kind: Exclude<Verdict['kind'], 'forbidden'>;
  readonly plan: Plan;
}

/** Why an SQL text can't be run, as the error that the run would end with. */
export interface Problem {
  readonly source: 'guard' | 'database';
  readonly error: SqlqError;
}

const allowed: Readonly<Record<Access, readonly Verdict['kind'][]>> = {
  read: ['read'],
  write: ['read', 'write'],
  ddl: ['read', 'write', 'ddl'],
};

/** Judges and checks an SQL text; nothing of it runs. Errors other than the statement's own are thrown. */
export async function verify(
  database: DatabaseClient,
  sql: string,
  access: Access,
  signal: AbortSignal,
): Promise<Checked | Problem> {
  const verdict = await database.judge(sql, signal);
  if (verdict.kind === 'forbidden' || !allowed[access].includes(verdict.kind)) {
    return { source: 'guard', error: refusal(verdict) };
  }
  try {
    return { sql, kind: verdict.kind, plan: await database.check(sql, signal) };
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
): Promise<Checked> {
  const checked = await verify(database, sql, access, signal);
  if ('error' in checked) throw checked.error;
  return checked;
}

function refusal(verdict: Verdict): SqlqError {
  const hints: Record<Verdict['kind'], string> = {
    read: '',
    write: 'sqlq only reads unless you say --write.',
    ddl: 'sqlq only reads unless you say --write=ddl.',
    forbidden: 'sqlq never runs such a statement, with --write neither.',
  };
  return new SqlqError('refused', verdict.reason ?? 'The statement was refused.', {
    hint: hints[verdict.kind],
  });
}
