import { SqlqError } from '../../errors.ts';
import type { Adapter, Database, OpenOptions } from '../database.ts';
import { hidePatterns } from '../pattern.ts';
import { allowedKinds, guardAlone, requireChange } from '../refusals.ts';
import { isFile, type ServerTarget, type Target } from '../target.ts';
import { distinctValues } from './distinct-values.ts';
import { facts } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { guardOf } from './guard/admit.ts';
import type { GuardContext } from './guard/context.ts';
import { guardStatement } from './guard/guard.ts';
import { introspect } from './introspect.ts';
import { fold } from './names.ts';
import { planStatement } from './plan.ts';
import { query } from './query.ts';
import { openSession } from './session.ts';
import { unusedPatterns } from './unused-patterns.ts';
import { endSession, leftRunning } from './wire/cancel.ts';

/** Trino, by its client protocol over HTTP. */
export const trino: Adapter = {
  open: (target, options, signal) => openDatabase(coordinatorOf(target), options, signal),
  cancelSession: (target, session) => endSession(coordinatorOf(target), session),
  leftRunning: (target, session) => leftRunning(coordinatorOf(target), session),
};

function coordinatorOf(target: Target): ServerTarget {
  if (isFile(target)) {
    throw new SqlqError('usage', `${target.engine} is not Trino`);
  }
  return target;
}

async function openDatabase(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Database> {
  const session = await openSession(target, options, signal);
  const hide = hidePatterns(options.hide, fold);
  const schemas = options.schemas ?? [];
  const guard = guardOf(allowedKinds[options.access], hide);
  const contextOf = (wanted: AbortSignal): GuardContext => ({
    home: session.home,
    catalogs: session.catalogs,
    rows: (sql) => session.rows(sql, wanted),
  });
  /** What is ours passes the guard like any statement. */
  const isAdmitted = async (sql: string, wanted: AbortSignal): Promise<boolean> =>
    (await guardStatement(sql, contextOf(wanted), hide)).verdict.kind === 'read';

  return {
    dialect: session.dialect,
    session: session.id,
    warnings: session.unheld === null ? [] : [guardAlone(session.unheld)],
    facts: async () => facts(session),
    fingerprint: (wanted) => fingerprint(session, schemas, wanted),
    // No connector tells when rows change.
    dataFingerprint: async () => null,
    introspect: (filter, wanted) =>
      introspect(session, filter, hide, (view) => isAdmitted(`SELECT * FROM ${view}`, wanted), wanted),
    unusedHidePatterns: (wanted) => unusedPatterns(session, schemas, options.hide, wanted),
    admit: (sql, parameters, wanted) => guard.admit(sql, parameters, contextOf(wanted)),
    plan: (statement, wanted) => planStatement(session, statement, guard.judgedOf(statement), wanted),
    query: (statement, wanted) => query(session, statement, wanted),
    async beginWrite(statement) {
      // `open` takes nobody who wants to write, so that no statement that writes is ever admitted.
      throw requireChange({ verdict: { kind: 'read', reason: null }, statement });
    },
    distinctValues: (columns, cap, wanted) =>
      distinctValues(session, columns, cap, (sql) => isAdmitted(sql, wanted), wanted),
    close: () => session.close(),
  };
}
