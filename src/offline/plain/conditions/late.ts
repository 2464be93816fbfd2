import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { dayOf, writeDay } from '../../time/calendar.ts';
import { isTime } from '../../time/kept.ts';
import { ownColumns } from '../names.ts';
import type { Context } from '../reading.ts';
import { words } from '../words.ts';
import { compare, hasValue, joined, truth } from './conditions.ts';
import type { State } from './state.ts';

/** What a row has to be done by, and the condition that it is not done. */
interface Due {
  readonly due: IndexedColumn;
  /** The one flag or date that says that it was done; null where there is none. */
  readonly settled: { readonly column: IndexedColumn; readonly open: Condition } | null;
}

/** `overdue`: what was due before today, and has not been paid, returned, done. */
export function overdue(context: Context, at: number): readonly State[] {
  const { lowers } = context;
  const long = lowers[at] === 'past' && lowers[at + 1] === 'due';
  const found = words.overdue.has(lowers[at] ?? '') || long ? dueOf(context) : null;
  if (found === null) {
    return [];
  }
  const before = beforeToday(context, found.due);
  const end = at + (long ? 2 : 1);
  return found.settled === null
    ? [{ condition: before, opposite: null, end, cost: 0.1 }]
    : [{ condition: joined('and', [found.settled.open, before]), opposite: null, end, cost: 0 }];
}

/** `late`, `delayed`, `on time`: done after the day on which it was due, or not done though that day has passed. */
export function late(context: Context, at: number): readonly State[] {
  const { analysis, lowers } = context;
  const behind = /^(?:late|delayed|belated)$/u.test(lowers[at] ?? '');
  const inTime = (lowers[at] === 'on' || lowers[at] === 'in') && lowers[at + 1] === 'time';
  const found = behind || inTime ? dueOf(context) : null;
  const { due, settled = null } = found ?? {};
  if (due === undefined || settled === null || !comparable(settled.column, due)) {
    return [];
  }
  if (!isTime(analysis, settled.column)) {
    return [];
  }
  const after: Condition = { kind: 'columns', left: settled.column.id, operator: '>', right: due.id };
  const before: Condition = { kind: 'columns', left: settled.column.id, operator: '<=', right: due.id };
  const isLate = joined('or', [after, joined('and', [settled.open, beforeToday(context, due)])]);
  const [condition, opposite] = behind ? [isLate, before] : [before, isLate];
  return [{ condition, opposite, end: at + (behind ? 1 : 2), cost: 0.05 }];
}

/** Whether two columns keep points in time in the same way, so that the later one is the greater. */
export const comparable = (left: IndexedColumn, right: IndexedColumn): boolean =>
  left.id !== right.id && left.class === right.class && left.stored === right.stored;

const beforeToday = ({ analysis }: Context, due: IndexedColumn): Condition =>
  compare(due.id, '<', { kind: 'text', text: writeDay(dayOf(analysis.now)) });

/** The one date on which rows are due; null where none or several are. */
function dueOf(context: Context): Due | null {
  const { analysis, table } = context;
  const own = ownColumns(analysis.schemaIndex, table.id);
  const dues = own.filter(
    (column) => isTime(analysis, column) && column.words.some((word) => words.due.has(word)),
  );
  const [due] = dues;
  if (due === undefined || dues.length > 1) {
    return null;
  }
  const settled = own.flatMap((column) => {
    if (!column.ownWords.some((word) => words.settled.has(word)) || column === due) {
      return [];
    }
    const open = truth(analysis, column, false);
    if (open !== null) {
      return [{ column, open }];
    }
    return isTime(analysis, column) && column.column.nullable
      ? [{ column, open: hasValue(analysis, column.id, true) }]
      : [];
  });
  return settled.length > 1 ? null : { due, settled: settled[0] ?? null };
}
