import { relative } from 'node:path';
import { formatSql } from '../../../ask/show/format-sql.ts';
import { describeTarget } from '../../../database/target.ts';
import type { ExitCode } from '../../../errors.ts';
import { readAnswer } from '../../../memory/history.ts';
import { flagOf } from '../../../memory/parameters.ts';
import { makeSaved } from '../../../memory/saved.ts';
import { keepSaved } from '../../../memory/saved-files.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { openConfigured, readSchema } from '../../run/database.ts';
import { memoryOf } from '../../run/memory.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import { makeSetup, withSetup } from '../../run/setup.ts';
import { requirePlace } from '../../run/statement.ts';
import type { SaveOptions } from './options.ts';

/** `sqlq save`: an answer becomes a file that can be run again with other values. */
export async function run(
  { argument: name, options }: Invocation<string, SaveOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { from, force = false, ...others } = options;
  const store = await memoryOf(await makeSetup(others, context));
  const answer = readAnswer(store, from ?? null);
  const db = options.db ?? answer.name;
  return withSetup(db === null || db === undefined ? others : { ...others, db }, context, async (setup) => {
    const { terminal } = setup;
    const database = await openConfigured(setup, context, 'read');
    try {
      requirePlace(answer.place, describeTarget(database.target), options);
      const schema = await readSchema(database, setup, context.signal, options.refresh === true);
      const sql = await formatSql(answer.sql, database.target.engine);
      const saved = makeSaved(answer.question, sql, schema);
      const path = await keepSaved(name, saved, await savedFolders(context), force);
      const flags = saved.parameters.map(
        ({ name: parameter, default: value }) => ` --${flagOf(parameter)} ${shellWord(value ?? '…')}`,
      );
      terminal.note(terminal.escape(`Saved as ${relative(context.workingDirectory, path)}`));
      terminal.note(terminal.escape(`Run it with: sqlq run ${name}${flags.join('')}`));
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

function shellWord(text: string): string {
  return /^[\w.:%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
