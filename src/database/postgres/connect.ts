import { DatabaseError } from 'pg';
import { SqlqError } from '../../errors.ts';
import type { Adapter, Database } from '../database.ts';
import { type HidePatterns, hidePatterns } from '../pattern.ts';
import { allowedKinds, guardAlone } from '../refusals.ts';
import { isFile, type ServerTarget, type Target } from '../target.ts';
import { asCopy } from './csv.ts';
import { distinctValues } from './distinct-values.ts';
import { statementError } from './errors.ts';
import { facts } from './facts.ts';
import { dataFingerprint, fingerprint } from './fingerprint.ts';
import { guardOf } from './guard/admit.ts';
import { prepareGuard } from './guard/guard.ts';
import { lettersOf } from './guard/letters.ts';
import { asTree, loadParser, textOf } from './guard/parser.ts';
import { columnNames, introspect } from './introspect.ts';
import { plan } from './plan.ts';
import { query, queryCsv } from './query.ts';
import { cancelSession, leftRunning, openSession } from './session.ts';
import { letGo } from './transaction/begin.ts';
import { withStatementTimeout } from './transaction/settings.ts';
import { shareTransaction } from './transaction/transaction.ts';
import { beginWrite } from './write.ts';

/** PostgreSQL, by `pg` and its own parser. */
export const postgres: Adapter = {
  async open(target, options, signal) {
    const server = serverOf(target);
    // The parser compiles while the server answers, and so not before the server has been asked.
    const greeted = Promise.withResolvers<void>();
    const opening = openSession(server, options, signal, greeted.resolve).finally(greeted.resolve);
    const [session, parser] = await Promise.all([opening, greeted.promise.then(loadParser)]);
    const { client } = session;
    const hidden = hidePatterns(options.hide);
    const dialect = { engine: 'postgres', product: session.product, version: session.version } as const;
    const database = server.database ?? server.user;
    const cancel = () => cancelSession(server, session.token);
    const setup = {
      session,
      hidden,
      parser,
      letters: lettersOf(client, parser),
      trustedFunctions: options.trustedFunctions ?? [],
    };
    const prepared = prepareGuard(setup).catch(() => {});
    let endWrite: (() => Promise<unknown>) | null = null;

    const guard = guardOf(setup, allowedKinds[options.access]);
    /** Runs `work` so that an abort ends it at the server too. */
    const stoppable = async <T>(abort: AbortSignal, work: () => Promise<T>): Promise<T> => {
      await prepared;
      abort.throwIfAborted();
      let stopping: Promise<void> | null = null;
      const stop = () => {
        stopping = cancel().catch(() => {});
      };
      abort.addEventListener('abort', stop, { once: true });
      try {
        return await work();
      } catch (error) {
        abort.throwIfAborted();
        const fault = session.fault();
        const isServers = fault !== null || error instanceof DatabaseError;
        throw withoutHidden(isServers ? statementError(fault ?? error, '', session.limits) : error, hidden);
      } finally {
        abort.removeEventListener('abort', stop);
        // A cancellation that comes late would end the next statement instead.
        await stopping;
      }
    };

    const opened: Database = {
      dialect,
      session: session.token,
      warnings: session.unheld === null ? [] : [guardAlone(session.unheld)],
      facts: (abort) => stoppable(abort, () => facts(session, dialect, database)),
      fingerprint: (abort) => stoppable(abort, () => fingerprint(session)),
      dataFingerprint: (abort) => stoppable(abort, () => dataFingerprint(session)),
      introspect: (filter, abort) =>
        stoppable(abort, () => introspect(session, dialect, database, filter, hidden)),
      unusedHidePatterns: (abort) =>
        stoppable(abort, async () => (hidden.isActive ? hidden.unused(await columnNames(session)) : [])),
      admit: (sql, parameters, abort) => stoppable(abort, () => guard.admit(sql, parameters)),
      settle: () => letGo(session),
      plan: (admitted, abort) => stoppable(abort, () => plan(session, guard.treeOf(admitted), admitted)),
      query: (admitted, options) =>
        stoppable(options.signal, () => query(session, admitted, options, cancel)),
      openSnapshot: (milliseconds, abort) =>
        stoppable(abort, async () => {
          const settings = withStatementTimeout(session.settings, milliseconds);
          const { shared, end } = await shareTransaction(session, settings);
          const own = guardOf({ ...setup, session: shared }, allowedKinds[options.access]);
          return {
            admit: (sql, parameters, until) => stoppable(until, () => own.admit(sql, parameters)),
            query: (admitted, { signal: until }) =>
              stoppable(until, () => query(shared, admitted, { signal: until }, cancel)),
            end,
          };
        }),
      queryCsv: (admitted, { signal: abort }) =>
        stoppable(abort, async () => {
          const statement = guard.treeOf(admitted);
          if (statement.tag !== 'SelectStmt' || admitted.values.length > 0) {
            return null;
          }
          const copyable = (selection: string): string => asCopy(selection, parser.parse);
          return queryCsv(session, statement.text, copyable, abort, cancel);
        }),
      beginWrite: (admitted, abort) =>
        stoppable(abort, async () => {
          const target = asTree(guard.treeOf(admitted).body['relation'])?.['relname'];
          const pending = await beginWrite(session, admitted, textOf(target));
          endWrite = pending.rollback;
          return pending;
        }),
      distinctValues: (columns, cap, abort) =>
        stoppable(abort, () =>
          distinctValues(session, columns, cap, async (sql) => {
            const { verdict } = await guard.admit(sql, []);
            return verdict.kind === 'read';
          }),
        ),
      async close() {
        await endWrite?.().catch(() => {});
        await client.end().catch(() => {});
      },
    };
    return opened;
  },
  cancelSession: (target, session) => cancelSession(serverOf(target), session),
  leftRunning: (target, session) => leftRunning(serverOf(target), session),
};

function serverOf(target: Target): ServerTarget {
  if (isFile(target)) {
    throw new Error(`not a PostgreSQL target: ${target.engine}`);
  }
  return target;
}

/** The server likes to suggest a column that exists: not where that one is hidden. */
function withoutHidden(error: unknown, hidden: HidePatterns): unknown {
  if (!(error instanceof SqlqError) || error.hint === null) {
    return error;
  }
  return hidden.mentionedIn(error.hint)
    ? new SqlqError(error.code, error.message, { cause: error.cause })
    : error;
}
