import { extentOf } from '../chart/extent.ts';
import type { Lines, Mark } from '../chart/plot.ts';
import { markTexts, scaleOf } from '../chart/scale.ts';
import { markup } from '../html/markup.ts';
import { capitalized, readableName } from '../readable-name.ts';
import { cutTo, type Frame, palette, rounded, textWidth } from './page.ts';

/** Lines that are told apart by their colours. */
const mostSeries = palette.series.length;

/** Lines over one axis with round marks, and their names where there are several. */
export function drawLinesPart(plot: Lines, frame: Frame, notes: string[]): string {
  const shown = plot.series.slice(0, mostSeries);
  if (shown.length < plot.series.length) {
    notes.push(`The picture shows the first ${mostSeries} of ${plot.series.length} columns of numbers.`);
  }
  const extent = extentOf(shown.flatMap(({ marks }) => marks));
  if (extent === null) {
    return '';
  }
  const { bottom, top, marks } = scaleOf(extent);
  const texts = markTexts(marks);
  const left = frame.left + Math.max(...texts.map((text) => textWidth(text, 22))) + 16;
  const high = frame.top + (shown.length > 1 ? 50 : 0);
  const low = frame.bottom - 50;
  const span = top - bottom;
  const y = (value: number): number => rounded(low - (value / span - bottom / span) * (low - high));
  const first = plot.positions[0] ?? 0;
  const range = (plot.positions.at(-1) ?? 0) - first;
  const x = (index: number): number =>
    range === 0
      ? left
      : rounded(left + (((plot.positions[index] ?? 0) - first) / range) * (frame.right - left));
  const grid = marks.map(
    (mark, index) =>
      `<line x1="${rounded(left)}" x2="${frame.right}" y1="${y(mark)}" y2="${y(mark)}" stroke="${palette.line}" stroke-width="2"/><text x="${rounded(left - 12)}" y="${y(mark) + 8}" font-size="22" text-anchor="end" fill="${palette.soft}">${texts[index]}</text>`,
  );
  const drawn = shown.map(
    (series, number) =>
      `<path d="${pathOf(series.marks, x, y)}" fill="none" stroke="${palette.series[number]}" stroke-width="5" stroke-linejoin="round" stroke-linecap="round"/>`,
  );
  const names =
    shown.length > 1
      ? legend(
          shown.map(({ name }) => name),
          frame,
        )
      : '';
  return [...grid, ...drawn, names, axis(plot, left, frame)].join('\n');
}

/** A line with gaps where there are no values; a value by itself is a dot. */
function pathOf(marks: readonly Mark[], x: (index: number) => number, y: (value: number) => number): string {
  let path = '';
  let pen = false;
  for (const [index, { value }] of marks.entries()) {
    if (value !== null) {
      path += `${pen ? 'L' : 'M'}${x(index)} ${y(value)}${pen ? '' : 'h.01'}`;
    }
    pen = value !== null;
  }
  return path;
}

function legend(names: readonly string[], { left, top, right }: Frame): string {
  const room = (right - left) / names.length;
  return names
    .map((name, index) => {
      const x = rounded(left + index * room);
      return `<rect x="${x}" y="${top - 14}" width="24" height="14" rx="3" fill="${palette.series[index]}"/><text x="${x + 34}" y="${top}" font-size="24" fill="${palette.text}">${markup(cutTo(capitalized(readableName(name)), room - 50, 24))}</text>`;
    })
    .join('');
}

/** The first label, the last, and those between that have room. */
function axis({ labels, positions, axis: name }: Lines, left: number, { right, bottom }: Frame): string {
  const first = positions[0] ?? 0;
  const range = (positions.at(-1) ?? 0) - first;
  const widest = Math.max(...labels.map((label) => textWidth(label, 22))) + 30;
  const most = Math.max(2, Math.min(labels.length, Math.floor((right - left) / widest)));
  const every = Math.max(1, Math.ceil((labels.length - 1) / (most - 1)));
  const texts = labels.flatMap((label, index) => {
    const isLast = index === labels.length - 1;
    const x = range === 0 ? left : left + (((positions[index] ?? 0) - first) / range) * (right - left);
    const isCrowded = right - x < widest * 1.5 || (index > 0 && x - left < widest * 1.5);
    if (!isLast && index > 0 && (index % every !== 0 || isCrowded)) {
      return [];
    }
    const anchor = index === 0 ? 'start' : isLast ? 'end' : 'middle';
    return `<text x="${rounded(x)}" y="${bottom - 12}" font-size="22" text-anchor="${anchor}" fill="${palette.soft}">${markup(label)}</text>`;
  });
  return `${texts.join('')}<text x="${right}" y="${bottom + 24}" font-size="22" text-anchor="end" fill="${palette.soft}">${markup(readableName(name))}</text>`;
}
