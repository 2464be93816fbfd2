import { type ExitCode, SqlqError } from '../../../errors.ts';
import { escapeLine } from '../../../render/escape.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { chooseProfile, serverOf } from '../../run/model.ts';
import { withSetup } from '../../run/setup.ts';
import type { ModelsOptions } from './options.ts';

/** `sqlq models`: what a profile's server has. */
export function run(
  { options }: Invocation<string | undefined, ModelsOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    // A server can be asked for its models before anybody has chosen one.
    const { values, sources } = setup.settings;
    const settings =
      values.model === null
        ? { ...setup.settings, values: { ...values, model: '?' }, sources: { ...sources, model: '--model' } }
        : setup.settings;
    const selected = await chooseProfile({ ...setup, settings }, context);
    if (selected.kind === 'offline') {
      throw new SqlqError('usage', 'The offline engine has no models.', {
        hint: `It was chosen because ${selected.why}. Name another with --profile or --base-url.`,
      });
    }
    const provider = await selected.provider.load();
    terminal.progress.step(`Asking ${selected.name} for its models`);
    const models = await provider.listModels(serverOf(selected, setup.cache), context.signal);
    terminal.progress.stop();
    if (options.json === true) {
      await terminal.print(jsonText(models));
    } else {
      await terminal.print(models.map(({ name }) => `${escapeLine(name)}\n`).join(''));
    }
    return undefined;
  });
}
