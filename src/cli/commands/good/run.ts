import type { ExitCode } from '../../../errors.ts';
import { markGood } from '../../../memory/examples.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import type { CommonOptions } from '../../options/shared.ts';
import { giveFeedback } from '../../run/feedback.ts';

/** `sqlq good`: an answer becomes an example. */
export function run(
  { argument: id, options }: Invocation<string | undefined, CommonOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return giveFeedback(id, options, context, (store, answer) => {
    const example = markGood(store, answer, context.now());
    return `Kept as example ${example}: ${answer.question}`;
  });
}
