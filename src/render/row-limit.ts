import { SqlqError } from '../errors.ts';
import { definitionOf, type Format } from './format.ts';

/**
 * How many rows are written: as many as the user wants, else as many as the format usually takes; null for all. Throws a
 * SqlqError `usage` where the user wants more than it can hold.
 */
export function rowLimit(format: Format, wanted: number | null, onTerminal: boolean): number | null {
  const { mostRows, usualRows } = definitionOf(format);
  if (wanted === null) {
    return onTerminal ? usualRows.onTerminal : usualRows.elsewhere;
  }
  if (mostRows === null || wanted <= mostRows) {
    return wanted;
  }
  throw new SqlqError('usage', `${format} holds at most ${mostRows.toLocaleString('en')} rows.`, {
    hint: `Lower --limit, or write another format: --format csv`,
  });
}

/** The error that ends a result with more rows than its format holds. */
export function tooManyRows(format: Format): SqlqError {
  const most = (definitionOf(format).mostRows ?? 0).toLocaleString('en');
  return new SqlqError(
    'limit',
    `There are more rows than the ${most} that ${format} holds; none is written.`,
    {
      hint: `Ask for fewer, take the first ones with --limit, or write another format: --format csv`,
    },
  );
}
