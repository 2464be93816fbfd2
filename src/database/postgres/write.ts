import type { Client } from 'pg';
import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { PendingWrite } from '../database.ts';
import { statementError } from './errors.ts';
import type { Session } from './session.ts';
import { end, rollback } from './transaction/begin.ts';
import { beginReadWrite } from './transaction/transaction.ts';
import { rowCollector } from './values.ts';
import { describe, execute } from './wire/execution.ts';
import { codeOf, lastingOf, notesOnCode } from './write-code.ts';

/**
 * Rows that the session has changed since its counters were last written out, by table; the server counts triggers
 * and cascades too. Runs with the role's search path, as the change and its triggers do: every name is qualified.
 */
const changesQuery = `
SELECT relid::pg_catalog.int8 AS id,
       CASE WHEN pg_catalog.pg_table_is_visible(relid) THEN relname::pg_catalog.text
            ELSE pg_catalog.concat(schemaname, '.', relname) END AS "table",
       (n_tup_ins OPERATOR(pg_catalog.+) n_tup_upd OPERATOR(pg_catalog.+) n_tup_del)::pg_catalog.int4 AS rows
  FROM pg_catalog.pg_stat_xact_all_tables
 WHERE n_tup_ins OPERATOR(pg_catalog.+) n_tup_upd OPERATOR(pg_catalog.+) n_tup_del OPERATOR(pg_catalog.>) 0
   AND schemaname OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'
 ORDER BY 2`;

/**
 * Runs one admitted statement in a transaction and holds it open for the user's word. `target` is the table that it
 * names, for a server that counts nothing (`track_counts`).
 */
export async function beginWrite(
  session: Session,
  { text: sql, values }: AdmittedStatement,
  target: string | null,
): Promise<PendingWrite> {
  const { client } = session;
  const cascades: string[] = [];
  const hear = (notice: Notice): void => void cascades.push(...cascadesIn(notice));
  await beginReadWrite(session);
  try {
    await describe(client, sql);
    // A role may have been set to hear less.
    await client.query("SELECT pg_catalog.set_config('client_min_messages', 'notice', true)");
    client.on('notice', hear);
    const before = await countChanges(client);
    const bound = values.map(({ value }) => value);
    const execution = execute(client, session.tap, sql, rowCollector([]), bound);
    while ((await execution.next()) !== null) {}
    client.off('notice', hear);
    // Constraints and triggers that wait for COMMIT would fail, or change more, after the user's yes.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    const changed = [...(await countChanges(client))]
      .map(([id, { table, rows }]) => ({ id, table, rows: rows - (before.get(id)?.rows ?? 0) }))
      .filter(({ rows }) => rows > 0);
    const besides = await codeOf(
      client,
      changed.map(({ id }) => id),
    );
    const counted = changed.map(({ table, rows }) => ({ table, rows }));
    const told = Number(/^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/.exec(execution.tag ?? '')?.[1] ?? 0);
    const changes = counted.length > 0 || told === 0 ? counted : [{ table: target ?? 'a table', rows: told }];
    const finish = async (command: 'COMMIT' | 'ROLLBACK') => {
      try {
        // What has failed in between is rolled back, whatever was asked for.
        if ((await end(session, command)) !== command) {
          throw new SqlqError('failed', 'The server has rolled the change back.');
        }
      } catch (error) {
        throw statementError(error, sql, session.limits);
      }
    };
    return {
      changes,
      committed: false,
      notes: [...notesOn(cascades), ...notesOnCode(besides)],
      commit: () => finish('COMMIT'),
      rollback: async () => {
        await finish('ROLLBACK');
        return lastingOf(besides, sql);
      },
    };
  } catch (error) {
    client.off('notice', hear);
    await rollback(session);
    throw statementError(error, sql, session.limits);
  }
}

/** What the server says beside a result. */
interface Notice {
  readonly routine: string | undefined;
  readonly message: string | undefined;
  readonly detail: string | undefined;
}

/** What a DROP or TRUNCATE with CASCADE takes along, by the routines of the server that tell it, in any language. */
function cascadesIn({ routine, message, detail }: Notice): readonly string[] {
  return /^(?:reportDependentObjects|ExecuteTruncate(?:Guts)?)$/.test(routine ?? '')
    ? (detail ?? message ?? '').split('\n')
    : [];
}

/** The server names a hundred objects at most and counts the rest. */
function notesOn(cascades: readonly string[]): readonly string[] {
  return cascades.length === 0 ? [] : [`CASCADE takes more along: ${cascades.join('; ')}.`];
}

async function countChanges(
  client: Client,
): Promise<ReadonlyMap<string, { readonly table: string; readonly rows: number }>> {
  const { rows } = await client.query<{ id: string; table: string; rows: number }>(changesQuery);
  return new Map(rows.map(({ id, table, rows: count }) => [id, { table, rows: count }]));
}
