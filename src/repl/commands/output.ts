import { extname } from 'node:path';
import { SqlqError } from '../../errors.ts';
import { type Format, formats } from '../../render/format.ts';
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

function formatNamed(name: string): Format {
  const found = formats.find((format) => format === name.toLowerCase());
  if (found !== undefined) return found;
  throw new SqlqError('usage', `There is no format "${name}".`, { hint: `Use ${formats.join(', ')}.` });
}

const extensions: Readonly<Record<string, string>> = {
  '.md': 'markdown',
  '.jsonl': 'ndjson',
  '.txt': 'table',
  '.htm': 'html',
};

export const exportRows: Command = {
  name: 'export',
  argument: 'FILE',
  summary: 'run the last SQL again into a file; its ending tells the format (.csv, .json, .md …)',
  async run(session, argument, signal) {
    const { sql } = lastTurn(session);
    if (argument === '')
      throw new SqlqError('usage', 'There is no file.', { hint: 'Name one: .export FILE.csv' });
    const ending = extname(argument).toLowerCase();
    const byEnding = formats.find((name) => name === (extensions[ending] ?? ending.slice(1)));
    const { format: usual } = session.workspace.runContext(signal).delivery;
    const chosen = byEnding ?? session.format ?? (usual === 'table' ? 'csv' : usual);
    await runAside(session, sql, { access: 'read', delivery: { format: chosen, output: argument } }, signal);
  },
};
