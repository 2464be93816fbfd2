import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describeSettings, settingsLines } from '../config/describe.ts';
import { foldersOf, writePrivateFile } from '../config/folders.ts';
import { firstSettings } from '../config/init.ts';
import { type ExitCode, SqlqError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import type { ConfigInitOptions, ConfigOptions } from './options.ts';
import { withSetup } from './setup.ts';

/** `sqlq config`: the settings in effect and where each came from, secrets hidden. */
export function configCommand(options: ConfigOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(options, context, async ({ settings, terminal }) => {
    const described = describeSettings(settings, [...context.secrets]);
    await terminal.print(
      options.json === true
        ? `${JSON.stringify(described, null, 2)}\n`
        : settingsLines(described)
            .map((line) => `${terminal.escape(line)}\n`)
            .join(''),
    );
    return undefined;
  });
}

/** `sqlq config init`: a first settings file, with every line explained. */
export function configInitCommand(options: ConfigInitOptions, context: CommandContext): Promise<ExitCode> {
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
    await writePrivateFile(path, firstSettings);
    terminal.note(`Wrote ${path}. Choose a profile and a database there, then check them with: sqlq doctor`);
    return undefined;
  });
}
