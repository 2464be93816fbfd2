import { amountsOf } from '../../analysis/amount.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { columnMentions } from '../../analysis/columns.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime, isYear } from '../../time/kept.ts';
import { isYear as isYearWord } from '../../time/span.ts';
import { type When, whenAt, within } from '../../time/when.ts';
import type { Add } from './item.ts';

/** The first words that can mean nothing but time, and where they begin; null where there are none. */
function namedPeriod(analysis: Analysis): { readonly start: number; readonly when: When } | null {
  const lowers = analysis.tokens.map(({ lower }) => lower);
  for (let start = 0; start < lowers.length; start++) {
    const when = whenAt(analysis, lowers, start);
    if (when?.sure === true) {
      return { start, when };
    }
  }
  return null;
}

/**
 * Whether the year at a place says when something was, and so can't be a price or a postcode: `in 2024`. A column that is
 * named just before may have it for all that: `a price of 2024`.
 */
export function saysWhenOnly(analysis: Analysis): (column: IndexedColumn, at: number) => boolean {
  const period = namedPeriod(analysis);
  const mentions = period === null ? [] : columnMentions(analysis);
  return (column, at) =>
    period !== null &&
    period.start <= at &&
    at < period.when.next &&
    isYearWord(analysis.tokens[at]?.lower) &&
    column.class !== 'date' &&
    !isYear(analysis, column) &&
    !column.words.includes('year') &&
    !mentions.some(({ id, end }) => id === column.id && (end === period.start || end === period.start - 1));
}

/** Whether a table keeps years as numbers, which a year of the question then means. */
function keepsYears({ schemaIndex }: Analysis, tables: ReadonlySet<number>): boolean {
  return schemaIndex.columns.some(
    ({ table, class: kind, words }) => tables.has(table) && kind !== 'date' && words.includes('year'),
  );
}

/**
 * Conditions of days, `last year`, `the past 30 days` or `in March 2025`, on date columns of the tables that the
 * question names. Those that are counted from today are written out, so that the interpretation shows which are meant.
 */
export function periodItems(analysis: Analysis, add: Add): void {
  const period = namedPeriod(analysis);
  if (period === null) {
    return;
  }
  const { start, when } = period;
  const named = new Set(
    analysis.tables.filter((mention) => mention.score >= 0.7).map((mention) => mention.id),
  );
  const isDated = !when.fromToday;
  if (isDated && (named.size === 0 || keepsYears(analysis, named))) {
    return;
  }
  const dates = analysis.schemaIndex.columns.filter((column) => isTime(analysis, column));
  // Money is spent on the day of the order, not on that on which its customer came.
  const paid = new Set(
    amountsOf(analysis).flatMap(({ price }) => {
      const table = analysis.schemaIndex.columns[price]?.table;
      return [table, ...analysis.schemaIndex.links.flatMap((link) => (link.from === table ? [link.to] : []))];
    }),
  );
  const traded = dates.filter((column) => paid.has(column.table) && !named.has(column.table));
  const near = traded.length > 0 ? traded : dates.filter((column) => named.has(column.table));
  const mentioned = near.filter((column) =>
    analysis.columns.some((mention) => mention.id === column.id && mention.score >= 0.5),
  );
  const others = firstOfEach(near.length > 0 || isDated ? near : dates);
  const chosen = mentioned.length > 0 ? mentioned : others;
  for (const column of chosen.slice(0, 8)) {
    const condition = within(analysis, column, when);
    if (condition === null) {
      continue;
    }
    const sure = 0.9 / chosen.length;
    add(
      condition,
      column.id,
      column.table,
      { start, end: when.next },
      { kind: 'number', operator: '>=', year: true, sure },
    );
  }
}

/** The first date of each table, which is when its rows came to be; later ones tell of what became of them. */
function firstOfEach(columns: readonly IndexedColumn[]): readonly IndexedColumn[] {
  return columns.filter((column) => column === columns.find(({ table }) => table === column.table));
}
