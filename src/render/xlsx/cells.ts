import type { CellValue, ColumnDef } from 'hucre/xlsx';
import type { ResultColumn, Value } from '../../result.ts';
import { isNumeral, valueText } from '../value.ts';

/** A spreadsheet keeps so many digits of a number, and so many characters of a text. */
const mostDigits = 15;
const mostCharacters = 32_767;

/** Values as a spreadsheet has them, and what it can't hold as the database does. */
export interface Cells {
  of(value: Value, column: ResultColumn): CellValue;
  text(text: string): CellValue;
  /** How a column shows its dates and times. */
  formatOf(column: ResultColumn): ColumnDef;
  notes(): readonly string[];
}

/** Days and times of a calendar, as every engine writes them, perhaps with an offset from UTC. */
const calendar =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[ T](?<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?$/u;
/** Before it, spreadsheets count a day that never was. */
const firstDay = Date.UTC(1900, 2, 1);

/** Numbers as numbers, days as days; what would change in a spreadsheet stays the text that it is. */
export function createCells(): Cells {
  const seen = { long: 0, cut: 0, finer: 0, zoned: 0 };

  function text(whole: string): CellValue {
    if (whole.length > mostCharacters) {
      seen.cut += 1;
    }
    // A text that looks like the format's own escape of a character is escaped itself.
    return whole.slice(0, mostCharacters).replace(/_(?=x[\da-f]{4}_)/giu, '_x005F_');
  }

  function date(value: string): Date | null {
    const { date: day = '', time = '00:00', fraction = '', zone } = calendar.exec(value)?.groups ?? {};
    if (day === '') {
      return null;
    }
    // As the database shows it: a spreadsheet knows no zones.
    const instant = new Date(
      `${day}T${time}${fraction === '' || time.length < 8 ? '' : `.${fraction.slice(0, 3)}`}Z`,
    );
    if (Number.isNaN(instant.getTime()) || instant.getTime() < firstDay) {
      return null;
    }
    if (instant.toISOString().slice(0, 10) !== day) {
      return null;
    }
    if (fraction.length > 3 && Number(fraction.slice(3)) > 0) {
      seen.finer += 1;
    }
    if (zone !== undefined) {
      seen.zoned += 1;
    }
    return instant;
  }

  return {
    text,
    of(value, column) {
      const written = valueText(value, column);
      if (written === null) {
        return null;
      }
      if (typeof value === 'boolean') {
        return value;
      }
      if (isNumeral(value, column)) {
        // What is a floating-point number already is the same one there.
        if (typeof value === 'number' || digitsOf(written) <= mostDigits) {
          return Number(written);
        }
        seen.long += 1;
        return written;
      }
      return (typeof value === 'string' && isTemporal(column) ? date(value) : null) ?? text(written);
    },
    formatOf: (column) =>
      isTemporal(column) ? { numFmt: hasTime(column) ? 'yyyy-mm-dd hh:mm:ss' : 'yyyy-mm-dd' } : {},
    notes: () => [
      ...(seen.long === 0
        ? []
        : [`Numbers of more than ${mostDigits} digits stand as text, digit for digit: ${seen.long}.`]),
      ...(seen.cut === 0
        ? []
        : [
            `Texts longer than the ${mostCharacters.toLocaleString('en')} characters of a cell are cut: ${seen.cut}.`,
          ]),
      ...(seen.finer === 0 ? [] : ['Times stand to the millisecond, as finely as a spreadsheet counts.']),
      ...(seen.zoned === 0 ? [] : ['Times stand as the database shows them, without their zone.']),
    ],
  };
}

/** Digits that count: neither a sign, a point and an exponent, nor zeros at either end. */
function digitsOf(numeral: string): number {
  const digits = numeral.replace(/e.*$/iu, '').replace(/[-.]/gu, '').replace(/^0+/u, '');
  return digits.replace(/0+$/u, '').length;
}

/** Whether a column holds days, or days with a time; a time alone is a text. */
function isTemporal({ type }: ResultColumn): boolean {
  return /^(?:date|timestamp)/iu.test(type);
}

function hasTime({ type }: ResultColumn): boolean {
  return /^(?:datetime|timestamp)/iu.test(type);
}
