import type { ExitCode } from '../../../../errors.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { listHistory } from '../list.ts';
import type { ListOptions } from '../options.ts';

/** `sqlq history search`: the newest answers that hold every one of some words. */
export function run(
  { argument: words, options }: Invocation<readonly string[], ListOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return listHistory(words, options, context);
}
