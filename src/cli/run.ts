import { readFile } from 'node:fs/promises';
import { runSql } from '../ask/run.ts';
import { describeTarget } from '../database/target.ts';
import { type ExitCode, messageOf, SqlqError } from '../errors.ts';
import { accessOf, runContext } from './ask.ts';
import type { CommandContext } from './context.ts';
import { openConfigured } from './database.ts';
import type { RunOptions } from './options.ts';
import { readInput } from './question.ts';
import { withSetup } from './setup.ts';

/** `sqlq run`: SQL of the user's own, without a model; `place` is the only database that it is meant for. */
export function runCommand(
  sql: string | undefined,
  options: RunOptions,
  context: CommandContext,
  place: string | null = null,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const database = await openConfigured(setup, context, accessOf(options));
    try {
      if (place !== null) requirePlace(place, describeTarget(database.target), options);
      const statement =
        options.file === undefined
          ? await readInput(
              sql === undefined ? [] : [sql],
              context.streams.stdin,
              'statement',
              context.signal,
            )
          : await readStatementFile(options.file);
      await runSql(runContext(setup, context, database, options), statement);
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** SQL of one database is another question on another one, unless the user names that. */
export function requirePlace(wanted: string, given: string, { db }: { readonly db?: string }): void {
  if (db !== undefined || wanted === given) return;
  throw new SqlqError('usage', `This was asked of ${wanted}, and not of ${given}.`, {
    hint: 'Name the database to run it on with --db.',
  });
}

async function readStatementFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SqlqError('usage', `The file ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
