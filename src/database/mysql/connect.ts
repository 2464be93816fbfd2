import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Adapter, Database, OpenOptions } from '../database.ts';
import { allowedKinds, guardAlone } from '../refusals.ts';
import { isFile, type ServerTarget, type Target } from '../target.ts';
import { csvDecoder } from './csv.ts';
import { distinctValues } from './distinct-values.ts';
import { guardOf } from './guard/admit.ts';
import { openCatalog } from './guard/catalog.ts';
import type { GuardContext } from './guard/context.ts';
import { guardStatement } from './guard/guard.ts';
import { hiddenColumns } from './guard/hidden-columns.ts';
import { interruptibleText } from './guard/interruptible-text.ts';
import { databasesNamed, introspect } from './introspect.ts';
import { planStatement } from './plan.ts';
import { beginSnapshot, interruptible, queryRows, type Runner, start, stream } from './query.ts';
import { facts } from './server/facts.ts';
import { dataFingerprint, fingerprint } from './server/fingerprint.ts';
import { lengthen, shorten } from './server/time-limit.ts';
import { openSession, type Session } from './session.ts';
import { resultColumn } from './values.ts';
import { prepareBound } from './wire/bind.ts';
import { killSession, leftRunning } from './wire/cancel.ts';
import type { Rows } from './wire/connection.ts';
import { beginWrite } from './write.ts';

/** MySQL and MariaDB. */
export const mysql: Adapter = {
  open: (target, options, signal) => openDatabase(serverOf(target), options, signal),
  cancelSession: (target, session) => killSession(serverOf(target), session),
  leftRunning: (target, session) => leftRunning(serverOf(target), session),
};

function serverOf(target: Target): ServerTarget {
  if (isFile(target)) {
    throw new SqlqError('usage', `${target.engine} is not MySQL or MariaDB`);
  }
  return target;
}

/** Opens one database; a connection that was given up in the middle of a result is made anew at the next call. */
async function openDatabase(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Database> {
  let session = await openSession(target, options, signal);
  const rows: Rows = (sql) => session.rows(sql);
  const others = await databasesNamed(options.schemas ?? [], rows);
  const catalog = openCatalog(rows);
  const hidden = hiddenColumns(options.hide, rows);

  const runner = (): Runner => {
    const own = session;
    return {
      session: own,
      async abandon() {
        try {
          if (!own.isClosed()) {
            await killSession(target, own.id);
          }
        } finally {
          own.close();
        }
      },
    };
  };

  /** Does something on a living connection, until the signal says otherwise. */
  async function within<T>(wanted: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    wanted.throwIfAborted();
    if (session.isClosed()) {
      session = await reopened(session, wanted);
    }
    return interruptible(runner(), wanted, () => work(session));
  }

  /** A new session in place of one that has ended; what was judged must mean the same there. */
  async function reopened(before: Session, wanted: AbortSignal): Promise<Session> {
    const next = await openSession(target, options, wanted);
    if (next.inForce.modes === before.inForce.modes) {
      return next;
    }
    next.close();
    throw new SqlqError('failed', "The server's sql_mode changed while this session was open", {
      hint: 'Start sqlq again.',
    });
  }

  const contextOf = ({ dialect, inForce, database, caseSensitive }: Session): GuardContext => ({
    dialect,
    mode: inForce.mode,
    database,
    databases: [database, ...others],
    caseSensitive,
    catalog,
    rows,
  });

  const guard = guardOf(allowedKinds[options.access], hidden);

  /** The text that runs a statement on a living connection: its own, or that which executes it with its values. */
  const executableText = async (statement: AdmittedStatement, wanted: AbortSignal): Promise<string> => {
    const text = await within(wanted, async (own) =>
      statement.values.length === 0 ? statement.text : prepareBound(own, statement),
    );
    return interruptibleText(text, guard.analysisOf(statement), session.dialect);
  };

  return {
    dialect: session.dialect,
    get session() {
      return session.id;
    },
    warnings: session.inForce.unheld === null ? [] : [guardAlone(session.inForce.unheld)],
    facts: (wanted) => within(wanted, facts),
    fingerprint: (wanted) => within(wanted, (own) => fingerprint(own, contextOf(own).databases)),
    dataFingerprint: (wanted) => within(wanted, (own) => dataFingerprint(own, contextOf(own).databases)),
    introspect: (filter, wanted) => within(wanted, (own) => introspect(own, filter, contextOf(own), hidden)),
    unusedHidePatterns: (wanted) => within(wanted, (own) => hidden.unused(contextOf(own).databases)),
    admit: (sql, parameters, wanted) => within(wanted, (own) => guard.admit(sql, parameters, contextOf(own))),
    plan: (statement, wanted, isUnseen = false) =>
      within(wanted, (own) =>
        planStatement(own, statement, { analysis: guard.analysisOf(statement), catalog, isUnseen }),
      ),
    async query(statement, options) {
      const text = await executableText(statement, options.signal);
      return queryRows(runner(), text, options);
    },
    openSnapshot: (milliseconds, wanted) =>
      within(wanted, async (own) => {
        const isShort = await shorten(own, milliseconds);
        await own.rows(beginSnapshot);
        const shared: Runner = { ...runner(), isShared: true, settle: async () => {} };
        // A connection that was given up takes the snapshot along.
        const inside = async <T>(until: AbortSignal, work: () => Promise<T>): Promise<T> => {
          if (own.isClosed()) {
            throw new SqlqError('failed', 'The connection is closed.');
          }
          return interruptible(shared, until, work);
        };
        return {
          admit: (sql, parameters, until) =>
            inside(until, () => guard.admit(sql, parameters, contextOf(own))),
          query: async (statement, { signal: until }) => {
            const text = await inside(until, () => executableText(statement, until));
            return queryRows(shared, text, { signal: until });
          },
          isOver: () => own.isClosed(),
          async end() {
            await own.rows('ROLLBACK');
            await (isShort ? lengthen(own) : null);
          },
        };
      }),
    async queryCsv(statement, { signal: wanted }) {
      const text = await executableText(statement, wanted);
      const own = runner();
      const execution = await start(own, text, csvDecoder, wanted);
      const { batches, warnings } = stream(own, execution, (chunk) => chunk.rows, wanted);
      return { columns: execution.columns.map(resultColumn), chunks: batches, warnings };
    },
    beginWrite: (statement, wanted) =>
      within(wanted, () => beginWrite(runner(), statement, guard.analysisOf(statement), catalog, wanted)),
    distinctValues: (columns, cap, wanted) =>
      within(wanted, (own) =>
        distinctValues(own, columns, cap, async (sql) => {
          const { verdict } = await guardStatement(sql, 0, contextOf(own), hidden);
          return verdict.kind === 'read';
        }),
      ),
    close: async () => session.end(),
  };
}
