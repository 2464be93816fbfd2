import { SqlqError } from '../../errors.ts';
import type { Command } from '../command.ts';
import { lastTurn } from '../session.ts';

export const save: Command = {
  name: 'save',
  argument: 'NAME [--force]',
  summary: 'keep the last answer as .sqlq/NAME.sql, its values as parameters of sqlq run NAME',
  async run(session, argument, signal) {
    const [name = '', force, ...others] = argument.split(/\s+/u);
    if (name === '' || others.length > 0 || (force !== undefined && force !== '--force')) {
      throw new SqlqError('usage', 'A saved question needs one name.', { hint: 'Such as: .save revenue' });
    }
    session.terminal.note(
      session.terminal.escape(
        await session.workspace.save(lastTurn(session), name, force !== undefined, signal),
      ),
    );
  },
};
