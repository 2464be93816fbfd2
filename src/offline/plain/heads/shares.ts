import { spoken } from '../../query/spoken.ts';
import type { Condition, Expression } from '../../query/tree.ts';
import { dayOf, writeDay } from '../../time/calendar.ts';
import { isTime, isYear } from '../../time/kept.ts';
import { joined } from '../conditions/conditions.ts';
import { datesFor } from '../conditions/dates.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

const share =
  /^(?:(?:what|which) (?:is the |s the |was the )?|how many |the )?(?:percentage|percent|per cent|%|share|proportion|fraction) of (?:the |all |all the |our |all our |my |total )?/u;

/** `what percentage of`, `the share of`: rows of a kind among all. */
export const shares: Rule = (context, reading) => {
  const match = share.exec(`${context.lowers.slice(reading.at, reading.at + 8).join(' ')} `);
  if (match === null || reading.named || reading.head !== null || reading.conditions.length > 0) {
    return [];
  }
  const end = reading.at + match[0].trim().split(' ').length;
  return [readOn(context, reading, end, null, { asked: 'count', head: 'share', share: 0 })];
};

const parts = /^(?:is|are|was|were|has|have|had|got|get|gets|did|do|does|that|who|which|with|without)$/u;
/** Words before a verb that it goes on with: `that are`, `and are`. */
const goesOn = /^(?:that|who|which|and|or|but|not|,)$/u;

/** Whether a verb stands here that parts what a share is one of from what it is: `of tickets in 2025 | were closed`. */
export const partsShare = ({ lowers }: Context, { at, share: of, named, conditions }: Reading): boolean =>
  of !== null &&
  named &&
  of < conditions.length &&
  parts.test(lowers[at] ?? '') &&
  !goesOn.test(lowers[at - 1] ?? '');

/** The share that a reading asks for, and the conditions on what it is one of; null where it can't be told which are which. */
export function shareOf(
  context: Context,
  { conditions, share: of, rate }: Reading,
): { readonly measure: Expression; readonly base: readonly Condition[] } | null {
  if (rate !== null) {
    return { measure: sharing(rate), base: conditions };
  }
  const base = conditions.slice(0, of ?? 0);
  const kind: Condition[] = [];
  for (const condition of conditions.slice(of ?? 0)) {
    const dated = periodOf(context, condition);
    if (dated === null) {
      kind.push(condition);
    } else if (datesFor(context, null, true).some(({ column }) => column.id === dated)) {
      base.push(condition);
    } else {
      return null;
    }
  }
  // `the share of lost calls from Leeds` may be one of all calls, or of those from Leeds.
  const isOpen = kind.length > 1 && of === 0;
  return kind.length === 0 || isOpen ? null : { measure: sharing(joined('and', kind)), base };
}

const sharing = (share: Condition): Expression => ({
  aggregate: 'avg',
  distinct: false,
  column: null,
  share,
});

/** What a share is read as, in words. */
export function shareLine(context: Context, reading: Reading): readonly string[] {
  const found = reading.share === null ? null : shareOf(context, reading);
  if (found === null) {
    return [];
  }
  const { expression, condition } = spoken(context.analysis.schemaIndex);
  const of = found.base.length === 0 ? '' : `, of those where ${condition(joined('and', found.base))}`;
  return [`share → ${expression(found.measure)}${of}`];
}

/** The date column of which a condition is a period; null for any other condition. */
function periodOf(context: Context, condition: Condition): number | null {
  if (condition.kind === 'and' || condition.kind === 'or') {
    const [first, ...rest] = condition.conditions.map((each) => periodOf(context, each));
    return first !== undefined && rest.every((each) => each === first) ? first : null;
  }
  const { analysis } = context;
  if (condition.kind === 'weekday') {
    return condition.column;
  }
  if (condition.kind === 'in' && !condition.negated && condition.query.where !== null) {
    return periodOf(context, condition.query.where);
  }
  if (condition.kind !== 'compare') {
    return null;
  }
  const { left, right } = condition;
  const column = analysis.schemaIndex.columns[left.column ?? -1];
  const isPeriod =
    column !== undefined &&
    (isYear(analysis, column) ||
      (isTime(analysis, column) && !(right.kind === 'text' && right.text === writeDay(dayOf(analysis.now)))));
  return isPeriod ? left.column : null;
}
