import { SqlqError } from '../../errors.ts';
import type { Access, Adapter, Database, OpenOptions } from '../database.ts';
import { asLiterals } from '../parameters.ts';
import type { ServerTarget, Target } from '../target.ts';
import { csvDecoder } from './csv.ts';
import { distinctValues } from './distinct-values.ts';
import { facts } from './facts.ts';
import { dataFingerprint, fingerprint } from './fingerprint.ts';
import { openCatalog } from './guard/catalog.ts';
import type { GuardContext } from './guard/context.ts';
import { type GuardResult, guardStatement } from './guard/guard.ts';
import { hiddenColumns } from './guard/hidden-columns.ts';
import { interruptibleText } from './guard/interruptible-text.ts';
import type { Analysis } from './guard/syntax/findings.ts';
import { introspect } from './introspect.ts';
import { planStatement } from './plan.ts';
import { interruptible, queryRows, type Runner, start, stream } from './query.ts';
import { openSession, type Rows, type Session } from './session.ts';
import { resultColumn } from './values.ts';
import { prepareBound } from './wire/bind.ts';
import { killSession } from './wire/cancel.ts';
import { beginWrite } from './write.ts';

/** MySQL and MariaDB. */
export const mysql: Adapter = {
  open: (target, options, signal) => openDatabase(serverOf(target), options, signal),
  cancelSession: (target, session) => killSession(serverOf(target), session),
};

function serverOf(target: Target): ServerTarget {
  if (target.engine !== 'mysql') throw new SqlqError('usage', `${target.engine} is not MySQL or MariaDB`);
  return target;
}

const allowed: Readonly<Record<Access, readonly string[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  ddl: ['read', 'write', 'ddl'],
};

/** Opens one database; a connection that was given up in the middle of a result is made anew at the next call. */
async function openDatabase(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Database> {
  let session = await openSession(target, options, signal);
  const rows: Rows = (sql) => session.rows(sql);
  const catalog = openCatalog(rows);
  const hidden = hiddenColumns(options.hide, rows);

  const runner = (): Runner => {
    const own = session;
    return {
      session: own,
      async abandon() {
        try {
          if (!own.isClosed()) await killSession(target, own.id);
        } finally {
          own.close();
        }
      },
    };
  };

  /** Does something on a living connection, until the signal says otherwise. */
  async function within<T>(wanted: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    wanted.throwIfAborted();
    if (session.isClosed()) session = await openSession(target, options, wanted);
    return interruptible(runner(), wanted, () => work(session));
  }

  const contextOf = ({ dialect, mode, database, caseSensitive }: Session): GuardContext => ({
    dialect,
    mode,
    database,
    databases: [database, ...(options.schemas ?? [])],
    caseSensitive,
    catalog,
  });

  const judged = (sql: string, wanted: AbortSignal): Promise<GuardResult> =>
    within(wanted, (own) => guardStatement(sql, contextOf(own), hidden));

  /** What is known of a statement that guard and access admit. */
  async function admit(sql: string, access: Access, wanted: AbortSignal): Promise<Analysis> {
    const { verdict, analysis } = await judged(sql, wanted);
    if (analysis !== null && allowed[access].includes(verdict.kind)) return analysis;
    throw new SqlqError('refused', verdict.reason ?? 'The statement is not allowed', {
      ...(analysis === null ? {} : { hint: hintOf(verdict.kind) }),
    });
  }

  return {
    dialect: session.dialect,
    get session() {
      return session.id;
    },
    facts: (wanted) => within(wanted, facts),
    fingerprint: (wanted) => within(wanted, (own) => fingerprint(own, contextOf(own).databases)),
    dataFingerprint: (wanted) => within(wanted, (own) => dataFingerprint(own, contextOf(own).databases)),
    introspect: (filter, wanted) => within(wanted, (own) => introspect(own, filter, contextOf(own), hidden)),
    judge: async (sql, wanted) => (await judged(sql, wanted)).verdict,
    async check(sql, wanted) {
      const analysis = await admit(sql, options.access, wanted);
      return within(wanted, (own) => planStatement(own, sql, analysis));
    },
    async query(sql, { signal: wanted, parameters = [] }) {
      const analysis = await admit(asLiterals(sql, parameters, 'mysql'), 'read', wanted);
      if (parameters.length > 0) {
        const execution = await within(wanted, (own) => prepareBound(own, sql, parameters));
        return queryRows(runner(), interruptibleText(execution, analysis, session.dialect), wanted);
      }
      return queryRows(runner(), interruptibleText(sql, analysis, session.dialect), wanted);
    },
    async queryCsv(sql, { signal: wanted }) {
      const analysis = await admit(sql, 'read', wanted);
      const own = runner();
      const text = interruptibleText(sql, analysis, session.dialect);
      const execution = await start(own, text, csvDecoder, wanted);
      return { columns: execution.columns.map(resultColumn), chunks: stream(own, execution, wanted) };
    },
    async beginWrite(sql, wanted) {
      const analysis = await admit(sql, options.access, wanted);
      if (analysis.kind === 'read') throw new SqlqError('refused', `${analysis.verb} changes nothing`);
      return beginWrite(runner(), sql, analysis, catalog, wanted);
    },
    distinctValues: (columns, cap, wanted) =>
      within(wanted, (own) => distinctValues(own, columns, cap, options.timeoutMilliseconds, hidden)),
    close: async () => session.end(),
  };
}

function hintOf(kind: string): string {
  return kind === 'ddl' ? '--write=ddl allows changes of the schema.' : '--write allows changes of rows.';
}
