import { type ExitCode, SqlqError } from '../../../errors.ts';
import { findSaved, isName, listSaved } from '../../../memory/saved-files.ts';
import { nearest } from '../../../schema/nearest.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { longName } from '../../options/option.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import { runStatement } from '../../run/statement.ts';
import { type RunOptions, runOptions } from './options.ts';

/** `sqlq run`: a word that is the name of a saved question is that, with its parameters behind it; all else is SQL. */
export async function run(
  { words, options }: Invocation<string | undefined, RunOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const [first, ...rest] = words;
  if (first !== undefined && isName(first) && options.file === undefined) {
    const folders = await savedFolders(context);
    const found = await findSaved(first, folders);
    if (found !== null) {
      const { runSaved } = await import('./saved.ts');
      return runSaved(first, found, rest, options, context);
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
    const near = nearest(
      flag,
      Object.values(runOptions).map(({ flags }) => longName(flags)),
    );
    throw new SqlqError('usage', `There is no option ${flag}.`, {
      hint: near === null ? 'See the options with: sqlq run --help' : `Did you mean ${near}?`,
    });
  }
  if (rest.length > 0) {
    throw new SqlqError('usage', 'There is more than one statement.', {
      hint: 'Put the whole statement into quotes: sqlq run "SELECT 1"',
    });
  }
  return runStatement(first, options, context);
}
