import type { Parameter } from '../database/database.ts';
import type { RunContext } from './context.ts';
import { enforceCost } from './cost.ts';
import { lookForDoubts, requireNoDoubt, showDoubts } from './doubts.ts';
import { type Executed, execute } from './execute.ts';
import { type Checked, verifyOrThrow } from './verify.ts';

/** SQL that the user wrote, with `:name` for each of the values, through the same guard, limits and renderers as a model's. */
export async function runSql(
  context: RunContext,
  sql: string,
  parameters: readonly Parameter[] = [],
): Promise<Checked & Executed> {
  const { report, terminal } = context;
  report.data.sql = sql;
  terminal.progress.step('Checking the SQL');
  const checked = await report.time('check', () =>
    verifyOrThrow(context.database, sql, context.access, context.signal, parameters),
  );
  terminal.progress.stop();
  const found = await lookForDoubts(context, checked);
  showDoubts(terminal, found);
  requireNoDoubt(context, found.doubts);
  await enforceCost(context, checked.plan);
  return { ...checked, ...(await execute(context, checked)) };
}
