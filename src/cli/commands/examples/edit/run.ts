import { variable } from '../../../../config/environment.ts';
import type { ExitCode } from '../../../../errors.ts';
import { keepExample, readExample, removeExample } from '../../../../memory/examples.ts';
import { readPair, writePair } from '../../../../memory/exchange.ts';
import { editText } from '../../../../terminal/editor.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import type { CommonOptions } from '../../../options/shared.ts';
import { memoryOf } from '../../../run/memory.ts';
import { numberOf } from '../../../run/number.ts';
import { withSetup } from '../../../run/setup.ts';

/** `sqlq examples edit`: in the user's editor. */
export function run(
  { argument: id, options }: Invocation<string, CommonOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const store = await memoryOf(setup);
    const example = readExample(store, numberOf(id, 'The number of an example'));
    const { environment } = context;
    const editor = variable(environment, 'VISUAL') ?? variable(environment, 'EDITOR') ?? 'vi';
    const edited = readPair(await editText(editor, writePair(example), environment));
    removeExample(store, example.id);
    const kept = keepExample(store, { place: example.place, ...edited, source: 'user' }, context.now());
    setup.terminal.note(`Kept as example ${kept}.`);
    return undefined;
  });
}
