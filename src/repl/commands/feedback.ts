import type { Command } from '../command.ts';
import { lastTurn } from '../session.ts';

export const good: Command = {
  name: 'good',
  argument: '',
  summary: 'call the last answer right: it helps with questions like it from now on',
  async run(session) {
    const { terminal, workspace } = session;
    terminal.note(terminal.escape(await workspace.giveFeedback(lastTurn(session), 'good', null)));
  },
};

export const bad: Command = {
  name: 'bad',
  argument: '[SQL]',
  summary: 'call the last answer wrong, perhaps with the SQL that is right',
  async run(session, argument) {
    const correction = argument === '' ? null : argument;
    const { terminal, workspace } = session;
    terminal.note(terminal.escape(await workspace.giveFeedback(lastTurn(session), 'bad', correction)));
  },
};
