import { type Amount, amountsOf } from '../../analysis/amount.ts';
import { spoken } from '../../query/spoken.ts';
import { countAll, type Expression, plain } from '../../query/tree.ts';
import type { IndexedTable } from '../../schema-index/schema-index.ts';
import { datesFor } from '../conditions/dates.ts';
import { isRevenue, keepsTimes } from '../heads/summed.ts';
import { amountOf } from '../heads/worked-out.ts';
import { isQuantity } from '../names.ts';
import { onlyWay } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { ordered } from './ranks.ts';

/** `top 5 customers by total payments`, `by number of stays`, `by price`. */
export const rankedBy: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  if (reading.order !== null || !reading.named || reading.negated || reading.asked !== 'rows') {
    return [];
  }
  if (lowers[reading.at] !== 'by' || reading.limit === null) {
    return mostRevenue(context, reading);
  }
  const { schemaIndex } = analysis;
  const at = reading.at + 1;
  const found: Reading[] = [];
  const text = lowers.slice(at, at + 4).join(' ');
  const count = /^(?:the )?(?:total )?(?:number|count) of\b/u.exec(text);
  if (count !== null) {
    for (const hit of context.names.tablesAt(at + count[0].split(' ').length)) {
      const way = onlyWay(context, hit.id);
      if (reading.ofEach && hit.id === table.id) {
        found.push(ordered(context, reading, hit.end, countAll, true, { more: hit.cost }));
      } else if (!reading.ofEach && way?.steps[0]?.up === false) {
        found.push(ordered(context, reading, hit.end, countAll, true, { counted: way, more: hit.cost }));
      }
    }
    return found;
  }
  for (const { id, end, cost } of context.names.columnsAt(table.id, at)) {
    const column = schemaIndex.columns[id];
    if (column !== undefined && isQuantity(analysis, column)) {
      const by: Expression = reading.ofEach ? { ...plain(id), aggregate: 'sum' } : plain(id);
      found.push(ordered(context, reading, end, by, true, { more: cost + (reading.ofEach ? 0.1 : 0) }));
    }
  }
  if (reading.ofEach) {
    // `top 3 countries by accessions`, of which each row has one.
    const own = context.names.tablesAt(at).filter(({ id, cost }) => id === table.id && cost < 0.3);
    return [
      ...found,
      ...own.map(({ end, cost }) => ordered(context, reading, end, countAll, true, { more: cost + 0.05 })),
    ];
  }
  // `by calls`: how many; of what has an amount, it may as well be that.
  for (const hit of count === null ? context.names.tablesAt(at) : []) {
    const way = onlyWay(context, hit.id);
    const rows = schemaIndex.tables[hit.id];
    if (way?.steps[0]?.up === false && rows !== undefined && amountOf({ ...context, table: rows }) === null) {
      found.push(ordered(context, reading, hit.end, countAll, true, { counted: way, more: hit.cost + 0.1 }));
    }
  }
  const total = /^(?:the )?(?:total|sum of|combined|overall)\b/u.exec(text);
  const from = at + (total === null ? 0 : total[0].split(' ').length);
  for (const other of schemaIndex.tables) {
    const way = onlyWay(context, other.id);
    if (way === null || way.steps.length === 0 || !way.steps.every(({ up }) => !up)) {
      continue;
    }
    const there: Context = { ...context, table: other };
    const sums = [...new Set([from, at])].flatMap((place) =>
      context.names.columnsAt(other.id, place).filter(({ id }) => {
        const column = schemaIndex.columns[id];
        return column !== undefined && isQuantity(analysis, column);
      }),
    );
    for (const { id, end: told, cost } of sums) {
      // `by litres brewed`.
      const verb = lowers[told] ?? '';
      const end = /(?:ed|en|t|n)$/u.test(verb) && datesFor(there, verb, false).length > 0 ? told + 1 : told;
      found.push(
        ordered(context, reading, end, { ...plain(id), aggregate: 'sum' }, true, {
          counted: way,
          more: cost + 0.05 * way.steps.length + (total === null ? 0.15 : 0),
        }),
      );
    }
    const amount = amountOf(there);
    if (amount !== null && isRevenue(lowers, from) && keepsTimes(context, other)) {
      found.push(
        ordered(context, reading, from + 1, { ...plain(amount), aggregate: 'sum' }, true, {
          counted: way,
          more: 0.1 * way.steps.length,
        }),
      );
    }
    for (const line of isRevenue(lowers, from) ? soldLines(context, other) : []) {
      const by: Expression = { ...plain(line.price), times: line.quantity, aggregate: 'sum' };
      const first = ordered(context, reading, from + 1, by, true, {
        counted: way,
        more: 0.1 + 0.1 * way.steps.length,
      });
      const lines = [...first.lines, `revenue is the ${spoken(schemaIndex).expression(by)}`];
      found.push(readOn(context, first, from + 1, null, { lines }));
    }
    for (const hit of amount === null ? [] : context.names.tablesAt(from)) {
      if (hit.id === other.id && amount !== null) {
        found.push(
          ordered(context, reading, hit.end, { ...plain(amount), aggregate: 'sum' }, true, {
            counted: way,
            more: hit.cost + (total === null ? 0.25 : 0),
          }),
        );
      }
    }
  }
  return found;
};

/** The price and quantity of lines, where what they are lines of says when. */
const soldLines = ({ analysis }: Context, lines: IndexedTable): readonly Amount[] =>
  analysis.schemaIndex.links.some(({ from, to }) => {
    const whole = analysis.schemaIndex.tables[to];
    return from === lines.id && whole !== undefined && keepsTimes({ analysis }, whole);
  })
    ? amountsOf(analysis).filter(({ price }) => lines.columns.includes(price))
    : [];

/** `with the most revenue`, `with the highest turnover`: what the rows of another table brought in. */
function mostRevenue(context: Context, reading: Reading): readonly Reading[] {
  const { analysis, lowers } = context;
  const at = reading.at + (lowers[reading.at] === 'the' ? 1 : 0);
  if (
    !/^(?:most|highest|least|lowest)$/u.test(lowers[at] ?? '') ||
    !isRevenue(lowers, at + 1) ||
    reading.ofEach
  ) {
    return [];
  }
  return analysis.schemaIndex.tables.flatMap((other): Reading[] => {
    const way = onlyWay(context, other.id);
    const there: Context = { ...context, table: other };
    const amount =
      way !== null && way.steps.length > 0 && way.steps.every(({ up }) => !up) && keepsTimes(context, other)
        ? amountOf(there)
        : null;
    return amount === null
      ? []
      : [
          ordered(
            context,
            reading,
            at + 2,
            { ...plain(amount), aggregate: 'sum' },
            /^(?:most|highest)$/u.test(lowers[at] ?? ''),
            {
              counted: way,
              having: false,
              more: 0.1 * (way?.steps.length ?? 1),
            },
          ),
        ];
  });
}
