import type { RunContext } from './context.ts';
import { enforceCost } from './cost.ts';
import { type Delivered, deliver } from './deliver.ts';
import { type Checked, verifyOrThrow } from './verify.ts';

/** SQL that the user wrote, through the same guard, limits and renderers as a model's. */
export async function runSql(context: RunContext, sql: string): Promise<Checked & Delivered> {
  const { report, terminal } = context;
  report.data.sql = sql;
  terminal.progress.step('Checking the SQL');
  const checked = await report.time('check', () =>
    verifyOrThrow(context.database, sql, context.access, context.signal),
  );
  terminal.progress.stop();
  await enforceCost(context, checked.plan);
  return { ...checked, ...(await deliver(context, checked)) };
}
