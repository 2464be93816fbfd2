import type { Analysis } from '../analysis/analysis.ts';
import { type Condition, type Literal, plain } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { type Days, daysAt } from './days.ts';
import { isYear } from './kept.ts';
import { type Weekdays, weekdaysAt } from './weekdays.ts';

/** Words that say when something was: a stretch of days, or days of the week. */
export type When = Days | (Weekdays & { readonly sure: true; readonly fromToday: false });

/** Reads the words at a place that say when; null where none do. */
export function whenAt({ now }: Analysis, lowers: readonly string[], at: number): When | null {
  const weekdays = weekdaysAt(lowers, at);
  return weekdays === null ? daysAt(lowers, at, now) : { ...weekdays, sure: true, fromToday: false };
}

/** The condition that a column lies in them; null where it can't, such as a month where only years are kept. */
export function within(analysis: Analysis, column: IndexedColumn, when: When): Condition | null {
  if ('weekdays' in when) {
    return isYear(analysis, column)
      ? null
      : joined(
          'or',
          when.weekdays.map((day) => ({ kind: 'weekday', column: column.id, day })),
        );
  }
  const bounds = isYear(analysis, column)
    ? years(column, when)
    : [
        ...(when.start === null ? [] : [compare(column, '>=', { kind: 'text', text: when.start })]),
        ...(when.end === null ? [] : [compare(column, '<', { kind: 'text', text: when.end })]),
      ];
  return bounds === null ? null : joined('and', bounds);
}

/** Bounds of whole years; null where the days are no whole ones. */
function years(column: IndexedColumn, { start, end }: Days): readonly Condition[] | null {
  if ([start, end].some((day) => day !== null && !day.endsWith('-01-01'))) {
    return null;
  }
  const number = (day: string): Literal =>
    column.class === 'text'
      ? { kind: 'text', text: day.slice(0, 4) }
      : { kind: 'number', number: Number(day.slice(0, 4)) };
  if (start !== null && end !== null && Number(end.slice(0, 4)) - Number(start.slice(0, 4)) === 1) {
    return [compare(column, '=', number(start))];
  }
  return [
    ...(start === null ? [] : [compare(column, '>=', number(start))]),
    ...(end === null ? [] : [compare(column, '<', number(end))]),
  ];
}

const compare = ({ id }: IndexedColumn, operator: '=' | '>=' | '<', right: Literal): Condition => ({
  kind: 'compare',
  left: plain(id),
  operator,
  right,
});

function joined(kind: 'and' | 'or', conditions: readonly Condition[]): Condition | null {
  const [only] = conditions;
  return only === undefined || conditions.length === 1 ? (only ?? null) : { kind, conditions };
}
