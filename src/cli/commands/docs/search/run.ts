import type { ExitCode } from '../../../../errors.ts';
import { sourceOf } from '../../../../knowledge/excerpt.ts';
import { searchPieces } from '../../../../knowledge/search.ts';
import { soughtIn } from '../../../../knowledge/words.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { documentsOf } from '../../../run/documents.ts';
import { jsonText } from '../../../run/json.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import type { SearchOptions } from '../options.ts';

const usualLimit = 5;

/** `sqlq docs search`: the pieces that some words find. */
export function run(
  { argument: words, options }: Invocation<readonly string[], SearchOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { limit = usualLimit, ...others } = options;
  return withSetup(others, context, async (setup) => {
    const { terminal } = setup;
    const found = searchPieces(await documentsOf(setup), {
      ...soughtIn(words.join(' '), []),
      place: await placeOf(setup, context),
      kinds: ['text', 'table', 'metric'],
      meaning: null,
      most: limit,
    });
    if (options.json === true) {
      const excerpts = found.map(({ source, headings, text }) => ({ source, headings, text }));
      await terminal.print(jsonText(excerpts));
    } else {
      const texts = found.map((piece) => `${sourceOf(piece)}\n\n${piece.text}\n`);
      await terminal.print(terminal.escape(texts.join('\n')));
    }
    if (found.length === 0) {
      terminal.note('No document says anything of these words.');
    }
    return undefined;
  });
}
