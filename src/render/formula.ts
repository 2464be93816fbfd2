import type { ResultColumn, Value } from '../result.ts';
import { isNumeral } from './value.ts';

/**
 * A text that a spreadsheet would run as a formula, with an apostrophe before it, as OWASP's page on CSV injection
 * advises; numbers stay as they are.
 */
export function neutralizeFormula(text: string, value: Value, column: ResultColumn | null): string {
  if (!/^[=+\-@\t\r\n＝＋－＠]/u.test(text)) {
    return text;
  }
  return column !== null && isNumeral(value, column) ? text : `'${text}`;
}
