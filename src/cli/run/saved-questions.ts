import { SqlqError } from '../../errors.ts';
import { parseSaved, type SavedQuestion } from '../../memory/saved.ts';
import { listSaved, readSavedText } from '../../memory/saved-files.ts';
import type { CommandContext } from '../context.ts';
import { savedFolders } from './saved-folders.ts';

/** The saved questions of the project, by name; `warn` hears of each that can't be read. */
export async function savedQuestions(
  context: CommandContext,
  warn: (text: string) => void,
): Promise<readonly { readonly name: string; readonly saved: SavedQuestion }[]> {
  const found = await listSaved(await savedFolders(context));
  const read = found.map(async ({ name, path }) => {
    try {
      return [{ name, saved: parseSaved(await readSavedText(path), path) }];
    } catch (error) {
      warn(error instanceof SqlqError ? error.message : String(error));
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}
