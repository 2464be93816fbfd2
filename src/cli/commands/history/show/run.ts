import type { ExitCode } from '../../../../errors.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { showAnswer } from '../answer.ts';
import type { ShowOptions } from '../options.ts';

/** `sqlq history show`: one answer, whole. */
export function run(
  { argument: id, options }: Invocation<string, ShowOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return showAnswer(id, options, context);
}
