import { relative } from 'node:path';
import { formatSql } from '../../../ask/show/format-sql.ts';
import { describeTarget } from '../../../database/target.ts';
import { questionOf } from '../../../memory/history.ts';
import { flagOf } from '../../../memory/parameters.ts';
import { makeSaved } from '../../../memory/saved.ts';
import { keepSaved } from '../../../memory/saved-files.ts';
import type { Turn } from '../../../repl/turn.ts';
import type { Schema } from '../../../schema/schema.ts';
import type { CommandContext } from '../../context.ts';
import type { OpenedDatabase } from '../../run/database.ts';
import { hasMemory, memoryOf } from '../../run/memory.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import type { Setup } from '../../run/setup.ts';

/** Keeps an answer of a session as a saved question, as `sqlq save` does; returns where, and how to run it. */
export async function saveTurn(
  setup: Setup,
  context: CommandContext,
  { target }: OpenedDatabase,
  turn: Turn,
  wanted: { readonly name: string; readonly replace: boolean; readonly schema: Schema },
): Promise<string> {
  const { name, replace, schema } = wanted;
  const question = await questionOfTurn(setup, describeTarget(target), turn);
  const sql = await formatSql(turn.sql, target.engine);
  const saved = makeSaved(question ?? 'SQL by hand', sql, schema);
  const path = await keepSaved(name, saved, await savedFolders(context), replace);
  const flags = saved.parameters.map((parameter) => ` --${flagOf(parameter.name)} …`).join('');
  return `Saved as ${relative(context.workingDirectory, path)}\nRun it with: sqlq run ${name}${flags}`;
}

/** What an answer is to, with the questions that it builds on where the history knows them. */
async function questionOfTurn(setup: Setup, place: string, turn: Turn): Promise<string | null> {
  if (turn.question === null || !hasMemory(setup)) {
    return turn.question;
  }
  return questionOf(await memoryOf(setup), place, turn.sql) ?? turn.question;
}
