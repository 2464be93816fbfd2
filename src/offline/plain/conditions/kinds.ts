import type { Condition } from '../../query/tree.ts';
import { whenAt, within } from '../../time/when.ts';
import type { Context } from '../reading.ts';
import { joined } from './conditions.ts';
import { datesFor } from './dates.ts';
import { statesAt } from './states.ts';
import { valueConditions } from './values.ts';

interface Found {
  readonly end: number;
  readonly cost: number;
  readonly condition: Condition;
}

/** Values and states with the word for the rows behind them: `car ticket`, `unpaid invoices`. */
export function kindsAt(there: Context, start: number): readonly Found[] {
  const found: Found[] = [];
  let open: readonly Found[] = kindAt(there, start);
  for (let depth = 0; depth < 3 && open.length > 0; depth++) {
    for (const each of open) {
      for (const hit of there.names.tablesAt(each.end)) {
        if (hit.id === there.table.id) {
          found.push({ ...each, end: hit.end, cost: each.cost + hit.cost });
        }
      }
    }
    open = open.flatMap((each) =>
      kindAt(there, each.end).map((next) => ({
        end: next.end,
        cost: each.cost + next.cost,
        condition: joined('and', [each.condition, next.condition]),
      })),
    );
  }
  return found;
}

const kindAt = (there: Context, at: number): readonly Found[] => [
  ...valueConditions(there, at),
  ...statesAt(there, at),
];

/** A period at a place, as one of the date on which rows came to be. */
export function dated(there: Context, at: number): readonly Found[] {
  const when = whenAt(there.analysis, there.lowers, at);
  const [date] = when === null ? [] : datesFor(there, null, true);
  const condition = when === null || date === undefined ? null : within(there.analysis, date.column, when);
  return when === null || condition === null ? [] : [{ end: when.next, cost: 0, condition }];
}
