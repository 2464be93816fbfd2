import type { ExitCode } from '../../../../errors.ts';
import { stateOf } from '../../../../knowledge/read/read-bytes.ts';
import { listDocuments, type StoredDocument } from '../../../../knowledge/store.ts';
import { counted } from '../../../../render/quantity.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { documentsOf } from '../../../run/documents.ts';
import { jsonText } from '../../../run/json.ts';
import { placeOf } from '../../../run/place.ts';
import { withSetup } from '../../../run/setup.ts';
import type { ListOptions } from '../options.ts';

/** `sqlq docs list`: those of one database, or of all of them. */
export function run(
  { options }: Invocation<string | undefined, ListOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    const place = options.db === undefined ? null : await placeOf(setup, context);
    const documents = listDocuments(await documentsOf(setup), place);
    const listed = await Promise.all(
      documents.map(async ({ digest: _digest, ...document }) => ({
        ...document,
        state: await stateOf({ ...document, digest: _digest }),
      })),
    );
    if (options.json === true) {
      await terminal.print(jsonText(listed));
    } else {
      await terminal.print(
        listed.map((document) => `${terminal.escape(lineOf(document, place))}\n`).join(''),
      );
    }
    if (documents.length === 0) {
      terminal.note('There are no documents yet. Add some with: sqlq docs add README.md');
    }
    return undefined;
  });
}

type Listed = Omit<StoredDocument, 'digest'> & { readonly state: 'same' | 'changed' | 'gone' };

function lineOf({ id, source, kind, pieces, at, state, place: of }: Listed, place: string | null): string {
  const said =
    state === 'same'
      ? ''
      : `  (${state === 'gone' ? 'its file is gone' : 'its file has changed: sqlq docs add'})`;
  const where = place === null ? `  of ${of}` : '';
  return `${String(id).padStart(4)}  ${source}  ${kind}, ${counted(pieces, 'piece')}, ${at.slice(0, 10)}${where}${said}`;
}
