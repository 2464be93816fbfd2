import { fileURLToPath } from 'node:url';
import { createRedactor } from '../../../../config/redact.ts';
import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { addDocuments, type Outcome } from '../../../../knowledge/add.ts';
import { UnreadableDocument } from '../../../../knowledge/document.ts';
import { listDocuments, removeDocument, type Store } from '../../../../knowledge/store.ts';
import { counted } from '../../../../render/quantity.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { documentsOf } from '../../../run/documents.ts';
import { configuredPlace } from '../../../run/place.ts';
import { type Setup, withSetup } from '../../../run/setup.ts';
import type { AddOptions } from '../options.ts';
import { embedAdded } from './embed-added.ts';

/** `sqlq docs add`: files and folders, each in place of what was read of it before. */
export function run(
  { argument: paths, options }: Invocation<readonly string[], AddOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    if (options.source !== undefined && paths.length !== 1) {
      throw new SqlqError('usage', '--source names one document.', { hint: 'Add its file by itself.' });
    }
    const { place, send } = await configuredPlace(setup, context);
    const store = await documentsOf(setup);
    const outcomes: Outcome[] = [];
    const failures: string[] = [];
    terminal.progress.step('Reading documents');
    for (const path of paths.length > 0 ? paths : addedBefore(store, place)) {
      try {
        outcomes.push(
          ...(await addDocuments({
            store,
            place,
            path: fileOf(store, place, path),
            workingDirectory: context.workingDirectory,
            source: options.source ?? null,
            redact: createRedactor([...context.secrets]),
            now: context.now,
            signal: context.signal,
          })),
        );
      } catch (error) {
        if (!(error instanceof UnreadableDocument)) {
          throw error;
        }
        const known = paths.length > 0 ? [] : listDocuments(store, place).filter((one) => one.path === path);
        for (const { id, source } of known) {
          removeDocument(store, id);
          outcomes.push({ source, change: 'gone', pieces: 0, reason: null });
        }
        failures.push(...(known.length > 0 ? [] : [`${path} is no document: ${error.message}.`]));
      }
    }
    await embedAdded(setup, context, { store, place, send });
    terminal.progress.stop();
    if (failures.length === 0 || outcomes.length > 0) {
      tell(setup, outcomes);
    }
    if (failures.length > 0) {
      throw new SqlqError('usage', failures.join('\n'));
    }
    return undefined;
  });
}

/** The folders and files that were added before, each once. */
function addedBefore(store: Store, place: string): readonly string[] {
  const added = new Set(listDocuments(store, place).map(({ folder, path }) => folder ?? path));
  if (added.size === 0) {
    throw new SqlqError('usage', 'This database has no documents yet.', {
      hint: 'Name files or folders, such as: sqlq docs add README.md',
    });
  }
  return [...added];
}

/** The file of what was named; an address is one that was saved and added before, since nothing is fetched. */
function fileOf(store: Store, place: string, named: string): string {
  if (named.startsWith('file:')) {
    return fileURLToPath(named);
  }
  if (!/^https?:\/\//iu.test(named)) {
    return named;
  }
  const known = listDocuments(store, place).find(({ source }) => source === named);
  if (known !== undefined) {
    return known.path;
  }
  throw new SqlqError('usage', `sqlq fetches no pages: ${named}`, {
    hint: `Save it in a browser, and add the file: sqlq docs add --source ${named} page.html`,
  });
}

/** So many documents are told one by one. */
const mostTold = 20;

function tell({ terminal, settings }: Setup, outcomes: readonly Outcome[]): void {
  const of = (change: Outcome['change']): readonly Outcome[] =>
    outcomes.filter((outcome) => outcome.change === change);
  const read = [...of('added'), ...of('replaced')];
  const told = [
    ...read.slice(0, mostTold),
    ...of('gone').slice(0, mostTold),
    ...of('left out').slice(0, mostTold),
  ];
  for (const outcome of told) {
    terminal.note(terminal.escape(sentenceOf(outcome)));
  }
  const count = (change: Outcome['change'], words: string): string[] =>
    of(change).length === 0 ? [] : [`${of(change).length} ${words}`];
  const counts = [
    ...count('added', 'added'),
    ...count('replaced', 'replaced'),
    ...count('unchanged', 'unchanged'),
    ...count('gone', 'gone'),
    ...count('left out', 'left out'),
  ];
  const isSaid = outcomes.length === 1 && told.length === 1;
  if (!isSaid) {
    terminal.note(counts.length === 0 ? 'There is no document in it.' : `${counts.join(', ')}.`);
  }
  if (read.length > 0) {
    terminal.note(
      settings.values.docs
        ? 'What a question needs of them goes to the model with it; --no-docs leaves them out.'
        : 'The setting docs is off: no question gets them.',
    );
  }
}

function sentenceOf({ source, change, pieces, reason }: Outcome): string {
  switch (change) {
    case 'added':
      return `Added ${source}: ${counted(pieces, 'piece')}.`;
    case 'replaced':
      return `Read ${source} anew: ${counted(pieces, 'piece')}.`;
    case 'unchanged':
      return `${source} is unchanged.`;
    case 'gone':
      return `${source} is gone, and is removed.`;
    case 'left out':
      return `${source} is left out: ${reason ?? ''}.`;
  }
}
