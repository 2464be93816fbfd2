import { basename } from 'node:path';
import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { exported } from '../../../../serve/audit/export.ts';
import { filesOf } from '../../../../serve/audit/files.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { withSetup } from '../../../run/setup.ts';
import type { ExportOptions } from '../options.ts';
import { logPlace } from '../place.ts';

/** `sqlq audit export`: the records of a log. */
export function run(
  { argument, options }: Invocation<string | undefined, ExportOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { format = 'ndjson', ...others } = options;
  return withSetup(others, context, async ({ terminal }) => {
    const { path, isFolder } = await logPlace(argument, context);
    const files = isFolder ? await filesOf(path).catch(() => []) : [path];
    if (files.length === 0) {
      throw new SqlqError('usage', `There is no audit log in ${path}.`, {
        hint: 'It is written by sqlq serve. Name another file as the argument.',
      });
    }
    const pieces = exported(files, format, terminal.width, (file, line) => {
      const text = `${basename(file)}, line ${line}, is no record and is left out: sqlq audit verify says more.`;
      terminal.warn(terminal.style('yellow', terminal.escape(text)));
    });
    for await (const piece of pieces) {
      context.signal.throwIfAborted();
      await terminal.print(piece);
    }
    return undefined;
  });
}
