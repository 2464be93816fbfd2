import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf, writePrivateFile } from '../../../../config/folders.ts';
import { firstSettings } from '../../../../config/init.ts';
import { type ExitCode, messageOf, SqlqError } from '../../../../errors.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { withSetup } from '../../../run/setup.ts';
import type { InitOptions } from './options.ts';

/** `sqlq config init`: a first settings file, with every line explained. */
export function run(
  { options }: Invocation<string | undefined, InitOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async ({ terminal }) => {
    const folder =
      options.user === true
        ? foldersOf(context.environment, context.homeFolder).config
        : context.workingDirectory;
    const path = join(folder, '.sqlqrc');
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists && options.force !== true) {
      throw new SqlqError('usage', `${path} is there already.`, {
        hint: 'Edit it, or replace it with --force.',
      });
    }
    await writePrivateFile(path, firstSettings).catch((error: unknown) => {
      throw new SqlqError('usage', `${path} can't be written: ${messageOf(error)}.`, {
        hint: 'Go to a folder that is yours to write to, or write it for yourself: sqlq config init --user',
        cause: error,
      });
    });
    terminal.note(
      terminal.escape(
        `Wrote ${path}. Choose a profile and a database there, then check them with: sqlq doctor`,
      ),
    );
    return undefined;
  });
}
