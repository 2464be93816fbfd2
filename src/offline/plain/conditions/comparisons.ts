import { spoken } from '../../query/spoken.ts';
import type { Comparison, Condition, Literal } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isYear } from '../../time/kept.ts';
import { measures, moneyColumns, quantities } from '../amounts.ts';
import { isPeople, isQuantity } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { converted, measuredAt, unitOf } from '../words.ts';
import { type Amount, amountAt, inUnits, operatorAt, orMore } from './amount.ts';
import { compare, joined, negated, truthsOf } from './conditions.ts';
import { ofRelated } from './counting.ts';

/** `older than 60`, of a date of birth or a year: what came to be so many years before today, or more. */
function aged(
  context: Context,
  reading: Reading,
  column: IndexedColumn,
  older: boolean,
  { number, end, unit, money }: Amount,
): readonly Reading[] {
  const { analysis, lowers } = context;
  if (unit !== null || money || !Number.isInteger(number) || number > 150 || reading.negated) {
    return [];
  }
  const { now } = analysis;
  const next = /^years?$/u.test(lowers[end] ?? '') ? end + (lowers[end + 1] === 'old' ? 2 : 1) : end;
  const year = now.getFullYear() - number;
  const bound: Literal =
    column.class === 'number' && isYear(analysis, column)
      ? { kind: 'number', number: year }
      : {
          kind: 'text',
          text: new Date(Date.UTC(year, now.getMonth(), now.getDate())).toISOString().slice(0, 10),
        };
  return [finished(context, reading, next, compare(column.id, older ? '<' : '>', bound), 0.05)];
}

/** Conditions on numbers: `with more than 300 pages`, `longer than an hour`, `price under 20`, `3 adults`, `cost less than 150`. */
export const comparisons: Rule = (context, reading) => {
  const { lowers } = context;
  const { at } = reading;
  const found: Reading[] = [];
  const adjective = measuredAt(lowers, at, 'more');
  if (adjective !== null && lowers[adjective.end] === 'than') {
    const amount = amountAt(context, adjective.end + 1);
    if (amount !== null) {
      const { up } = adjective.adjective;
      const operator: Comparison = up !== adjective.reversed ? '>' : '<';
      for (const { column, falls } of measures(context, adjective.adjective)) {
        if (falls) {
          found.push(...aged(context, reading, column, operator === '>', amount));
          continue;
        }
        found.push(...conditioned(context, reading, column, operator, amount));
      }
    }
  }
  const costs = /^(?:cost|costs|costing|priced|worth|for)$/u.test(lowers[at] ?? '') ? 1 : 0;
  const first =
    at +
    costs +
    (costs === 1 && /^(?:at|exactly)$/u.test(lowers[at + 1] ?? '') && operatorAt(context, at + 1) === null
      ? 1
      : 0);
  const operator = operatorAt(context, first);
  const amount = amountAt(context, operator?.end ?? first);
  if (amount !== null) {
    const [op, end] = orMore(lowers, operator?.operator ?? '=', amount.end);
    if (operator !== null || reading.having || !reading.named || costs === 1) {
      found.push(...afterNumber(context, reading, op, { ...amount, end }, costs === 1));
    }
  }
  found.push(
    ...named(context, reading),
    ...betweenAmounts(context, reading, first, costs === 1),
    ...ofAge(context, reading),
  );
  return found;
};

/** `under 18`, `over the age of 60`, `over 80 years old`: of people whose birthdays are known. */
function ofAge(context: Context, reading: Reading): readonly Reading[] {
  const { analysis, lowers, table } = context;
  const operator = operatorAt(context, reading.at);
  const old = measuredAt(['older'], 0, 'more')?.adjective;
  if (!reading.named || operator === null || old === undefined || !isPeople(analysis, table)) {
    return [];
  }
  const said = /^(?:the )?age of\b/u.exec(lowers.slice(operator.end, operator.end + 3).join(' '))?.[0];
  const amount = amountAt(context, operator.end + (said?.split(' ').length ?? 0));
  const next = amount === null ? '' : (lowers[amount.end] ?? '');
  return amount === null ||
    amount.number > 110 ||
    !/^[<>]$/u.test(operator.operator) ||
    !/^(?:years?|and|who|with|in|from|[?.!,]|)$/u.test(next)
    ? []
    : measures(context, old).flatMap(({ column, falls }) =>
        !falls
          ? conditioned(context, reading, column, operator.operator, amount)
          : /\b(?:born|birth|birthday|dob)\b/u.test(column.words.join(' '))
            ? aged(context, reading, column, operator.operator === '>', amount)
            : [],
      );
}

/** `between 10 and 50 euros`, `costing between 10 and 50`: the column is told by what is behind the second number. */
function betweenAmounts(context: Context, reading: Reading, at: number, costs: boolean): readonly Reading[] {
  const { schemaIndex } = context.analysis;
  const low = context.lowers[at] === 'between' ? amountAt(context, at + 1) : null;
  const high = low !== null && context.lowers[low.end] === 'and' ? amountAt(context, low.end + 1) : null;
  if (low === null || high === null || reading.negated) {
    return [];
  }
  return afterNumber(context, reading, '<=', high, costs).flatMap((upper): Reading[] => {
    const [most] = upper.conditions.slice(reading.conditions.length);
    const column = most?.kind === 'compare' ? schemaIndex.columns[most.left.column ?? -1] : undefined;
    const unit = low.unit ?? high.unit;
    const least =
      column === undefined ? null : inUnits(column, { ...low, unit, money: low.money || high.money });
    if (most === undefined || column === undefined || least === null) {
      return [];
    }
    const condition = joined('and', [compare(column.id, '>=', { kind: 'number', number: least }), most]);
    return [finished(context, reading, upper.at, condition, upper.cost - reading.cost)];
  });
}

/** The column is named behind the number, or by its unit, or it is money. */
function afterNumber(
  context: Context,
  reading: Reading,
  operator: Comparison,
  amount: Amount,
  costs: boolean,
): readonly Reading[] {
  const { analysis, lowers, names, table } = context;
  const behind = lowers[amount.end] === 'in' || lowers[amount.end] === 'of' ? amount.end + 1 : amount.end;
  const own = names.columnsAt(table.id, behind).flatMap(({ id, end, cost }) => {
    const column = analysis.schemaIndex.columns[id];
    return column === undefined || !isQuantity(analysis, column) || amount.money
      ? []
      : conditioned(context, reading, column, operator, { ...amount, end }, cost);
  });
  if (own.length > 0) {
    return own;
  }
  if (amount.unit !== null) {
    const { unit } = amount;
    const columns = quantities(context).filter((column) =>
      column.words.some((word) => converted(1, unit, unitOf(word) ?? '') !== null && unitOf(word) !== null),
    );
    return columns.length === 1 && columns[0] !== undefined
      ? conditioned(context, reading, columns[0], operator, amount)
      : [];
  }
  if (amount.money || costs) {
    const all = moneyColumns(context);
    // Of several, the one whose amounts are of that size.
    const columns = all.length > 1 ? all.filter((column) => reaches(context, column, amount)) : all;
    return columns.length === 1 && columns[0] !== undefined
      ? conditioned(context, reading, columns[0], operator, amount, all.length > 1 ? 0.2 : 0.05)
      : [];
  }
  return ofRelated(context, reading, operator, amount);
}

/** Whether an amount lies between the least and the most of a column. */
function reaches({ analysis }: Context, column: IndexedColumn, amount: Amount): boolean {
  const number = inUnits(column, { ...amount, money: true });
  const stored = (analysis.lookup.of(column.id) ?? []).map(Number);
  return (
    number !== null && stored.length > 0 && Math.min(...stored) <= number && number <= Math.max(...stored)
  );
}

/** `price under 20`, `whose age is over 30`, `stock of 12`, `between 10 and 20 pages`. */
function named(context: Context, reading: Reading): readonly Reading[] {
  const { analysis, lowers, names, table } = context;
  return names.columnsAt(table.id, reading.at).flatMap(({ id, end, cost }): readonly Reading[] => {
    const column = analysis.schemaIndex.columns[id];
    if (column === undefined || !isQuantity(analysis, column) || truthsOf(analysis, column) !== null) {
      return [];
    }
    let at = end;
    while (/^(?:is|are|was|were|of|=|:|than)$/u.test(lowers[at] ?? '')) {
      at++;
    }
    if (lowers[at] === 'between') {
      const low = amountAt(context, at + 1);
      const high = low !== null && lowers[low.end] === 'and' ? amountAt(context, low.end + 1) : null;
      const [from, to] = [
        low === null ? null : inUnits(column, low),
        high === null ? null : inUnits(column, high),
      ];
      if (high === null || from === null || to === null || reading.negated) {
        return [];
      }
      const condition = joined('and', [
        compare(id, '>=', { kind: 'number', number: from }),
        compare(id, '<=', { kind: 'number', number: to }),
      ]);
      return [finished(context, reading, high.end, condition, cost)];
    }
    const operator = operatorAt(context, at);
    const amount = amountAt(context, operator?.end ?? at);
    return amount === null
      ? []
      : conditioned(
          context,
          reading,
          column,
          operator?.operator ?? '=',
          amount,
          cost + (operator === null ? 0.1 : 0),
        );
  });
}

function conditioned(
  context: Context,
  reading: Reading,
  column: IndexedColumn,
  operator: Comparison,
  amount: Amount,
  more = 0,
): readonly Reading[] {
  const { schemaIndex } = context.analysis;
  const number = inUnits(column, amount);
  if (number === null) {
    return [];
  }
  const condition = compare(column.id, operator, { kind: 'number', number });
  const meant = reading.negated ? negated(schemaIndex, condition) : condition;
  return meant === null ? [] : [finished(context, reading, amount.end, meant, more)];
}

const finished = (
  context: Context,
  reading: Reading,
  end: number,
  condition: Condition,
  more: number,
): Reading =>
  readOn(context, reading, end, spoken(context.analysis.schemaIndex).condition(condition), {
    conditions: [...reading.conditions, condition],
    negated: false,
    having: false,
    lastValue: null,
    more,
  });
