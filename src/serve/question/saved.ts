import { changesSince, type SavedQuestion } from '../../memory/saved.ts';
import type { Caller } from '../caller.ts';
import { databasesFor, type Workspace } from '../workspace.ts';

type Named = { readonly name: string; readonly saved: SavedQuestion };

/** The saved questions that a caller may see: those that a database of theirs can answer, with the columns that they see of it. */
export async function savedFor(workspace: Workspace, caller: Caller): Promise<readonly Named[]> {
  const all = await workspace.savedQuestions();
  if (caller.databases === null && caller.hide.length === 0) {
    return all;
  }
  const signal = AbortSignal.timeout(mostMilliseconds);
  const known = await Promise.all(
    databasesFor(workspace, caller).map(async (name) => {
      try {
        const database = await workspace.open(name, caller);
        return [{ database, schema: await database.readSchema(signal) }];
      } catch {
        // Of one that can't be reached nobody knows what may be told.
        return [];
      }
    }),
  );
  return all.filter(({ saved }) =>
    known
      .flat()
      .some(
        ({ database, schema }) =>
          database.fits(saved) && !changesSince(saved.reads, schema).some(({ isGone }) => isGone),
      ),
  );
}

/** A database that takes longer to say what it has counts as one that can't be reached. */
const mostMilliseconds = 30_000;
