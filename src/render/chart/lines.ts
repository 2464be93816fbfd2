import { type PlotConfig, plot } from 'asciichart';
import stringWidth from 'string-width';
import { createPainter } from '../painter.ts';
import { cutText } from '../table.ts';
import type { BarOptions } from './bars.ts';
import type { Extent } from './extent.ts';
import type { Lines, Mark } from './plot.ts';
import { markTexts, scaleOf } from './scale.ts';

export interface LineOptions extends BarOptions {
  /** Lines of the picture, without its axis. */
  readonly height: number;
}

const asciiSymbols: PlotConfig['symbols'] = ['+', '|', '-', '-', '-', '\\', '/', '\\', '/', '|'];

/** One line over its axis, with a gap where there is NULL; asciichart draws it. */
export function drawLine(
  lines: Lines,
  marks: readonly Mark[],
  { lowest, highest }: Extent,
  options: LineOptions,
): readonly string[] {
  const single = lowest === highest;
  const scale = single
    ? { bottom: lowest, top: highest, marks: [lowest] }
    : scaleOf({ lowest, highest }, Math.max(2, Math.min(6, Math.floor(options.height / 2))));
  // Every mark stands on a line of its own, as far from the next as all others.
  const steps = Math.max(1, scale.marks.length - 1);
  const linesPerStep = Math.max(1, Math.floor((options.height - 1) / steps));
  const lineCount = single ? 0 : steps * linesPerStep;
  const texts = single ? [tickText(lowest)] : markTexts(scale.marks);
  const prefix = Math.max(...texts.map((text) => text.length));
  const width = Math.max(8, options.width - prefix - 2);
  const columns = resample(lines.positions, marks, width);
  const span = scale.top - scale.bottom;
  const scaled = columns.map((value) =>
    value === null || single ? 0 : (value / span - scale.bottom / span) * lineCount,
  );
  // The library draws no gaps: each stands at the height before it, and is blanked out afterwards.
  const drawn = plot([...scaled, scaled.at(-1) ?? 0], {
    min: 0,
    max: lineCount,
    height: lineCount,
    format: (value: number) => {
      const line = Math.round(value);
      return (line % linesPerStep === 0 ? (texts[line / linesPerStep] ?? '') : '').padStart(prefix);
    },
    ...(options.ascii && asciiSymbols !== undefined ? { symbols: asciiSymbols } : {}),
  });
  const paint = createPainter(options.color);
  const picture = drawn.split('\n').map((line) => {
    const cells = [...line];
    const axis = cells.slice(0, prefix + 2).join('');
    const body = cells
      .slice(prefix + 2)
      .map((cell, index) => (columns[index] === null ? ' ' : cell))
      .join('')
      .trimEnd();
    return axis + (body === '' ? '' : paint('cyan', body));
  });
  return [...picture, axisLabels(lines.labels, prefix + 2, width, options)];
}

/** The one value of a scale. */
function tickText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * The height of the line at each column of the window: the mean of the values that fall in it, and between values what
 * lies on the way from one to the next. Null where a NULL is, or on the way to it.
 */
export function resample(
  positions: readonly number[],
  marks: readonly Mark[],
  width: number,
): readonly (number | null)[] {
  const first = positions[0] ?? 0;
  const range = (positions.at(-1) ?? 0) - first;
  const columnOf = (position: number): number =>
    range === 0 ? 0 : Math.round(((position - first) / range) * (width - 1));
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, position] of positions.entries()) {
    const value = marks[index]?.value ?? null;
    const column = sums.get(columnOf(position)) ?? { sum: 0, count: 0 };
    if (value !== null) {
      column.sum += value;
      column.count += 1;
    }
    sums.set(columnOf(position), column);
  }
  const result = Array.from<number | null>({ length: width }).fill(null);
  let before: { at: number; value: number | null } | null = null;
  for (const [at, { sum, count }] of sums) {
    const value = count === 0 ? null : sum / count;
    result[at] = value;
    if (before !== null && before.value !== null && value !== null) {
      for (let column = before.at + 1; column < at; column += 1) {
        result[column] = before.value + ((value - before.value) * (column - before.at)) / (at - before.at);
      }
    }
    before = { at, value };
  }
  return result;
}

/** The first and the last label under their ends of the axis, and the middle one where there is room. */
function axisLabels(labels: readonly string[], indent: number, width: number, { ascii }: BarOptions): string {
  const cut = (text: string): string => cutText(text, Math.floor(width / 2) - 1, ascii ? '~' : '…');
  const first = cut(labels[0] ?? '');
  const last = cut(labels.at(-1) ?? '');
  const gap = Math.max(1, width - stringWidth(first) - stringWidth(last));
  return `${' '.repeat(indent)}${first}${' '.repeat(gap)}${last}`;
}
