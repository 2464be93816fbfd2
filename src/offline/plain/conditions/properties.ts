import { spoken } from '../../query/spoken.ts';
import type { Condition } from '../../query/tree.ts';
import { isQuantity } from '../names.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';
import { compare, hasValue, negated, truth } from './conditions.ts';
import { statesAt } from './states.ts';

/** `with a sea view`, `gets the newsletter`, `without balcony`, `vip`: columns that say yes or no, and values that are missing. */
export const properties: Rule = (context, reading) => {
  const { analysis, names, table } = context;
  const { schemaIndex } = analysis;
  if (statesAt(context, reading.at).length > 0 || (!reading.named && reading.shown.length > 0)) {
    return [];
  }
  return names.columnsAt(table.id, reading.at).flatMap(({ id, end, cost }): Reading[] => {
    const column = schemaIndex.columns[id];
    if (column === undefined) {
      return [];
    }
    const flag = truth(analysis, column, !reading.negated);
    const add = (condition: Condition, more: number): Reading[] => [
      readOn(context, reading, end, spoken(schemaIndex).condition(condition), {
        conditions: [...reading.conditions, condition],
        negated: false,
        having: false,
        more: cost + more,
      }),
    ];
    if (flag !== null) {
      return add(flag, 0);
    }
    const next = context.lowers[end] ?? '';
    const compares =
      /^(?:over|above|under|below|more|less|fewer|at|than|greater|between|exactly)$/u.test(next) ||
      context.analysis.tokens[end]?.number != null;
    if (!reading.having || compares || column.primary) {
      return [];
    }
    // `with a fine`, `with a delay`: an amount of nothing is none.
    const mayBeNothing =
      column.words.some((word) => words.money.has(word)) ||
      analysis.lookup.of(id)?.some((value) => Number(value) === 0) === true;
    if (isQuantity(analysis, column) && mayBeNothing) {
      const some = compare(id, '>', { kind: 'number', number: 0 });
      const none = negated(schemaIndex, some);
      return reading.negated ? (none === null ? [] : add(none, 0.1)) : add(some, 0.1);
    }
    if (!column.column.nullable) {
      return [];
    }
    return add(hasValue(analysis, id, reading.negated), 0);
  });
};
