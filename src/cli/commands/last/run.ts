import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { showAnswer } from '../history/answer.ts';
import type { ShowOptions } from '../history/options.ts';

/** `sqlq last`: the last answer, whole. */
export function run(
  { options }: Invocation<string | undefined, ShowOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return showAnswer(null, options, context);
}
