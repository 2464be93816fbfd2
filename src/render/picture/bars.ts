import { binsOf } from '../chart/histogram.ts';
import type { Bars, Histogram, Mark } from '../chart/plot.ts';
import { markup } from '../html/markup.ts';
import { capitalized, readableName } from '../readable-name.ts';
import { cutTo, type Frame, palette, rounded, textWidth } from './page.ts';

/** More bars than this can't be read on a slide. */
const mostBars = 24;
/** Columns of numbers that stand side by side. */
const mostSeries = 3;

/** A bar a row, a column of them for each series; what there is no room for is said in `notes`. */
export function drawBarsPart(plot: Bars | Histogram, frame: Frame, notes: string[]): string {
  const { labels, series } = plot.kind === 'bars' ? plot : histogramAsBars(plot);
  const count = Math.min(labels.length, mostBars);
  if (count < labels.length) {
    notes.push(`The picture shows the first ${count} of ${labels.length.toLocaleString('en')} rows.`);
  }
  if (series.length > mostSeries) {
    notes.push(`The picture shows the first ${mostSeries} of ${series.length} columns of numbers.`);
  }
  const shown = series.slice(0, mostSeries);
  const headed = shown.some(({ name }) => name !== '') && shown.length > 1;
  const top = frame.top + (headed ? 40 : 0);
  const step = Math.min(70, (frame.bottom - top) / count);
  const fontSize = Math.min(28, Math.max(14, step * 0.5));
  const widest = Math.max(...labels.slice(0, count).map((label) => textWidth(label, fontSize)));
  const labelWidth = Math.min(widest, (frame.right - frame.left) * 0.32);
  const room = (frame.right - frame.left - labelWidth - 20) / shown.length;
  const names = labels
    .slice(0, count)
    .map(
      (label, index) =>
        `<text x="${rounded(frame.left + labelWidth)}" y="${rounded(top + (index + 0.5) * step + fontSize * 0.35)}" font-size="${fontSize}" text-anchor="end" fill="${palette.text}">${markup(cutTo(label, labelWidth + 1, fontSize))}</text>`,
    );
  const columns = shown.map(({ name, marks }, number) => {
    const left = frame.left + labelWidth + 20 + number * room;
    const heading = headed
      ? `<text x="${rounded(left)}" y="${frame.top + 16}" font-size="24" fill="${palette.soft}">${markup(cutTo(capitalized(readableName(name)), room - 20, 24))}</text>`
      : '';
    return heading + column(marks.slice(0, count), { left, top, step, fontSize, width: room - 20 });
  });
  return [...names, ...columns].join('\n');
}

function histogramAsBars(plot: Histogram): Pick<Bars, 'labels' | 'series'> {
  const { labels, counts } = binsOf(plot);
  return { labels, series: [{ name: '', marks: counts }] };
}

function column(
  marks: readonly Mark[],
  place: { left: number; top: number; step: number; fontSize: number; width: number },
): string {
  const { left, top, step, fontSize, width } = place;
  const values = marks.map(({ value }) => value ?? 0);
  const largest = Math.max(...values.map(Math.abs)) || 1;
  const below = Math.max(0, ...values.map((value) => -value / largest));
  const above = Math.max(0, ...values.map((value) => value / largest));
  const textRoom = Math.max(...marks.map(({ text }) => textWidth(text, fontSize))) + 16;
  const unit = Math.max(20, width - textRoom) / (below + above || 1);
  const zero = left + below * unit;
  return marks
    .map(({ value, text }, index) => {
      const share = (value ?? 0) / largest;
      const length = value === null || value === 0 ? 0 : Math.max(2, Math.abs(share) * unit);
      const x = share < 0 ? zero - length : zero;
      const y = top + index * step + step * 0.15;
      const end = share < 0 ? zero + 10 : zero + length + 10;
      return `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(length)}" height="${rounded(step * 0.7)}" rx="3" fill="${share < 0 ? palette.negative : palette.series[0]}"/><text x="${rounded(end)}" y="${rounded(top + (index + 0.5) * step + fontSize * 0.35)}" font-size="${fontSize}" fill="${palette.text}">${markup(text)}</text>`;
    })
    .join('\n');
}
