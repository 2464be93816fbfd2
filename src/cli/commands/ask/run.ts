import { ask } from '../../../ask/ask.ts';
import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf, askContext, claimOutput } from '../../run/ask-context.ts';
import { openConfigured } from '../../run/database.ts';
import { readInput } from '../../run/input.ts';
import { withSetup } from '../../run/setup.ts';
import type { AskOptions } from './options.ts';

/** `sqlq ask`: from the words of the command line to rows. */
export async function run(
  { argument: words, options }: Invocation<readonly string[], AskOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  if (options.batch !== undefined && options.jsonEnvelope !== true) {
    const { runBatch } = await import('./batch.ts');
    return runBatch(options.batch, words, options, context);
  }
  if (options.jsonEnvelope === true) {
    const { runEnvelope } = await import('./envelope.ts');
    return runEnvelope(words, options, context);
  }
  return withSetup(options, context, async (setup) => {
    const { signal } = context;
    const assertion =
      options.check === undefined
        ? null
        : (await import('./assert.ts')).readAssertions(options.check, options);
    // The database connects while the question is read and the model is chosen.
    const database = await openConfigured(setup, context, accessOf(options));
    try {
      const question = await readInput(words, context.streams.stdin, 'question', signal);
      const asked = await askContext(setup, context, database, options);
      await claimOutput(setup, context, asked, options);
      const delivery = assertion === null ? asked.delivery : { ...asked.delivery, keep: assertion.keep };
      const answered = await ask({ ...asked, delivery }, question);
      assertion?.require(answered);
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}
