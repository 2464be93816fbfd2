import { SqlqError } from '../../errors.ts';
import type { Adapter, Database, OpenOptions, Verdict } from '../database.ts';
import { asLiterals, asPositions } from '../parameters.ts';
import type { ServerTarget, Target } from '../target.ts';
import { asCopy } from './csv.ts';
import { distinctValues } from './distinct-values.ts';
import { facts } from './facts.ts';
import { dataFingerprint, fingerprint } from './fingerprint.ts';
import { type Judgement, judge, prepareGuard } from './guard/guard.ts';
import { type HiddenPatterns, hiddenPatterns } from './guard/hidden/patterns.ts';
import { asTree, loadParser, textOf } from './guard/parser.ts';
import { introspect } from './introspect.ts';
import { check } from './plan.ts';
import { query, queryCsv } from './query.ts';
import { cancelBackend, openSession } from './session.ts';
import { beginWrite } from './write.ts';

/** PostgreSQL, by `pg` and its own parser. */
export const postgres: Adapter = {
  async open(target, options, signal) {
    const server = serverOf(target);
    // The parser compiles while the server answers.
    const [session, parse] = await Promise.all([openSession(server, options, signal), loadParser()]);
    const { client } = session;
    const hidden = hiddenPatterns(options.hide);
    const dialect = { engine: 'postgres', product: 'PostgreSQL', version: session.version } as const;
    const database = server.database ?? server.user;
    const cancel = () => cancelBackend(server, session.backend);
    const prepared = prepareGuard(session).catch(() => {});
    let endWrite: (() => Promise<void>) | null = null;

    const admit = async (sql: string, kinds: readonly Verdict['kind'][]): Promise<Judgement> => {
      const judgement = await judge(session, parse(sql), hidden);
      if (judgement.statement !== null && kinds.includes(judgement.verdict.kind)) return judgement;
      throw refused(judgement.verdict);
    };
    const allowed = allowedKinds(options);
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
        throw withoutHidden(error, hidden);
      } finally {
        abort.removeEventListener('abort', stop);
        // A cancellation that comes late would end the next statement instead.
        await stopping;
      }
    };

    const opened: Database = {
      dialect,
      session: session.backend,
      facts: (abort) => stoppable(abort, () => facts(session, dialect, database)),
      fingerprint: (abort) => stoppable(abort, () => fingerprint(client)),
      dataFingerprint: (abort) => stoppable(abort, () => dataFingerprint(client)),
      introspect: (filter, abort) =>
        stoppable(abort, () => introspect(client, dialect, database, filter, hidden)),
      judge: (sql, abort) => stoppable(abort, async () => (await judge(session, parse(sql), hidden)).verdict),
      check: (sql, abort) =>
        stoppable(abort, async () => {
          const { statement } = await admit(sql, allowed);
          if (statement === null) throw new Error('an admitted statement is understood');
          return check(session, statement, sql);
        }),
      query: (sql, { signal: abort, parameters = [] }) =>
        stoppable(abort, async () => {
          await admit(asLiterals(sql, parameters, 'postgres'), ['read']);
          const { text, values } = asPositions(sql, parameters, 'postgres');
          return query(session, text, abort, cancel, values);
        }),
      queryCsv: (sql, { signal: abort }) =>
        stoppable(abort, async () => {
          const { statement } = await admit(sql, ['read']);
          if (statement?.tag !== 'SelectStmt') return null;
          return queryCsv(session, statement.text, (selection) => asCopy(selection, parse), abort, cancel);
        }),
      beginWrite: (sql, abort) =>
        stoppable(abort, async () => {
          const { statement } = await admit(
            sql,
            allowed.filter((kind) => kind !== 'read'),
          );
          const target = asTree(statement?.body['relation'])?.['relname'];
          const pending = await beginWrite(session, sql, textOf(target));
          endWrite = pending.rollback;
          return pending;
        }),
      distinctValues: (columns, cap, abort) =>
        stoppable(abort, () =>
          distinctValues(session, columns, cap, async (sql) => {
            const { verdict } = await judge(session, parse(sql), hidden);
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
  cancelSession: (target, session) => cancelBackend(serverOf(target), session),
};

function serverOf(target: Target): ServerTarget {
  if (target.engine !== 'postgres') throw new Error(`not a PostgreSQL target: ${target.engine}`);
  return target;
}

function allowedKinds({ access }: OpenOptions): readonly Verdict['kind'][] {
  if (access === 'read') return ['read'];
  return access === 'write' ? ['read', 'write'] : ['read', 'write', 'ddl'];
}

/** The server likes to suggest a column that exists: not where that one is hidden. */
function withoutHidden(error: unknown, hidden: HiddenPatterns): unknown {
  if (!(error instanceof SqlqError) || error.hint === null) return error;
  return hidden.mentionedIn(error.hint)
    ? new SqlqError(error.code, error.message, { cause: error.cause })
    : error;
}

function refused(verdict: Verdict): SqlqError {
  const hint = {
    read: 'It only reads: run it without --write.',
    write: '--write allows statements that change rows.',
    ddl: '--write=ddl allows statements that change tables.',
    forbidden: 'Statements like this are forbidden in every mode.',
  }[verdict.kind];
  return new SqlqError('refused', verdict.reason ?? 'It only reads.', { hint });
}
