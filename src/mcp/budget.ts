import { SqlqError } from '../errors.ts';
import { counted } from '../render/quantity.ts';

/** What one session may take: rows that are told to its caller, and time that its databases work. */
export interface Budget {
  /** Rows that may still be told; Infinity without a limit. */
  rowsLeft(): number;
  takeRows(count: number): void;
  /** Milliseconds that a database may still work; Infinity without a limit. */
  timeLeft(): number;
  takeTime(milliseconds: number): void;
}

/** A budget with these limits; null is none. */
export function createBudget(limits: {
  readonly rows: number | null;
  readonly milliseconds: number | null;
}): Budget {
  let rows = limits.rows ?? Number.POSITIVE_INFINITY;
  let time = limits.milliseconds ?? Number.POSITIVE_INFINITY;
  return {
    rowsLeft: () => rows,
    takeRows(count) {
      rows -= count;
    },
    timeLeft: () => time,
    takeTime(milliseconds) {
      time = Math.max(0, time - milliseconds);
    },
  };
}

/** How many of some rows may be told. Throws a SqlqError `limit` where none may. */
export function rowsWithin(budget: Budget, wanted: number): number {
  const left = budget.rowsLeft();
  if (left <= 0 && wanted > 0) {
    throw new SqlqError('limit', 'The rows that this session may be told are used up.', {
      hint: 'Whoever started it can allow more with --max-rows, or start it anew; save_result still writes files.',
    });
  }
  return Math.min(left, wanted);
}

/** Says how much of a limited budget of rows is left; null where there is no limit. */
export function rowsLeftText(budget: Budget): string | null {
  const left = budget.rowsLeft();
  return Number.isFinite(left) ? `This session may be told ${counted(left, 'row')} more.` : null;
}

export function timeIsUp(): SqlqError {
  return new SqlqError('limit', 'The time that this session may use a database for is used up.', {
    hint: 'Whoever started it can allow more with --max-time, or start it anew.',
  });
}
