import { dirname } from 'node:path';
import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { forgetAnswer, forgetAnswers } from '../../../../memory/history.ts';
import { forgetLines } from '../../../../repl/history.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { memoryOf } from '../../../run/memory.ts';
import { numberOf } from '../../../run/number.ts';
import { withSetup } from '../../../run/setup.ts';
import type { ForgetOptions } from '../options.ts';

/** `sqlq history forget`: one answer or all of them. */
export function run(
  { argument: id, options }: Invocation<string | undefined, ForgetOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const all = options.all === true;
    if (all === (id !== undefined)) {
      throw new SqlqError('usage', 'Which answer is to be forgotten?', {
        hint: 'Name its number, such as sqlq history forget 12, or all of them: sqlq history forget --all',
      });
    }
    const store = await memoryOf(setup);
    if (id !== undefined) {
      forgetAnswer(store, numberOf(id));
    }
    const count = all ? forgetAnswers(store) : 1;
    if (all) {
      await forgetLines(dirname(setup.memoryFile));
    }
    setup.terminal.note(`Forgot ${count === 1 ? 'one answer' : `${count} answers`}.`);
    return undefined;
  });
}
