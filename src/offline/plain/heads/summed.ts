import { amountsOf } from '../../analysis/amount.ts';
import { isForm } from '../../language/form.ts';
import { spoken } from '../../query/spoken.ts';
import { type Expression, plain } from '../../query/tree.ts';
import type { IndexedColumn, IndexedTable } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { quantities } from '../amounts.ts';
import { datesFor } from '../conditions/dates.ts';
import { ownColumns } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { wholeOf } from '../wholes.ts';
import { words } from '../words.ts';
import { amountOf } from './worked-out.ts';

/** Words behind which a bare amount stands for its sum: `listeners per month`, `revenue in 2025`. */
const leads =
  /^(?:per|by|each|in|on|from|for|of|last|this|since|until|before|after|between|today|yesterday|year|so|and)$/u;

/** Whether nothing or a word that groups or dates stands at a place. */
const isLed = ({ analysis, lowers }: Context, at: number): boolean =>
  analysis.tokens[at] === undefined || analysis.tokens[at].kind === 'mark' || leads.test(lowers[at] ?? '');

/** `revenue`, `turnover`, `takings`: all that the rows brought in, of a table that says when. */
export const revenue: Rule = (context, reading) => {
  const { analysis, lowers, names } = context;
  if (reading.named || reading.measure !== null || reading.shown.length > 0 || reading.asked === 'count') {
    return [];
  }
  const total = /^(?:total|overall|gross)$/u.test(lowers[reading.at] ?? '') ? 1 : 0;
  const at = reading.at + total;
  // What has the name of a column, or of a table, is no other's.
  const taken = analysis.schemaIndex.tables.some(
    ({ id }) =>
      names.columnsAt(id, at).some(({ cost }) => cost === 0) ||
      names.tablesAt(at).some((hit) => hit.cost === 0),
  );
  const earned = isRevenue(lowers, at) && !taken ? earnedOf(context) : null;
  if (earned === null) {
    return [];
  }
  const measure: Expression = { ...earned, aggregate: 'sum' };
  return [
    readOn(context, reading, at + 1, spoken(analysis.schemaIndex).expression(measure), {
      asked: 'sum',
      head: 'sum',
      measure,
      named: true,
      more: 0.15,
    }),
  ];
};

/** What the rows of a table brought in: an amount of those that say when, or the price and quantity of lines of such. */
function earnedOf(context: Context): Expression | null {
  const { analysis, table } = context;
  const lines = amountsOf(analysis).filter(({ price }) => table.columns.includes(price));
  const [line] = lines;
  const sold = (): Expression | null =>
    line === undefined || lines.length > 1
      ? null
      : { ...plain(line.price), times: line.quantity, ...lessOf(context) };
  if (keepsTimes(context, table)) {
    const amount = amountOf(context);
    // The price of one is not what was paid for several.
    return amount === null || amount === line?.price ? sold() : plain(amount);
  }
  return wholeOf(analysis, table) === null ? null : sold();
}

/** The one discount of the rows, where its name and values tell whether it is a fraction or a percentage. */
function lessOf({ analysis, table }: Context): Pick<Expression, 'less'> {
  const discounts = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) => column.class === 'number' && column.words.includes('discount'),
  );
  const [discount, ...others] = discounts;
  const values = (analysis.lookup.of(discount?.id ?? -1) ?? []).map(Number);
  if (
    discount === undefined ||
    others.length > 0 ||
    values.length === 0 ||
    values.some((value) => !(value >= 0))
  ) {
    return {};
  }
  const most = Math.max(...values);
  const inPercent = discount.words.some((word) => /^(?:percent|percentage|pct)$/u.test(word));
  if (inPercent) {
    return most > 1 && most <= 100 ? { less: { column: discount.id, of: 100 } } : {};
  }
  return most <= 1 && values.some((value) => value > 0 && value < 1)
    ? { less: { column: discount.id, of: 1 } }
    : {};
}

/** Whether a word asks for what was earned. */
export const isRevenue = (lowers: readonly string[], at: number): boolean =>
  words.revenue.has(lowers[at] ?? '');

export const keepsTimes = ({ analysis }: Pick<Context, 'analysis'>, table: IndexedTable): boolean =>
  ownColumns(analysis.schemaIndex, table.id).some((column) => isTime(analysis, column));

const isCalled = ({ ownWords }: IndexedColumn, verb: string): boolean =>
  ownWords.some((word) => isForm(verb, word));

/** `listeners per month`, `hours by mechanic`: an amount in the plural, with a word that groups or dates, is added up. */
export const summed: Rule = (context, reading) => {
  const { lowers, lemmas, names, table } = context;
  const { at } = reading;
  if (reading.named || reading.measure !== null || reading.shown.length > 0 || reading.asked !== 'rows') {
    return [];
  }
  return names.columnsAt(table.id, at).flatMap(({ id, end, cost }): Reading[] => {
    const column = quantities(context).find((each) => each.id === id);
    const plural = lowers[end - 1] !== lemmas[end - 1] || words.masses.has(lowers[end - 1] ?? '');
    const verb = lowers[end] ?? '';
    const made =
      /^(?:collected|earned|taken|made|sold|used|worked|spent|paid|charged)$/u.test(verb) ||
      (/(?:ed|en|t|n)$/u.test(verb) &&
        datesFor(context, null, false).some((date) => isCalled(date.column, verb)))
        ? 1
        : 0;
    const next = end + made;
    // A bare plural, `show all majors`, asks for a list.
    const isLast = context.analysis.tokens.slice(next).every(({ kind }) => kind === 'mark');
    // `seeds` of `seeds_count`.
    const isCount = /^(?:count|quantity|qty|number)$/u.test(column?.words.at(-1) ?? '');
    return column === undefined || cost > (isCount ? 0.2 : 0) || !plural || !isLed(context, next) || isLast
      ? []
      : [
          readOn(context, reading, next, `sum of ${column.name}`, {
            asked: 'sum',
            head: 'sum',
            measure: { ...plain(id), aggregate: 'sum' },
            named: true,
            more: 0.2,
          }),
        ];
  });
};
