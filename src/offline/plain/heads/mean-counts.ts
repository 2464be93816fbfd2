import { spoken } from '../../query/spoken.ts';
import type { Expression } from '../../query/tree.ts';
import { isUp, keyed, onlyWay, type Path } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

/** What a reading asks for whose answer is how many rows there are of each on average. */
const head = 'mean of counts';

/** `average number of orders per customer`: rows are counted for each, and the mean of that is asked for. */
export const meanOfCounts: Rule = (context, reading) => {
  const match = /^(?:the )?(?:average|mean|avg) (?:number|count|amount) of\b/u.exec(
    context.lowers.slice(reading.at, reading.at + 5).join(' '),
  );
  const isFirst =
    !reading.named && reading.head !== head && reading.asked === 'rows' && reading.measure === null;
  return match === null || !isFirst
    ? []
    : [readOn(context, reading, reading.at + match[0].split(' ').length, null, { asked: 'count', head })];
};

/** `how many tickets per passenger on average`, `does a passenger have on average`: the same, said at the end. */
export const onAverage: Rule = (context, reading) => {
  const said = /^(?:on average|typically|on avg)\b/u.exec(
    context.lowers.slice(reading.at, reading.at + 2).join(' '),
  );
  return said === null || reading.asked !== 'count' || reading.groups.length === 0
    ? []
    : [readOn(context, reading, reading.at + said[0].split(' ').length, null, { head })];
};

/** What a reading of a mean of counts groups by, and the mean; undefined for any other reading, null where it can't be said. */
export function meanOf(
  context: Context,
  reading: Reading,
):
  | { readonly measure: Expression; readonly way: Path; readonly lines: readonly string[] }
  | null
  | undefined {
  if (reading.head !== head) {
    return undefined;
  }
  const { analysis, table } = context;
  const { schemaIndex } = analysis;
  const [group, ...others] = reading.groups;
  if (group === undefined || group.kind === 'time' || others.length > 0 || reading.countCondition !== null) {
    return null;
  }
  // `per sailing`, of which nothing but the key is shown.
  const link =
    group.kind === 'column'
      ? schemaIndex.links.find(
          ({ from, left }) => from === table.id && left.length === 1 && left[0] === group.column,
        )
      : undefined;
  const way =
    group.kind === 'table'
      ? (group.way ?? onlyWay(context, group.table))
      : link === undefined
        ? null
        : keyed(link);
  const last = way?.steps.at(-1);
  const [key] = last?.link.left ?? [];
  if (way === null || last === undefined || key === undefined || !isUp(way)) {
    return null;
  }
  const each = schemaIndex.tables[way.to]?.name ?? '';
  return {
    measure: { aggregate: 'avg', distinct: false, column: null, per: key },
    way: { to: last.link.from, steps: way.steps.slice(0, -1) },
    lines: [
      `average → rows of ${table.name} divided by the different ${spoken(schemaIndex).column(key)} among them; rows of ${each} without any are left out`,
    ],
  };
}
