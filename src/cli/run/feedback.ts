import type { ExitCode } from '../../errors.ts';
import type { markGood } from '../../memory/examples.ts';
import { readAnswer } from '../../memory/history.ts';
import type { CommandContext } from '../context.ts';
import type { CommonOptions } from '../options/shared.ts';
import { memoryOf } from './memory.ts';
import { numberOf } from './number.ts';
import { withSetup } from './setup.ts';

/** Keeps a verdict on an answer, the last one unless another is named, and says what was kept. */
export function giveFeedback(
  id: string | undefined,
  options: CommonOptions,
  context: CommandContext,
  keep: (store: Parameters<typeof markGood>[0], answer: ReturnType<typeof readAnswer>) => string,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const store = await memoryOf(setup);
    const answer = readAnswer(store, id === undefined ? null : numberOf(id));
    terminal.note(terminal.escape(keep(store, answer)));
    return undefined;
  });
}
