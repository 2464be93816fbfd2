import { formatSql } from '../../ask/show/format-sql.ts';
import { SqlqError } from '../../errors.ts';
import type { Command } from '../command.ts';
import { lastTurn } from '../session.ts';

export const back: Command = {
  name: 'back',
  argument: '',
  summary: 'go back to the answer before the last one',
  async run(session) {
    lastTurn(session);
    session.turns.pop();
    const { terminal } = session;
    const turn = session.turns.at(-1);
    if (turn === undefined) {
      terminal.note('Back at the beginning: the next question stands for itself.');
      return;
    }
    if (turn.question !== null) {
      terminal.note(terminal.style('bold', terminal.escape(turn.question)));
    }
    terminal.note(terminal.escape(await formatSql(turn.sql, session.workspace.database.engine)));
  },
};

export const fresh: Command = {
  name: 'new',
  argument: '',
  summary: 'forget the answers so far: the next question stands for itself',
  async run(session) {
    session.turns = [];
    session.terminal.note('The next question stands for itself.');
  },
};

export const exit: Command = {
  name: 'exit',
  argument: '',
  summary: 'leave, as Ctrl-D does',
  async run(session, argument) {
    if (argument !== '') {
      throw new SqlqError('usage', '.exit takes no argument.');
    }
    session.ended = true;
  },
};
