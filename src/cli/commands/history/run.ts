import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { listHistory } from './list.ts';
import type { ListOptions } from './options.ts';

/** `sqlq history`: the newest answers, the last one at the end of the list. */
export function run(
  { options }: Invocation<string | undefined, ListOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return listHistory([], options, context);
}
