import { isNumeral, valueText } from '../render/value.ts';
import type { ResultColumn, Row } from '../result.ts';

/** A value as JSON can hold it. */
export type Cell = string | number | boolean | null;

/**
 * A row as JSON, exact: a number that a double holds is one, any other is a text of its digits. Dates, JSON
 * and all else are the database's text, bytes `\x` and hexadecimal digits, NULL null.
 */
export function cellsOf(row: Row, columns: readonly ResultColumn[]): readonly Cell[] {
  return columns.map((column, index) => {
    const value = row[index] ?? null;
    if (typeof value === 'boolean') {
      return value;
    }
    const text = valueText(value, column);
    if (text === null || !isNumeral(value, column)) {
      return text;
    }
    const number = Number(text);
    // What JavaScript writes again as it stood, but for noughts at the end of a fraction, which change no value.
    const shortest = text.replace(/(\.\d*?)0+$/u, '$1').replace(/\.$/u, '');
    return shortest === JSON.stringify(number) ? number : text;
  });
}
