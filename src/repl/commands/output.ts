import { SqlqError } from '../../errors.ts';
import { chooseFormat, formatNamed } from '../../render/choose-format.ts';
import { endings, formats } from '../../render/format.ts';
import type { Command } from '../command.ts';
import { lastTurn, runAside } from '../session.ts';

export const format: Command = {
  name: 'format',
  argument: '[NAME]',
  summary: `choose how rows are written: ${formats.join(', ')}`,
  completes: 'formats',
  async run(session, argument, signal) {
    const { terminal, workspace } = session;
    if (argument === '') {
      const now = session.format ?? workspace.runContext(signal).delivery.format;
      await terminal.print(`${now} (of ${formats.join(', ')})\n`);
      return;
    }
    session.format = formatNamed(argument);
  },
};

export const exportRows: Command = {
  name: 'export',
  argument: 'FILE',
  summary: `run the last SQL again into a file; its ending tells the format (${endings.slice(0, 4).join(', ')} …)`,
  async run(session, argument, signal) {
    const { sql } = lastTurn(session);
    if (argument === '')
      throw new SqlqError('usage', 'There is no file.', { hint: 'Name one: .export FILE.csv' });
    const { format: usual } = session.workspace.runContext(signal).delivery;
    const format = chooseFormat({
      named: null,
      usual: session.format ?? usual,
      output: argument,
      onTerminal: false,
    });
    await runAside(session, sql, { access: 'read', delivery: { format, output: argument } }, signal);
  },
};
