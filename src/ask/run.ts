import type { RunContext } from './context.ts';
import { enforceCost } from './cost.ts';
import { type Bound, type Executed, execute } from './execute.ts';
import { type Checked, verifyOrThrow } from './verify.ts';

/** SQL that the user wrote, through the same guard, limits and renderers as a model's. */
export async function runSql(context: RunContext, sql: string): Promise<Checked & Executed> {
  const { report, terminal } = context;
  report.data.sql = sql;
  terminal.progress.step('Checking the SQL');
  const checked = await report.time('check', () =>
    verifyOrThrow(context.database, sql, context.access, context.signal),
  );
  terminal.progress.stop();
  await enforceCost(context, checked.plan);
  return { ...checked, ...(await execute(context, checked)) };
}

/**
 * A statement that only reads, with values that the driver binds. `sample` is the same with literals in the places of the
 * values, which the planner is asked about; no value of the user's stands in it.
 */
export async function runBound(
  context: RunContext,
  sample: string,
  bound: Bound,
): Promise<Checked & Executed> {
  const { report, terminal } = context;
  report.data.sql = bound.sql;
  terminal.progress.step('Checking the SQL');
  const checked = await report.time('check', () =>
    verifyOrThrow(context.database, sample, 'read', context.signal),
  );
  terminal.progress.stop();
  await enforceCost(context, checked.plan);
  return { ...checked, ...(await execute(context, checked, bound)) };
}
