import type { ExitCode } from '../../../errors.ts';
import { listExamples } from '../../../memory/examples.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { memoryOf } from '../../run/memory.ts';
import { placeOf } from '../../run/place.ts';
import { withSetup } from '../../run/setup.ts';
import type { ExamplesOptions } from './options.ts';

/** `sqlq examples`: those of one database, or of all of them. */
export function run(
  { options }: Invocation<string | undefined, ExamplesOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const place = options.db === undefined ? null : await placeOf(setup, context);
    const examples = listExamples(await memoryOf(setup), place);
    if (options.json === true) {
      await terminal.print(jsonText(examples));
    } else {
      const lines = examples.flatMap(({ id, place: where, question, sql }) => [
        `-- ${id}. ${question.replace(/\s+/gu, ' ')}  (${where})`,
        ...sql.split('\n'),
        '',
      ]);
      await terminal.print(lines.map((line) => `${terminal.escape(line)}\n`).join(''));
    }
    if (examples.length === 0) {
      terminal.note('There are no examples yet: sqlq good makes one of the last answer.');
    }
    return undefined;
  });
}
