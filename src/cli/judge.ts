import { createRedactor } from '../config/redact.ts';
import type { ExitCode } from '../errors.ts';
import { markBad, markGood } from '../memory/examples.ts';
import { readAnswer } from '../memory/history.ts';
import type { CommandContext } from './context.ts';
import { numberOf } from './history.ts';
import { memoryOf } from './memory.ts';
import type { BadOptions, GoodOptions } from './options.ts';
import { withSetup } from './setup.ts';

/** `sqlq good`: an answer becomes an example. */
export function goodCommand(
  id: string | undefined,
  options: GoodOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return judgeAnswer(id, options, context, (store, answer) => {
    const example = markGood(store, answer, context.now());
    return `Kept as example ${example}: ${answer.question}`;
  });
}

/** `sqlq bad`: an answer is no example any more, or its correction is one. */
export function badCommand(
  id: string | undefined,
  options: BadOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return judgeAnswer(id, options, context, (store, answer) => {
    const correction = options.sql === undefined ? null : createRedactor([...context.secrets])(options.sql);
    const example = markBad(store, answer, correction, context.now());
    return example === null
      ? `Noted as bad, and not to be given again: ${answer.question}`
      : `Kept the correction as example ${example}: ${answer.question}`;
  });
}

/** Keeps a verdict on an answer, the last one unless another is named, and says what was kept. */
function judgeAnswer(
  id: string | undefined,
  options: GoodOptions,
  context: CommandContext,
  judge: (store: Parameters<typeof markGood>[0], answer: ReturnType<typeof readAnswer>) => string,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const store = await memoryOf(setup);
    const answer = readAnswer(store, id === undefined ? null : numberOf(id));
    terminal.note(terminal.escape(judge(store, answer)));
    return undefined;
  });
}
