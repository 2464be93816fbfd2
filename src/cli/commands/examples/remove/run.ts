import type { ExitCode } from '../../../../errors.ts';
import { removeExample } from '../../../../memory/examples.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import type { CommonOptions } from '../../../options/shared.ts';
import { memoryOf } from '../../../run/memory.ts';
import { numberOf } from '../../../run/number.ts';
import { withSetup } from '../../../run/setup.ts';

/** `sqlq examples remove`. */
export function run(
  { argument: id, options }: Invocation<string, CommonOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    removeExample(await memoryOf(setup), numberOf(id, 'The number of an example'));
    setup.terminal.note('Removed.');
    return undefined;
  });
}
