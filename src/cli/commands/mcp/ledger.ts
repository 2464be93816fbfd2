import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, SqlqError } from '../../../errors.ts';
import { claimFile } from '../../../files/claim-rows.ts';
import type { Ledger } from '../../../mcp/workspace.ts';
import type { CommandContext } from '../../context.ts';
import { startsLikeLog } from '../../run/event-log.ts';
import type { Setup } from '../../run/setup.ts';

/**
 * Keeps what a caller was told: with `--ledger` all of it, in a file that its user alone may read; with `--log-json` how many
 * rows, how long it took and how it ended.
 */
export async function openLedger(
  setup: Setup,
  context: CommandContext,
  file: string | undefined,
): Promise<Ledger> {
  await claimFile({ ...setup, files: context.files }, file ?? null, {
    what: 'a ledger',
    continues: startsLikeLog,
    force: false,
  });
  const path = file === undefined ? null : resolve(context.workingDirectory, file);
  const append = (entry: unknown): void => {
    if (path === null) {
      return;
    }
    try {
      appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch (error) {
      throw new SqlqError('usage', `The ledger ${path} can't be written: ${messageOf(error)}.`, {
        hint: 'Check that its folder exists and is yours to write to.',
        cause: error,
      });
    }
  };
  append({ time: context.now().toISOString(), event: 'start', version: setup.report.data.version });
  return {
    told(entry) {
      const { tool, database, exitCode, milliseconds, rows } = entry;
      append({ time: context.now().toISOString(), event: 'told', ...entry });
      setup.log.write('tool', { tool, database, exitCode, milliseconds, rows });
    },
  };
}
