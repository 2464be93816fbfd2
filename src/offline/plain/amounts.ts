import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { isTime, isYear } from '../time/kept.ts';
import { truthsOf } from './conditions/conditions.ts';
import { isQuantity, ownColumns } from './names.ts';
import type { Context } from './reading.ts';
import { type Measured, unitOf, words } from './words.ts';

/** The amounts of the rows themselves. */
export const quantities = (context: Context): readonly IndexedColumn[] =>
  ownColumns(context.analysis.schemaIndex, context.table.id).filter(
    (column) => isQuantity(context.analysis, column) && truthsOf(context.analysis, column) === null,
  );

/** The amounts of money of the rows themselves. */
export const moneyColumns = (context: Context): readonly IndexedColumn[] =>
  quantities(context).filter((column) => column.words.some((word) => words.money.has(word)));

/** The columns that an adjective measures, the nearest word first; those that fall with it (a date of birth with age) say so. */
export function measures(
  context: Context,
  { of, back = [] }: Measured,
): readonly { readonly column: IndexedColumn; readonly falls: boolean }[] {
  const { analysis, table } = context;
  const amounts = quantities(context).filter((column) => !isYear(analysis, column));
  for (const word of of) {
    // `delay_minutes` measures a delay: a unit alone says of nothing else how long it is.
    const found = amounts.filter(
      (column) =>
        column.words.includes(word) &&
        (unitOf(word) === null ||
          column.ownWords.every((own) => of.includes(own) || unitOf(own) !== null || own === 'in')),
    );
    if (found.length > 0) {
      return found.map((column) => ({ column, falls: false }));
    }
  }
  const times = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) => isTime(analysis, column) || isYear(analysis, column),
  );
  for (const word of back) {
    const found = times.filter((column) => column.words.includes(word));
    if (found.length > 0) {
      return found.map((column) => ({ column, falls: true }));
    }
  }
  return [];
}
