import { nearest } from '../config/nearest.ts';
import { type ExitCode, SqlqError } from '../errors.ts';
import { findSaved, isName, listSaved } from '../memory/saved-files.ts';
import type { CommandContext } from './context.ts';
import type { RunOptions } from './options.ts';
import { runCommand } from './run.ts';
import { foldersOf } from './save.ts';

/**
 * `sqlq run`: a word that is the name of a saved question is that, with its parameters behind it; all else is SQL. `flags`
 * are those that the command has.
 */
export async function runWords(
  words: readonly string[],
  flags: readonly string[],
  options: RunOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const [first, ...rest] = words;
  if (first !== undefined && isName(first) && options.file === undefined) {
    const folders = await foldersOf(context);
    const found = await findSaved(first, folders);
    if (found !== null) {
      const { runSavedCommand } = await import('./run-saved.ts');
      return runSavedCommand(first, found, rest, options, context);
    }
    const saved = await listSaved(folders);
    const near = nearest(
      first,
      saved.map(({ name }) => name),
    );
    if (near !== null) {
      throw new SqlqError('usage', `Nothing is saved as "${first}".`, { hint: `Did you mean ${near}?` });
    }
  }
  const flag = words.find((word) => word.startsWith('-') && word !== '-');
  if (flag !== undefined && (flag === first || rest.includes(flag))) {
    const near = nearest(flag, flags);
    throw new SqlqError('usage', `There is no option ${flag}.`, {
      hint: near === null ? 'See the options with: sqlq run --help' : `Did you mean ${near}?`,
    });
  }
  if (rest.length > 0)
    throw new SqlqError('usage', 'There is more than one statement.', {
      hint: 'Put the whole statement into quotes: sqlq run "SELECT 1"',
    });
  return runCommand(first, options, context);
}
