import { type Extent, extentOf } from '../chart/extent.ts';
import { binsOf } from '../chart/histogram.ts';
import type { Lines, Mark, Plot, Series } from '../chart/plot.ts';
import { scaleOf } from '../chart/scale.ts';
import { readableName } from '../readable-name.ts';
import { markup } from './markup.ts';

/** Bars that a page draws; the table below it has all rows. */
const mostBars = 50;
/** Points that are marked by a dot with its value. */
const mostDots = 300;
/** The units of a line's picture, which the page stretches to its width. */
const wide = 1000;
const high = 300;

/** A picture as HTML with SVG in it: no size is fixed, so that text stays readable on a phone. */
export function picture(plot: Plot): string {
  switch (plot.kind) {
    case 'histogram': {
      const { labels, counts } = binsOf(plot);
      return bars(`${readableName(plot.name)}: rows in each range`, labels, counts);
    }
    case 'bars': {
      const shown = plot.labels.slice(0, mostBars);
      const more =
        plot.labels.length > mostBars
          ? `: the first ${mostBars} of ${plot.labels.length.toLocaleString('en')}`
          : '';
      return plot.series
        .map(({ name, marks }) => bars(readableName(name) + more, shown, marks.slice(0, mostBars)))
        .join('');
    }
    case 'lines':
      return plot.measure === null
        ? plot.series
            .map((series) =>
              lines(plot, [series], `${readableName(series.name)} by ${readableName(plot.axis)}`),
            )
            .join('')
        : lines(plot, plot.series, `${readableName(plot.measure)} by ${readableName(plot.axis)}`);
  }
}

function bars(caption: string, labels: readonly string[], marks: readonly Mark[]): string {
  const values = marks.map(({ value }) => value ?? 0);
  const highest = Math.max(0, ...values);
  const lowest = Math.min(0, ...values);
  const percent = (value: number): string => `${percentage(value, { lowest, highest })}%`;
  const rows = labels.map((label, index) => {
    const mark = marks[index] ?? { value: null, text: '' };
    const value = mark.value ?? 0;
    const size = Math.abs(percentage(value, { lowest, highest }) - percentage(0, { lowest, highest }));
    const bar =
      value === 0
        ? ''
        : `<rect class="${value < 0 ? 'down' : 'up'}" x="${percent(Math.min(0, value))}" width="${size}%" height="100%" rx="2"/>`;
    const zero =
      lowest < 0 ? `<line class="zero" x1="${percent(0)}" x2="${percent(0)}" y1="0" y2="100%"/>` : '';
    return `<span title="${markup(label)}">${markup(label)}</span><b>${markup(mark.text)}</b><svg aria-hidden="true">${bar}${zero}</svg>`;
  });
  return `<figure>${caption === '' ? '' : `<figcaption>${markup(caption)}</figcaption>`}<div class="bars">${rows.join('\n')}</div></figure>\n`;
}

function percentage(value: number, { lowest, highest }: Extent): number {
  // Divided first: the distance of two numbers can be larger than any.
  const largest = Math.max(-lowest, highest);
  return highest === lowest
    ? 0
    : rounded(((value / largest - lowest / largest) / (highest / largest - lowest / largest)) * 100);
}

/** What numbers near the ends of what a double holds are taken times, so that sums and powers of ten of them are numbers. */
function unitOf({ lowest, highest }: Extent): number {
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  if (largest > 1e300) {
    return 1e-20;
  }
  return largest < 1e-280 ? 1e100 : 1;
}

function lines(plot: Lines, series: readonly Series[], caption: string): string {
  const extent = extentOf(series.flatMap(({ marks }) => marks));
  if (extent === null) {
    return '';
  }
  const unit = unitOf(extent);
  const {
    bottom,
    top,
    marks: scale,
  } = scaleOf({ lowest: extent.lowest * unit, highest: extent.highest * unit });
  const y = (value: number): number => rounded(high - ((value * unit - bottom) / (top - bottom)) * high);
  const first = plot.positions[0] ?? 0;
  const range = (plot.positions.at(-1) ?? 0) - first;
  const x = (index: number): number =>
    range === 0 ? 0 : rounded((((plot.positions[index] ?? 0) - first) / range) * wide);
  const labels = scale.map((value) => ({
    text: String(Number((value / unit).toPrecision(12))),
    y: y(value / unit),
  }));
  const labelWidth = Math.max(...labels.map(({ text }) => text.length)) * 8 + 4;
  const drawn = series.map(({ marks, name }, number) => {
    const dots =
      marks.length > mostDots
        ? ''
        : marks
            .map(({ value, text }, index) =>
              value === null
                ? ''
                : `<path class="dot s${number}" d="M${x(index)} ${y(value)}h.01"><title>${markup(`${series.length > 1 ? `${name}, ` : ''}${plot.labels[index] ?? ''}: ${text}`)}</title></path>`,
            )
            .join('');
    return `<path class="stroke s${number}" d="${pathOf(marks, x, y)}"/>${dots}`;
  });
  const legend =
    series.length < 2
      ? ''
      : `<div class="legend">${series.map(({ name }, number) => `<span><svg aria-hidden="true"><rect class="f${number}" width="100%" height="100%" rx="2"/></svg>${markup(name)}</span>`).join('')}</div>`;
  const grid = labels.map(
    (label) => `<line class="grid" x1="0" x2="${wide}" y1="${label.y}" y2="${label.y}"/>`,
  );
  const texts = labels.map(
    (label) =>
      `<text x="${labelWidth}" y="${rounded((label.y / high) * 100)}%" text-anchor="end" dominant-baseline="middle">${label.text}</text>`,
  );
  return `<figure><figcaption>${markup(caption)}</figcaption>${legend}<div class="plot">
<svg width="${labelWidth}" aria-hidden="true">${texts.join('')}</svg>
<svg class="lines" viewBox="0 0 ${wide} ${high}" preserveAspectRatio="none" role="img" aria-label="${markup(caption)}">${grid.join('')}${drawn.join('\n')}</svg>
<div class="axis">${axisLabels(plot)
    .map((label) => `<span>${markup(label)}</span>`)
    .join('')}</div></div></figure>
`;
}

/** A line with gaps where there are no values. */
function pathOf(marks: readonly Mark[], x: (index: number) => number, y: (value: number) => number): string {
  let path = '';
  let pen = false;
  for (const [index, { value }] of marks.entries()) {
    if (value !== null) {
      path += `${pen ? 'L' : 'M'}${x(index)} ${y(value)}`;
    }
    pen = value !== null;
  }
  return path;
}

function axisLabels({ labels }: Lines): readonly string[] {
  return [labels[0] ?? '', labels.at(-1) ?? ''];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
