import type { ExitCode } from '../../../errors.ts';
import { flagOf } from '../../../memory/parameters.ts';
import { parseSaved } from '../../../memory/saved.ts';
import { listSaved, readSavedText } from '../../../memory/saved-files.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import { withSetup } from '../../run/setup.ts';
import type { SavedOptions } from './options.ts';

/** `sqlq saved`: the saved questions of the project. */
export function run(
  { options }: Invocation<string | undefined, SavedOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async ({ terminal }) => {
    const found = await listSaved(await savedFolders(context));
    const all = await Promise.all(
      found.map(async ({ name, path }) => ({
        name,
        path,
        ...parseSaved(await readSavedText(path), path),
      })),
    );
    if (options.json === true) {
      await terminal.print(jsonText(all));
    } else {
      const width = Math.max(0, ...all.map(({ name }) => name.length));
      const lines = all.map(({ name, question, parameters }) => {
        const flags = parameters.map((parameter) => `--${flagOf(parameter.name)}`).join(' ');
        const words = question.replace(/\s+/gu, ' ');
        return `${terminal.escape(`${name.padEnd(width)}  ${words}${flags === '' ? '' : `  ${flags}`}`)}\n`;
      });
      await terminal.print(lines.join(''));
    }
    if (all.length === 0) {
      terminal.note('Nothing is saved here yet: sqlq save NAME keeps the last answer.');
    }
    return undefined;
  });
}
