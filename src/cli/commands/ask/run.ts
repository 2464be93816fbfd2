import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { withSetup } from '../../run/setup.ts';
import type { AskOptions } from './options.ts';
import { askQuestion } from './question.ts';

/** `sqlq ask`: from the words of the command line to rows. */
export async function run(
  { argument: words, options }: Invocation<readonly string[], AskOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  if (options.jsonEnvelope === true) {
    const { runEnvelope } = await import('./envelope.ts');
    return runEnvelope(words, options, context);
  }
  if (options.batch !== undefined) {
    const { runBatch } = await import('./batch.ts');
    return runBatch(options.batch, words, options, context);
  }
  return withSetup(options, context, async (setup) => {
    await askQuestion(setup, words, options, context);
    return undefined;
  });
}
