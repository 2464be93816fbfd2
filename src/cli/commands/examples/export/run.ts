import type { ExitCode } from '../../../../errors.ts';
import { listExamples } from '../../../../memory/examples.ts';
import { writePairs } from '../../../../memory/exchange.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { memoryOf } from '../../../run/memory.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import type { ExportOptions } from '../options.ts';

/** `sqlq examples export`: for fine-tuning, or for a Modelfile. */
export function run(
  { options: { format = 'jsonl', ...options } }: Invocation<string | undefined, ExportOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const place = options.db === undefined ? null : await placeOf(setup, context);
    await setup.terminal.print(writePairs(listExamples(await memoryOf(setup), place), format));
    return undefined;
  });
}
