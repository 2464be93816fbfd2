import { countAll, type Expression, plain } from '../../query/tree.ts';
import { amountOf } from '../heads/worked-out.ts';
import { isQuantity } from '../names.ts';
import type { Context, Reading, Rule } from '../reading.ts';
import { onlyWay } from '../relations/relations.ts';
import { ordered } from './ranks.ts';

/** `top 5 customers by total payments`, `by number of stays`, `by price`. */
export const rankedBy: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  if (
    reading.order !== null ||
    reading.limit === null ||
    !reading.named ||
    lowers[reading.at] !== 'by' ||
    reading.negated
  ) {
    return [];
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
    return found;
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
    for (const { id, end, cost } of sums) {
      found.push(
        ordered(context, reading, end, { ...plain(id), aggregate: 'sum' }, true, {
          counted: way,
          more: cost + 0.05 * way.steps.length + (total === null ? 0.15 : 0),
        }),
      );
    }
    const amount = amountOf(there);
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
