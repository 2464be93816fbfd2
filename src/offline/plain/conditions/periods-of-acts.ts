import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import type { Context } from '../reading.ts';
import { joined, negated } from './conditions.ts';

/** What the rows did in a period, `rented in 2024`: what they did at another time is said of it as well. */
export interface Act {
  /** That they did not do it in another period; null where that can't be said. */
  readonly notIn: (on: (column: IndexedColumn) => Condition | null) => Condition | null;
}

/** The last condition of a reading where it says what the rows did in a period; null for any other. */
export function actOf(context: Context, conditions: readonly Condition[]): Act | null {
  const last = conditions.at(-1);
  const { schemaIndex } = context.analysis;
  if (last?.kind !== 'in' || last.negated || !context.table.primaryKey.includes(last.column)) {
    return null;
  }
  const dates = [...datesIn(context, last)];
  const date = schemaIndex.columns[dates[0] ?? -1];
  if (date === undefined) {
    return null;
  }
  return {
    notIn: (on) => {
      const period = on(date);
      const other = dates.length > 1 || period === null ? null : inPeriod(last, date.id, period);
      return other === null ? null : negated(schemaIndex, other);
    },
  };
}

/** The columns of time that a condition compares with others' values, those of queries within among them. */
function datesIn(context: Context, condition: Condition | null): ReadonlySet<number> {
  switch (condition?.kind) {
    case 'and':
    case 'or':
      return new Set(condition.conditions.flatMap((each) => [...datesIn(context, each)]));
    case 'in':
      return datesIn(context, condition.query.where);
    case 'compare': {
      const column = context.analysis.schemaIndex.columns[condition.left.column ?? -1];
      return new Set(column !== undefined && isTime(context.analysis, column) ? [column.id] : []);
    }
    default:
      return new Set();
  }
}

/** The same condition with another period in the place of its own. */
function inPeriod(condition: Condition, date: number, period: Condition): Condition | null {
  const isOwn = (each: Condition): boolean => each.kind === 'compare' && each.left.column === date;
  if (condition.kind === 'in') {
    const where = condition.query.where === null ? null : inPeriod(condition.query.where, date, period);
    return where === null ? null : { ...condition, query: { ...condition.query, where } };
  }
  if (condition.kind !== 'and') {
    return isOwn(condition) ? period : condition.kind === 'or' ? null : condition;
  }
  const others = condition.conditions.filter((each) => !isOwn(each));
  const kept = others.map((each) => inPeriod(each, date, period));
  const known = kept.filter((each) => each !== null);
  const added = others.length < condition.conditions.length ? [period] : [];
  return known.length < kept.length ? null : joined('and', [...added, ...known]);
}
