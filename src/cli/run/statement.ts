import { runSql } from '../../ask/run.ts';
import { describeTarget } from '../../database/target.ts';
import { type ExitCode, SqlqError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import type { CommonOptions, DatabaseOptions, RowOptions } from '../options/shared.ts';
import { accessOf, claimOutput, runContext } from './ask-context.ts';
import { openConfigured } from './database.ts';
import { readInput, readTextFile } from './input.ts';
import { withSetup } from './setup.ts';

/** A statement, from the command line, a file or standard input. */
type StatementOptions = CommonOptions & DatabaseOptions & RowOptions & { readonly file?: string };

/** `sqlq run`: SQL of the user's own, without a model; `place` is the only database that it is meant for. */
export function runStatement(
  sql: string | undefined,
  options: StatementOptions,
  context: CommandContext,
  place: string | null = null,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    // First, for the report of a database that does not open may not be written over it.
    await context.files.reads(options.file === undefined ? [] : [options.file]);
    const database = await openConfigured(setup, context, accessOf(options));
    try {
      if (place !== null) {
        requirePlace(place, describeTarget(database.target), options);
      }
      const statement =
        options.file === undefined
          ? await readInput(
              sql === undefined ? [] : [sql],
              context.streams.stdin,
              'statement',
              context.signal,
            )
          : await readTextFile(options.file, context.signal);
      const run = runContext(setup, context, database, options);
      await claimOutput(setup, context, run, options);
      await runSql(run, statement);
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** SQL of one database is another question on another one, unless the user names that. */
export function requirePlace(wanted: string, given: string, { db }: { readonly db?: string }): void {
  if (db !== undefined || wanted === given) {
    return;
  }
  throw new SqlqError('usage', `This was asked of ${wanted}, and not of ${given}.`, {
    hint: 'Name the database to run it on with --db.',
  });
}
