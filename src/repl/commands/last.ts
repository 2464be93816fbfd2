import { SqlqError } from '../../errors.ts';
import type { Command } from '../command.ts';
import { lastTurn, runAside, type Session } from '../session.ts';

export const last: Command = {
  name: 'last',
  argument: '[SQL]',
  summary: 'the last rows again, by SQL over the table "last", without the database',
  async run(session, argument, signal) {
    await runAside(
      session,
      overLast(argument),
      { database: rowsOf(session), access: 'read', ...unlimited },
      signal,
    );
  },
};

export const chart: Command = {
  name: 'chart',
  argument: '[SQL]',
  summary: 'draw the last rows, or what SQL over the table "last" makes of them',
  async run(session, argument, signal) {
    const overRows = { database: rowsOf(session), access: 'read', ...unlimited } as const;
    await runAside(session, overLast(argument), { ...overRows, delivery: { format: 'chart' } }, signal);
  },
};

/** Limits of the database say nothing of rows in memory. */
const unlimited = { maxRowsScanned: null, maxCost: null, doubts: null } as const;

/** A whole statement as it is; a clause alone as that of a query over all of the rows. */
export function overLast(text: string): string {
  const sql = text.replace(/;\s*$/u, '').trim();
  if (sql === '') {
    return 'SELECT * FROM last';
  }
  const grouped = /^group\s+by\s+(?<columns>[\s\S]+?)(?=\s+(?:having|order|limit)\b|$)/iu.exec(sql);
  if (grouped !== null) {
    return `SELECT ${grouped.groups?.['columns'] ?? ''}, count(*) AS rows FROM last ${sql}`;
  }
  return /^(?:where|order|limit)\b/iu.test(sql) ? `SELECT * FROM last ${sql}` : sql;
}

/** The database of the last rows, opened at the first use and anew for each answer. */
function rowsOf(session: Session): NonNullable<Session['rows']>['client'] {
  const turn = session.turns.findLast(({ rows }) => rows !== null) ?? lastTurn(session);
  if (turn.rows === null) {
    throw new SqlqError('usage', 'The last statement returned no rows to look at again.');
  }
  if (session.rows?.turn === turn) {
    return session.rows.client;
  }
  const { terminal } = session;
  if (turn.kept.length < turn.rows) {
    terminal.warn(
      terminal.style(
        'yellow',
        `Only the first ${turn.kept.length.toLocaleString('en')} of ${turn.rows.toLocaleString('en')} rows are at hand.`,
      ),
    );
  }
  void session.rows?.client.close();
  session.rows = { turn, client: session.workspace.openRows(turn.columns, turn.kept) };
  return session.rows.client;
}
