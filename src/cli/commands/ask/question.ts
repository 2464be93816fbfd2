import { type Answered, ask } from '../../../ask/ask.ts';
import type { AskContext } from '../../../ask/context.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf, askContext, claimOutput } from '../../run/ask-context.ts';
import { openConfigured } from '../../run/database.ts';
import { readInput } from '../../run/input.ts';
import type { Setup } from '../../run/setup.ts';
import type { AskOptions } from './options.ts';

/**
 * One question of the command line, from its words to rows. `adapt` may change what it is asked with; `heard` gets the
 * answer before `--check` looks at it.
 */
export async function askQuestion(
  setup: Setup,
  words: readonly string[],
  options: AskOptions,
  context: CommandContext,
  adapt: (asked: AskContext) => AskContext = (asked) => asked,
  heard: (answered: Answered) => void = () => {},
): Promise<void> {
  const { signal } = context;
  const assertion =
    options.check === undefined ? null : (await import('./assert.ts')).readAssertions(options.check, options);
  // The database connects while the question is read and the model is chosen.
  const database = await openConfigured(setup, context, accessOf(options));
  try {
    const question = await readInput(words, context.streams.stdin, 'question', signal);
    const asked = adapt(await askContext(setup, context, database, options));
    await claimOutput(setup, context, asked, options);
    const delivery = assertion === null ? asked.delivery : { ...asked.delivery, keep: assertion.keep };
    const answered = await ask({ ...asked, delivery }, question);
    heard(answered);
    assertion?.require(answered);
  } finally {
    await database.client.close();
  }
}
