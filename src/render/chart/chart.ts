import type { ResultColumn } from '../../result.ts';
import { createPainter } from '../painter.ts';
import type { RenderOptions, TextRenderer } from '../renderer.ts';
import { createTableRenderer } from '../table.ts';
import { drawBars } from './bars.ts';
import { extentOf } from './extent.ts';
import { binsOf } from './histogram.ts';
import { drawLine } from './lines.ts';
import { type Bars, choosePlot, type Lines, type Mark, type Plot } from './plot.ts';
import { createSample, type Sample } from './sample.ts';

/** A chart is drawn from at most so many rows. */
const mostRows = 100_000;
/** Where there is no window: columns, and lines of a picture. */
const usualWidth = 80;
const usualHeight = 24;
/** Bars that are drawn where no window says how many fit. */
const mostBars = 100;
/** Rows of a table that stands in for a chart that can't be drawn. */
const mostTableRows = 1000;

/**
 * A picture of the rows for the terminal, as large as its window: bars, lines or a histogram. What it leaves out it says.
 * Rows without a number are shown as a table.
 */
export function createChartRenderer(options: RenderOptions): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  const sample = createSample(mostRows);
  const notes: string[] = [];
  return {
    begin(found) {
      columns = found;
      return '';
    },
    rows(batch) {
      sample.add(batch);
      return '';
    },
    end() {
      const plot = choosePlot(columns, sample.rows);
      if (plot === null) {
        return asTable(columns, sample, options, notes);
      }
      if (sample.stride > 1) {
        notes.push(
          `Drawn from ${count(sample.rows.length)} of ${count(sample.total)} rows, evenly taken: one in ${sample.stride}.`,
        );
      }
      return `${draw(plot, options, notes, sample.stride > 1).join('\n')}\n`;
    },
    notes: () => notes,
  };
}

function asTable(
  columns: readonly ResultColumn[],
  sample: Sample,
  options: RenderOptions,
  notes: string[],
): string {
  const shown = sample.rows.slice(0, mostTableRows);
  if (sample.total > 0) {
    notes.push(
      columns.length === 1 && sample.total === 1
        ? 'A single value makes no chart, so here it is.'
        : 'There is no column of numbers to draw, so here are the rows as a table.',
    );
  }
  if (shown.length < sample.total) {
    notes.push(
      sample.stride > 1
        ? `The table shows ${count(shown.length)} of ${count(sample.total)} rows, one in ${sample.stride}.`
        : `The table shows the first ${count(shown.length)} of ${count(sample.total)} rows.`,
    );
  }
  const table = createTableRenderer(options);
  return table.begin(columns) + table.rows(shown) + table.end();
}

function draw(plot: Plot, options: RenderOptions, notes: string[], isPart: boolean): readonly string[] {
  const size = {
    // A line that fills the window's last column wraps in some terminals.
    width: (options.width ?? usualWidth + 1) - 1,
    color: options.color,
    ascii: options.ascii === true,
  };
  const paint = createPainter(options.color);
  const title = (text: string): string => paint('bold', text);
  switch (plot.kind) {
    case 'histogram': {
      const { labels, counts } = binsOf(plot);
      return [title(`${plot.name}: rows in each range`), ...drawBars(labels, counts, size)];
    }
    case 'bars':
      return drawSeries(plot, shownBars(plot, options), title, size, notes);
    case 'lines': {
      const shared = plot.measure === null ? null : extentOf(plot.series.flatMap(({ marks }) => marks));
      const window = options.height ?? usualHeight;
      const height = Math.max(5, Math.floor((window - 4) / plot.series.length) - 4);
      notes.push(...meansNote(plot, size.width));
      return plot.series.flatMap(({ name, marks }, index) => {
        const extent = shared ?? extentOf(marks);
        const heading = [
          ...(index === 0 ? [] : ['']),
          title(`${plot.measure === null ? '' : `${plot.measure}, `}${name} by ${plot.axis}`),
        ];
        if (extent === null) {
          return [...heading, 'No value but NULL.'];
        }
        return [
          ...heading,
          ...drawLine(plot, marks, extent, { ...size, height }),
          `${isPart ? 'of the rows drawn: ' : ''}${exactly(plot, marks)}`,
        ];
      });
    }
  }
}

/** How many bars of each series fit the window, with a heading, the notes and the prompt that follows. */
function shownBars({ labels, series }: Bars, { height }: RenderOptions): number {
  const fitting =
    height === null || height === undefined
      ? mostBars
      : Math.max(5, Math.floor((height - 5) / series.length) - 2);
  return Math.min(labels.length, fitting);
}

function drawSeries(
  { labels, series }: Bars,
  shown: number,
  title: (text: string) => string,
  size: Parameters<typeof drawBars>[2],
  notes: string[],
): readonly string[] {
  if (shown < labels.length) {
    notes.push(`The chart shows the first ${count(shown)} of ${count(labels.length)} rows.`);
  }
  return series.flatMap(({ name, marks }, index) => [
    ...(index === 0 ? [] : ['']),
    ...(name === '' ? [] : [title(name)]),
    ...drawBars(labels.slice(0, shown), marks.slice(0, shown), size),
  ]);
}

/** The exact values of a line's ends and of its extremes; its height alone tells them about. */
function exactly({ labels }: Lines, marks: readonly Mark[]): string {
  let lowest = -1;
  let highest = -1;
  let last = -1;
  let first = -1;
  for (const [index, { value }] of marks.entries()) {
    if (value === null) {
      continue;
    }
    if (first === -1) {
      first = index;
    }
    last = index;
    if (value < (marks[lowest]?.value ?? Number.POSITIVE_INFINITY)) {
      lowest = index;
    }
    if (value > (marks[highest]?.value ?? Number.NEGATIVE_INFINITY)) {
      highest = index;
    }
  }
  const said = (word: string, index: number): string =>
    `${word} ${marks[index]?.text ?? ''} (${labels[index] ?? ''})`;
  const nulls = marks.filter(({ text }) => text === 'NULL').length;
  return [
    said('first', first),
    said('lowest', lowest),
    said('highest', highest),
    said('last', last),
    ...(nulls > 0 ? [`NULL ${nulls} times`] : []),
  ].join(', ');
}

function meansNote({ positions }: Lines, width: number): readonly string[] {
  return positions.length > width
    ? [
        `${count(positions.length)} values on ${count(width)} columns: the line shows the mean of those side by side.`,
      ]
    : [];
}

function count(number: number): string {
  return number.toLocaleString('en');
}
