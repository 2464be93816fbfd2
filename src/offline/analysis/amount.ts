import type { Analysis } from './analysis.ts';

/** Money that a question speaks of and no column holds: a price times a quantity, both of one table. */
export interface Amount {
  readonly price: number;
  readonly quantity: number;
  readonly start: number;
  readonly end: number;
}

const money =
  /\b(spent|spends?|spending|paid|pays?|revenues?|turnover|sales|earned|earnings|earns?|(total|order|sales) (amount|value|price|cost)|sold for|income|takings)\b/iu;

/** Amounts that the question may mean, at the words that speak of money. */
export function amountsOf(analysis: Analysis): Amount[] {
  const match = money.exec(analysis.question);
  // `Umsatz`, translated, is money as `revenue` is.
  const spoken = analysis.tokens.findIndex(
    ({ lower, translated }) => translated === true && money.test(lower),
  );
  if (match === null && spoken < 0) {
    return [];
  }
  const start = match === null ? spoken : analysis.tokens.findIndex((token) => token.end > match.index);
  const end =
    match === null
      ? spoken + 1
      : analysis.tokens.findLastIndex((token) => token.start < match.index + match[0].length) + 1;
  return analysis.schemaIndex.tables.flatMap((table) => {
    const named = (pattern: RegExp): number | undefined =>
      table.columns.find((id) => {
        const column = analysis.schemaIndex.columns[id];
        return column?.class === 'number' && pattern.test(column.words.join(' '));
      });
    const price = named(/\b(unit price|price each|price|unit cost)$/);
    const quantity = named(/^((order|item|ordered|line) )?(quantity|units)( ordered)?$/);
    return price === undefined || quantity === undefined ? [] : [{ price, quantity, start, end }];
  });
}
