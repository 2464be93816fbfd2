import { createRedactor } from '../../../config/redact.ts';
import type { ExitCode } from '../../../errors.ts';
import { markBad } from '../../../memory/examples.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { giveFeedback } from '../../run/feedback.ts';
import type { BadOptions } from './options.ts';

/** `sqlq bad`: an answer is no example any more, or its correction is one. */
export function run(
  { argument: id, options }: Invocation<string | undefined, BadOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return giveFeedback(id, options, context, (store, answer) => {
    const correction = options.sql === undefined ? null : createRedactor([...context.secrets])(options.sql);
    const example = markBad(store, answer, correction, context.now());
    return example === null
      ? `Noted as bad, and not to be given again: ${answer.question}`
      : `Kept the correction as example ${example}: ${answer.question}`;
  });
}
