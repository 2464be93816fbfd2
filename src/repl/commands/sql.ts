import { formatSql, highlightSql } from '../../ask/show/format-sql.ts';
import type { Command } from '../command.ts';
import { lastTurn, runByHand } from '../session.ts';

export const sql: Command = {
  name: 'sql',
  argument: '[edit | run | SQL]',
  summary: 'show the last SQL, edit and run it, run it again, or run another',
  async run(session, argument, signal) {
    const { terminal, workspace } = session;
    if (argument !== '' && argument !== 'edit' && argument !== 'run') {
      return runByHand(session, argument, null, signal);
    }
    const turn = lastTurn(session);
    const text = await formatSql(turn.sql, workspace.database.engine);
    if (argument === 'run') {
      return runByHand(session, turn.sql, turn.question, signal);
    }
    if (argument === 'edit') {
      const edited = await session.edit(text);
      if (edited === '' || edited === text) {
        terminal.note('Nothing was changed.');
        return;
      }
      return runByHand(session, edited, turn.question, signal);
    }
    const shown = terminal.escape(text);
    await terminal.print(`${terminal.color.stdout ? highlightSql(shown) : shown}\n`);
  },
};
