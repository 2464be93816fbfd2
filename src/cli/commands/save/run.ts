import { isAbsolute, relative, resolve } from 'node:path';
import { formatSql } from '../../../ask/show/format-sql.ts';
import { addressesOf } from '../../../config/database/data-files.ts';
import { createRedactor } from '../../../config/redact.ts';
import { describeTarget } from '../../../database/target.ts';
import type { ExitCode } from '../../../errors.ts';
import { shellWord } from '../../../errors.ts';
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
  const before = await makeSetup(others, context);
  const answer = readAnswer(await memoryOf(before), from ?? null);
  const db = options.db ?? answer.name;
  return withSetup(db === null ? others : { ...others, db }, context, async (setup) => {
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
      const configured = options.db === undefined ? before.settings.values.database : null;
      const places = db === null ? '' : databaseFlags(db, configured, context);
      terminal.note(terminal.escape(`Saved as ${relative(context.workingDirectory, path)}`));
      terminal.note(terminal.escape(`Run it with: sqlq run ${name}${flags.join('')}${places}`));
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** The flags that lead to a database where no setting does; of an address that holds a secret, its user writes it. */
function databaseFlags(
  db: string,
  configured: string | null,
  { workingDirectory, secrets }: CommandContext,
): string {
  if (configured !== null && (db === configured || db === resolve(workingDirectory, configured))) {
    return '';
  }
  const redact = createRedactor([...secrets]);
  const wordOf = (address: string): string => {
    const near = isAbsolute(address) ? relative(workingDirectory, address) : address;
    return redact(address) === address ? shellWord(near.startsWith('..') ? address : near) : 'URL';
  };
  return addressesOf(db)
    .map((address) => ` --db ${wordOf(address)}`)
    .join('');
}
