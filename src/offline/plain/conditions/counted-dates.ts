import type { Condition } from '../../query/tree.ts';
import { along, type Path } from '../paths.ts';
import type { Context } from '../reading.ts';
import { wholeOf } from '../wholes.ts';
import { type Dated, datesFor } from './dates.ts';

/** A date of what is counted, with the condition on the counted rows that one on the date makes. */
interface CountedDate extends Dated {
  readonly condition: (onDate: Condition) => Condition;
}

/**
 * The dates that a period behind a count is about: `customers with the most orders in 2025` counts orders of that year,
 * whenever the customers came.
 */
export function countedDates(
  context: Context,
  counted: Path,
  verb: string | null,
  years: boolean,
): readonly CountedDate[] {
  const { schemaIndex } = context.analysis;
  const joined = counted.steps.map(({ link, up }) => (up ? link.to : link.from)).reverse();
  for (const table of joined.flatMap((id) => schemaIndex.tables[id] ?? [])) {
    const whole = wholeOf(context.analysis, table);
    const found = datesFor({ ...context, table }, verb, years).flatMap((dated): CountedDate[] => {
      const to = dated.column.table;
      if (joined.includes(to)) {
        return [{ ...dated, condition: (onDate) => onDate }];
      }
      return whole === null || to !== whole.to
        ? []
        : [
            {
              ...dated,
              condition: (onDate) => along(schemaIndex, { to, steps: [{ link: whole, up: true }] }, onDate),
            },
          ];
    });
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}
