import { spoken } from '../../query/spoken.ts';
import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { whenAt, within } from '../../time/when.ts';
import { along } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { negated } from './conditions.ts';
import { countedDates } from './counted-dates.ts';
import { datesFor } from './dates.ts';
import { type Act, actOf } from './periods-of-acts.ts';

/** `in 2024`, `opened since September`, `on Fridays`, `hired this year`, `published after 2015`. */
export const periods: Rule = (context, reading) => {
  const { lowers } = context;
  const { at } = reading;
  // `joined in 2024`, `were opened since May`: the verb tells which of several dates is meant.
  const particle = /^(?:for|up|in|out|off|on|us)$/u.test(lowers[at + 1] ?? '') ? [at + 2] : [];
  const starts = [at, at + 1, ...particle].filter((start) => start < lowers.length);
  return starts.flatMap((start) => {
    const verb = start === at ? null : (lowers[at] ?? '');
    if (verb !== null && /^(?:in|on|since|before|after|until|from|during|between)$/u.test(verb)) {
      return [];
    }
    const when = whenAt(context.analysis, lowers, start);
    // `starting next month` of what has a start is no `since`.
    const isVerb = verb === null && /^(?:starting|beginning)$/u.test(lowers[at] ?? '');
    if (isVerb && datesFor(context, lowers[at] ?? '', true).length > 0) {
      return [];
    }
    if (when === null || (!when.sure && verb === null)) {
      return [];
    }
    // `rented in 2024 but not in 2025` says of both years when they rented.
    const act = verb === null ? actOf(context, reading.conditions) : null;
    if (act !== null) {
      return reading.negated ? notThen(context, reading, when, act) : [];
    }
    return onDates(context, reading, { next: when.next, verb, years: !('weekdays' in when) }, (column) => {
      const condition = within(context.analysis, column, when);
      return condition === null || !reading.negated
        ? condition
        : negated(context.analysis.schemaIndex, condition);
    });
  });
};

/** The reading that the rows did not do at another time what they did. */
function notThen(
  context: Context,
  reading: Reading,
  when: NonNullable<ReturnType<typeof whenAt>>,
  act: Act,
): readonly Reading[] {
  const condition = act.notIn((column) => within(context.analysis, column, when));
  return condition === null
    ? []
    : [
        readOn(context, reading, when.next, spoken(context.analysis.schemaIndex).condition(condition), {
          conditions: [...reading.conditions, condition],
          negated: false,
          having: false,
          lastValue: null,
        }),
      ];
}

/** The readings of a period that ends before `next`, one a date that it may be about: of what is counted, where that has one. */
function onDates(
  context: Context,
  reading: Reading,
  { next, verb, years }: { readonly next: number; readonly verb: string | null; readonly years: boolean },
  on: (column: IndexedColumn) => Condition | null,
): readonly Reading[] {
  const { schemaIndex } = context.analysis;
  const counted = reading.counted === null ? [] : countedDates(context, reading.counted, verb, years);
  const dates =
    counted.length > 0
      ? counted
      : datesFor(context, verb, years).map((dated) => {
          const [way] = context.paths.get(dated.column.table) ?? [];
          const own = way === undefined || dated.column.table === context.table.id;
          return {
            ...dated,
            condition: (onDate: Condition) => (own ? onDate : along(schemaIndex, way, onDate)),
          };
        });
  return dates.flatMap(({ column, cost, condition }): Reading[] => {
    const onDate = on(column);
    return onDate === null
      ? []
      : [
          readOn(context, reading, next, spoken(schemaIndex).condition(onDate), {
            conditions: [...reading.conditions, condition(onDate)],
            negated: false,
            having: false,
            lastValue: null,
            dated: reading.dated || (counted.length === 0 && verb === null),
            more: cost,
          }),
        ];
  });
}
