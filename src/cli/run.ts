import { readFile } from 'node:fs/promises';
import { runSql } from '../ask/run.ts';
import { type ExitCode, messageOf, SqlqError } from '../errors.ts';
import { accessOf, runContext } from './ask.ts';
import type { CommandContext } from './context.ts';
import { openConfigured } from './database.ts';
import type { RunOptions } from './options.ts';
import { readInput } from './question.ts';
import { withSetup } from './setup.ts';

/** `sqlq run`: SQL of the user's own, without a model. */
export function runCommand(
  sql: string | undefined,
  options: RunOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const database = await openConfigured(setup, context, accessOf(options));
    try {
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

async function readStatementFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SqlqError('usage', `The file ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
