import { spoken } from '../../query/spoken.ts';
import { partAt } from '../../time/parts.ts';
import { datesFor } from '../conditions/dates.ts';
import { type Rule, readOn } from '../reading.ts';

/** `per month`, `by weekday`, `for each year`, `monthly`: one row a stretch of time. */
export const byPeriod: Rule = (context, reading) => {
  const { at } = reading;
  const found = partAt(context.lowers, at);
  if (found === null) {
    return [];
  }
  const { part, next } = found;
  // A column of the table that is called so is grouped by as it is.
  if (
    context.names
      .columnsAt(context.table.id, next - 1)
      .some(({ cost, id }) => cost < 0.3 && context.analysis.schemaIndex.columns[id]?.class !== 'date')
  ) {
    return [];
  }
  return datesFor(context, null, false).map(({ column, cost }) =>
    readOn(
      context,
      reading,
      next,
      `one row for each ${part} of ${context.analysis.schemaIndex.tables[column.table]?.name ?? ''}.${column.name}${spoken(context.analysis.schemaIndex).clock(column.id)}`,
      {
        groups: [...reading.groups, { kind: 'time', column: column.id, part }],
        lastGroup: next,
        more: cost,
      },
    ),
  );
};
