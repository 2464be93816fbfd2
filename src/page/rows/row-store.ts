import { type ReadonlySignal, signal } from '@preact/signals';
import type { Cell, Column, ReadableRows, Row } from './readable-rows.ts';

/**
 * Rows that are still coming, a list a column: a million arrays of five would take three times the room. `version` goes up
 * when there is more, at most once for each picture that the browser draws.
 */
export interface RowStore extends ReadableRows {
  readonly version: ReadonlySignal<number>;
  begin(columns: readonly Column[]): void;
  append(rows: readonly Row[]): void;
}

/** Types of columns whose texts are numerals. */
const numericType = /int|num|dec|real|double|float|serial|money|number/iu;
const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;
/** Where the engine names no type: what a double would not hold, and came as a text for that alone. */
const longNumeral = /^-?[1-9]\d{15,}$/u;

export function createRowStore(): RowStore {
  const version = signal(0);
  let columns: readonly Column[] = [];
  let cells: Cell[][] = [];
  let numeric: boolean[] = [];
  let length = 0;
  let isTelling = false;
  const tell = (): void => {
    if (!isTelling) {
      isTelling = true;
      // A page that can't be seen draws nothing, and is told nevertheless.
      const soon: (done: () => void) => void = document.hidden ? setTimeout : requestAnimationFrame;
      soon(() => {
        isTelling = false;
        version.value += 1;
      });
    }
  };
  const fits = (cell: Cell, type: string): boolean =>
    cell === null ||
    typeof cell === 'number' ||
    (typeof cell === 'string' &&
      (type === '' ? longNumeral.test(cell) : numericType.test(type) && numeral.test(cell)));
  return {
    version,
    get columns() {
      return columns;
    },
    get length() {
      return length;
    },
    begin(found) {
      columns = found;
      cells = found.map(() => []);
      numeric = found.map(() => true);
      length = 0;
      tell();
    },
    append(rows) {
      for (const [index, column] of cells.entries()) {
        const type = columns[index]?.type ?? '';
        let isNumeric = numeric[index] ?? false;
        for (const row of rows) {
          const cell = row[index] ?? null;
          column.push(cell);
          isNumeric &&= fits(cell, type);
        }
        numeric[index] = isNumeric;
      }
      length += rows.length;
      tell();
    },
    cell: (row, column) => cells[column]?.[row] ?? null,
    isNumeric: (column) => length > 0 && (numeric[column] ?? false),
  };
}
