import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { piecesOf } from '../../../../knowledge/store.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { documentsOf } from '../../../run/documents.ts';
import { jsonText } from '../../../run/json.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import { namedDocuments } from '../named.ts';
import type { ShowOptions } from '../options.ts';

/** `sqlq docs show`: one document in its pieces. */
export function run(
  { argument: name, options }: Invocation<string, ShowOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const place = options.db === undefined ? null : await placeOf(setup, context);
    const store = await documentsOf(setup);
    const [document, ...others] = await namedDocuments(store, place, name, context.workingDirectory);
    if (document === undefined || others.length > 0) {
      throw new SqlqError('usage', `"${name}" means ${others.length + 1} documents.`, {
        hint: 'Name the number of one: sqlq docs list',
      });
    }
    const { digest: _digest, ...shown } = document;
    const pieces = piecesOf(store, document.id);
    if (options.json === true) {
      await terminal.print(jsonText({ ...shown, pieces }));
      return undefined;
    }
    const texts = pieces.map(
      ({ headings, text }) => `${headings.length === 0 ? '' : `§ ${headings.join(' > ')}\n\n`}${text}\n`,
    );
    await terminal.print(terminal.escape(texts.join('\n')));
    return undefined;
  });
}
