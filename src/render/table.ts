import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { ResultColumn, Row, Value } from '../result.ts';
import { escapeLine } from './escape.ts';
import { createGatheredRenderer } from './gathered.ts';
import { createPainter } from './painter.ts';
import type { RenderOptions, TextRenderer } from './renderer.ts';
import { isNumeral, valueText } from './value.ts';

/** The lines of a table, and the mark of a text that is cut. */
const drawn = { lines: {}, horizontal: '─', vertical: '│', mark: '…' };
const typed = {
  lines: {
    top: '-',
    'top-mid': '+',
    'top-left': '+',
    'top-right': '+',
    bottom: '-',
    'bottom-mid': '+',
    'bottom-left': '+',
    'bottom-right': '+',
    left: '|',
    'left-mid': '+',
    mid: '-',
    'mid-mid': '+',
    right: '|',
    'right-mid': '+',
    middle: '|',
  },
  horizontal: '-',
  vertical: '|',
  mark: '~',
};

/** No column is cut below this; where that is not enough, each row becomes a block of its own. */
const narrowest = 8;

/**
 * A table for reading: cells are escaped and cut to the window, numbers stand right, NULL is told from an empty text.
 * Where the columns do not fit side by side, each row is a block with a line a column. It holds all its rows until
 * the end, because the widths depend on them.
 */
export function createTableRenderer(options: RenderOptions): TextRenderer {
  return createGatheredRenderer((columns, rows) => {
    if (columns.length === 0) {
      return '';
    }
    const widths = fitWidths(naturalWidths(columns, rows), options.width);
    return widths === null ? blocks(columns, rows, options) : grid(columns, rows, widths, options);
  });
}

function cellText(value: Value, column: ResultColumn): string {
  const text = valueText(value, column);
  return text === null ? 'NULL' : escapeLine(text);
}

function naturalWidths(columns: readonly ResultColumn[], rows: readonly Row[]): readonly number[] {
  return columns.map((column, index) =>
    rows.reduce(
      (width, row) => Math.max(width, stringWidth(cellText(row[index] ?? null, column))),
      stringWidth(escapeLine(column.name)),
    ),
  );
}

/** Widths that fit the window, the widest columns cut first; null where the columns are too many for it. */
export function fitWidths(natural: readonly number[], window: number | null): readonly number[] | null {
  if (window === null) {
    return natural;
  }
  const available = window - 1 - 3 * natural.length;
  if (natural.reduce((sum, width) => sum + width, 0) <= available) {
    return natural;
  }
  if (natural.reduce((sum, width) => sum + Math.min(width, narrowest), 0) > available) {
    return null;
  }
  // The highest cap under which everything fits: columns below it keep their width, those above share what is left.
  let left = available;
  let open = natural.length;
  let cap = 0;
  for (const width of natural.toSorted((a, b) => a - b)) {
    cap = Math.floor(left / open);
    if (width > cap) {
      break;
    }
    left -= width;
    open -= 1;
  }
  return natural.map((width) => Math.min(width, cap));
}

/** A text cut to so many columns of the terminal, whole characters as a reader sees them. */
export function cutText(text: string, width: number, mark = '…'): string {
  if (stringWidth(text) <= width) {
    return text;
  }
  let cut = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const size = stringWidth(segment);
    if (used + size > width - 1) {
      break;
    }
    cut += segment;
    used += size;
  }
  return cut + mark;
}

function grid(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  widths: readonly number[],
  options: RenderOptions,
): string {
  const style = createPainter(options.color);
  const { lines, mark } = options.ascii ? typed : drawn;
  const right = columns.map(
    (column, index) =>
      column.kind === 'number' ||
      column.kind === 'real' ||
      (column.kind === 'any' &&
        rows.some((row) => row[index] !== null) &&
        rows.every((row) => isNumberOrNull(row[index] ?? null, column))),
  );
  const table = new Table({
    head: columns.map(({ name }, index) =>
      style('bold', cutText(escapeLine(name), widths[index] ?? 0, mark)),
    ),
    chars: lines,
    colAligns: right.map((isRight) => (isRight ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push(
      columns.map((column, index) => {
        const value = row[index] ?? null;
        const text = cutText(cellText(value, column), widths[index] ?? 0, mark);
        return value === null ? style('dim', text) : text;
      }),
    );
  }
  return `${table.toString()}\n`;
}

function isNumberOrNull(value: Value, column: ResultColumn): boolean {
  return value === null || isNumeral(value, column);
}

function blocks(columns: readonly ResultColumn[], rows: readonly Row[], options: RenderOptions): string {
  const style = createPainter(options.color);
  const { horizontal, vertical, mark } = options.ascii ? typed : drawn;
  const names = columns.map(({ name }) =>
    cutText(escapeLine(name), Math.max(narrowest, Math.floor((options.width ?? 80) / 2)), mark),
  );
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  const valueWidth = Math.max(narrowest, (options.width ?? 80) - nameWidth - 3);
  const lines = rows.flatMap((row, number) => [
    style('dim', `${horizontal.repeat(2)} row ${number + 1} `.padEnd(options.width ?? 80, horizontal)),
    ...columns.map((column, index) => {
      const value = row[index] ?? null;
      const name = names[index] ?? '';
      const text = cutText(cellText(value, column), valueWidth, mark);
      return `${style('bold', name)}${' '.repeat(nameWidth - stringWidth(name))} ${vertical} ${value === null ? style('dim', text) : text}`;
    }),
  ]);
  return lines.length === 0 ? `${names.join(', ')}\n` : `${lines.join('\n')}\n`;
}
