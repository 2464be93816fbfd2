import { isTime } from '../../time/kept.ts';
import { isUp, onlyWay } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { groupingsAt } from './groups.ts';

const each = /^(?:per|(?:(?:of|in|for|from|at|on|by) )?(?:each|every))\b/u;

/** Whether rows are ordered by a date, on which none is as good as another. */
const isDated = ({ analysis }: Context, { order }: Reading): boolean => {
  const column = analysis.schemaIndex.columns[order?.by.column ?? -1];
  return column !== undefined && isTime(analysis, column);
};

/** `the newest order of each customer`, `top 2 products per category`: an order that holds in each group by itself. */
export const withinEach: Rule = (context, reading) => {
  const { lowers } = context;
  const said = each.exec(lowers.slice(reading.at, reading.at + 2).join(' '));
  if (
    said === null ||
    reading.within !== null ||
    reading.asked !== 'rows' ||
    reading.ofEach ||
    reading.negated ||
    reading.groups.length > 0 ||
    (reading.named && reading.limit === null) ||
    (reading.offset !== null && !isDated(context, reading))
  ) {
    return [];
  }
  const at = reading.at + said[0].split(' ').length;
  return groupingsAt(context, at).flatMap(({ grouping, end, cost, name }): Reading[] => {
    const group =
      grouping.kind === 'table'
        ? `row of ${context.analysis.schemaIndex.tables[grouping.table]?.name ?? ''}`
        : name;
    const way = grouping.kind === 'table' ? onlyWay(context, grouping.table) : null;
    return way !== null && !isUp(way)
      ? []
      : [
          readOn(
            context,
            reading,
            end,
            `ranked for each ${group} by itself; rows that tie are ${reading.offset === null ? 'all shown' : 'told apart by their keys'}`,
            {
              within: grouping,
              more: cost,
            },
          ),
        ];
  });
};
