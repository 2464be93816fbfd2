import { describeSettings, settingsLines } from '../../../config/settings/describe.ts';
import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { withSetup } from '../../run/setup.ts';
import type { ConfigOptions } from './options.ts';

/** `sqlq config`: the settings in effect and where each came from, secrets hidden. */
export function run(
  { options }: Invocation<undefined | string, ConfigOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async ({ settings, terminal }) => {
    const described = describeSettings(settings, [...context.secrets]);
    await terminal.print(
      options.json === true
        ? jsonText(described)
        : settingsLines(described)
            .map((line) => `${terminal.escape(line)}\n`)
            .join(''),
    );
    return undefined;
  });
}
