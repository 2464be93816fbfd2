import { createRedactor } from '../../../../config/redact.ts';
import type { ExitCode } from '../../../../errors.ts';
import { keepExample } from '../../../../memory/examples.ts';
import { readPairs } from '../../../../memory/exchange.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { readAll, readTextFile } from '../../../run/input.ts';
import { memoryOf } from '../../../run/memory.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import type { ImportOptions } from '../options.ts';

/** `sqlq examples import`: lines of JSON in the chat form, as examples of one database. */
export function run(
  { argument: file, options }: Invocation<string, ImportOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const place = await placeOf(setup, context);
    const text =
      file === '-'
        ? await readAll(context.streams.stdin, context.signal)
        : await readTextFile(file, context.signal);
    const pairs = readPairs(createRedactor([...context.secrets])(text));
    const store = await memoryOf(setup);
    store.transaction(() => {
      for (const pair of pairs) {
        keepExample(store, { place, ...pair, source: 'user' }, context.now());
      }
    })();
    setup.terminal.note(`Kept ${pairs.length} ${pairs.length === 1 ? 'example' : 'examples'}.`);
    return undefined;
  });
}
