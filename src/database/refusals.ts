import { SqlqError } from '../errors.ts';
import type { Admission, AdmittedStatement, Verdict } from './admitted-statement.ts';
import type { Access } from './database.ts';

/** The kinds of statements that an access allows. */
export const allowedKinds: Readonly<Record<Access, readonly Verdict['kind'][]>> = {
  read: ['read'],
  write: ['read', 'write'],
  ddl: ['read', 'write', 'ddl'],
};

const hints: Readonly<Record<Exclude<Verdict['kind'], 'syntax'>, string | null>> = {
  read: null,
  write: 'sqlq only reads unless you say --write.',
  ddl: 'sqlq only reads unless you say --write=ddl.',
  forbidden: 'sqlq never runs such a statement, with --write neither.',
};

/** What the user is told of a server that does not hold a session to reading, and that was opened all the same. */
export function guardAlone(unheld: string): string {
  return `${unheld}. With --trust-guard the guard alone stands between a statement and the data.`;
}

/** A verdict as the error that a run ends with, in one wording for every engine. */
export function refusalOf({ kind, reason, near }: Verdict): SqlqError {
  const hint =
    kind !== 'syntax' ? hints[kind] : near === undefined ? 'Check the SQL there.' : `Did you mean ${near}?`;
  const message = reason ?? 'The statement only reads: there is nothing to keep.';
  return new SqlqError('refused', message, hint === null ? {} : { hint });
}

/** The statement that may run; throws a SqlqError `refused` where guard or access do not let it. */
export function requireAdmitted({ verdict, statement }: Admission): AdmittedStatement {
  if (statement === null) {
    throw refusalOf(verdict);
  }
  return statement;
}

/** Of a statement that may run, one that only reads; throws a SqlqError `refused`. */
export function requireRead({ verdict, statement }: Admission): AdmittedStatement {
  if (statement === null || statement.kind !== 'read') {
    throw refusalOf(verdict);
  }
  return statement;
}

/** Of a statement that may run, one that changes something; throws a SqlqError `refused`. */
export function requireChange({ verdict, statement }: Admission): AdmittedStatement {
  if (statement === null || statement.kind === 'read') {
    throw refusalOf(verdict);
  }
  return statement;
}
