import type { Plan } from '../database/database.ts';
import { SqlqError } from '../errors.ts';
import { cancelled } from '../terminal/prompt.ts';
import type { RunContext } from './context.ts';

/** Holds the planner's estimate against the user's limits: passing one asks in a terminal, and ends a script. */
export async function enforceCost(context: RunContext, plan: Plan): Promise<void> {
  const passed = passedLimit(context, plan);
  if (passed === null || context.dryRun) {
    return;
  }
  if (!context.terminal.interactive || context.yes) {
    throw new SqlqError('limit', passed.message, { hint: passed.hint });
  }
  if (!(await context.prompts.confirm(`${passed.message} Run it all the same?`))) {
    throw cancelled();
  }
}

function passedLimit(context: RunContext, plan: Plan): { message: string; hint: string } | null {
  const { maxRowsScanned, maxCost } = context;
  if (maxRowsScanned !== null && plan.rowsScanned !== null && plan.rowsScanned > maxRowsScanned) {
    return {
      message: `The planner expects to read ${whole(plan.rowsScanned)} rows, more than the ${whole(maxRowsScanned)} allowed.`,
      hint: 'Narrow the question, or raise --max-rows-scanned.',
    };
  }
  if (maxCost !== null && plan.cost !== null && plan.cost > maxCost) {
    return {
      message: `The planner's cost is ${whole(plan.cost)}, more than the ${whole(maxCost)} allowed.`,
      hint: 'Narrow the question, or raise --max-cost.',
    };
  }
  const unknown = [
    maxRowsScanned !== null && plan.rowsScanned === null ? '--max-rows-scanned' : null,
    maxCost !== null && plan.cost === null ? '--max-cost' : null,
  ].filter((flag) => flag !== null);
  if (unknown.length > 0) {
    return {
      message: `This database gives no estimate for the query, so ${unknown.join(' and ')} can't be held.`,
      hint: 'Run ANALYZE in the database to give its planner numbers, or leave the limit out.',
    };
  }
  return null;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
