import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { listDocuments, removeDocument, type StoredDocument } from '../../../../knowledge/store.ts';
import { counted } from '../../../../render/quantity.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { documentsOf } from '../../../run/documents.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import { namedDocuments } from '../named.ts';
import type { RemoveOptions } from '../options.ts';

/** `sqlq docs remove`: some documents, or all of a database. */
export function run(
  { argument: names, options }: Invocation<readonly string[], RemoveOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const all = options.all === true;
    if (all === names.length > 0) {
      throw new SqlqError('usage', 'Which documents are to be removed?', {
        hint: 'Name their numbers or names, such as sqlq docs remove 12, or all of the database: sqlq docs remove --all',
      });
    }
    const place = all || options.db !== undefined ? await placeOf(setup, context) : null;
    const store = await documentsOf(setup);
    const found = new Map<number, StoredDocument>();
    for (const name of names) {
      for (const document of await namedDocuments(store, place, name, context.workingDirectory)) {
        found.set(document.id, document);
      }
    }
    for (const document of all ? listDocuments(store, place) : []) {
      found.set(document.id, document);
    }
    for (const id of found.keys()) {
      removeDocument(store, id);
    }
    const [only] = found.values();
    setup.terminal.note(
      setup.terminal.escape(
        found.size === 1 ? `Removed ${only?.source ?? ''}.` : `Removed ${counted(found.size, 'document')}.`,
      ),
    );
    return undefined;
  });
}
