import type { Parameter } from '../database/database.ts';
import type { RunContext } from './context.ts';
import { enforceCost } from './cost.ts';
import { doubtAfterRun, lookForDoubts, requireNoDoubt, showDoubts } from './doubts.ts';
import { type Executed, execute } from './execute.ts';
import { type PlannedStatement, planStatementOrThrow } from './plan-statement.ts';

/** SQL that the user wrote, with `:name` for each of the values, through the same guard, limits and renderers as a model's. */
export async function runSql(
  context: RunContext,
  sql: string,
  parameters: readonly Parameter[] = [],
): Promise<PlannedStatement & Executed> {
  const { report, terminal } = context;
  report.data.sql = sql;
  terminal.progress.step('Checking the SQL');
  const statement = await report.time('check', () =>
    planStatementOrThrow(context.database, sql, context.access, context.signal, parameters),
  );
  terminal.progress.stop();
  const found = await lookForDoubts(context, statement);
  showDoubts(terminal, found);
  requireNoDoubt(context, found.doubts);
  await enforceCost(context, statement.plan);
  const executed = await execute(context, statement);
  await doubtAfterRun(context, found, executed.doubts);
  return { ...statement, ...executed };
}
