import type { ExitCode } from '../../../../errors.ts';
import { readAnswer } from '../../../../memory/history.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { memoryOf } from '../../../run/memory.ts';
import { numberOf } from '../../../run/number.ts';
import { makeSetup } from '../../../run/setup.ts';
import { runStatement } from '../../../run/statement.ts';
import type { RerunOptions } from '../options.ts';

/** `sqlq history run`: the SQL of an answer once more, on the database that it was asked of. */
export async function run(
  { argument: id, options }: Invocation<string, RerunOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const answer = readAnswer(await memoryOf(await makeSetup(options, context)), numberOf(id));
  const db = options.db ?? answer.name ?? undefined;
  return runStatement(answer.sql, db === undefined ? options : { ...options, db }, context, answer.place);
}
