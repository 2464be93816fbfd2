import { SqlqError } from '../../errors.ts';
import { claimRows } from '../../files/claim-rows.ts';
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
  argument: 'FILE [--force]',
  summary: `run the last SQL again into a file; its ending tells the format (${endings.slice(0, 4).join(', ')} …)`,
  async run(session, argument, signal) {
    const { sql } = lastTurn(session);
    if (argument === '') {
      throw new SqlqError('usage', 'There is no file.', { hint: 'Name one: .export FILE.csv' });
    }
    const context = session.workspace.runContext(signal);
    const { format: usual } = context.delivery;
    const [, file = '', force] = /^(.*?)(\s+--force)?$/su.exec(argument) ?? [];
    const format = chooseFormat({
      named: null,
      usual: session.format ?? usual,
      output: file,
      onTerminal: false,
    });
    const claimant = { files: context.files, terminal: session.terminal, prompts: session.prompts(signal) };
    await claimRows(claimant, { output: file, format }, force !== undefined);
    try {
      await runAside(session, sql, { access: 'read', delivery: { format, output: file } }, signal);
    } finally {
      await context.files.wrote(file);
    }
  },
};
