import type { ResultColumn, Row } from '../../result.ts';
import { choosePlot, titleOf } from '../chart/plot.ts';
import { createGatheredRenderer } from '../gathered.ts';
import { markup } from '../html/markup.ts';
import { capitalized } from '../readable-name.ts';
import type { Page, RenderOptions, TextRenderer } from '../renderer.ts';
import { drawBarsPart } from './bars.ts';
import { drawLinesPart } from './lines.ts';
import { cutTo, type Frame, fonts, palette } from './page.ts';

/** A picture of 16:9, as slides are. */
export const size = { width: 1600, height: 900 } as const;

/** A picture of the rows by itself, fit for a slide: a heading, the chart, and where its numbers come from. */
export function createSvgRenderer({ page }: RenderOptions): TextRenderer {
  const notes: string[] = [];
  const renderer = createGatheredRenderer((columns, rows) => drawSvg(columns, rows, page ?? null, notes));
  return { ...renderer, notes: () => notes };
}

/** The picture as SVG; what it leaves out is put into `notes`. */
export function drawSvg(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  page: Page | null,
  notes: string[],
): string {
  const plot = choosePlot(columns, rows);
  const title = capitalized(page?.question ?? titleOf(columns, plot));
  const frame: Frame = { left: 80, top: 170, right: size.width - 80, bottom: size.height - 110 };
  const chart =
    plot === null
      ? nothingToDraw(frame, columns, rows)
      : plot.kind === 'lines'
        ? drawLinesPart(plot, frame, notes)
        : drawBarsPart(plot, frame, notes);
  const origin = [page?.database, page?.time.slice(0, 10)].filter((part) => part !== undefined).join(', ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="${fonts}" role="img" aria-label="${markup(title)}">
<!-- drawn by sqlq -->
<rect width="100%" height="100%" fill="#fff"/>
<text x="80" y="100" font-size="48" font-weight="600" fill="${palette.text}">${markup(cutTo(title, size.width - 160, 48))}</text>
${chart}
<text x="80" y="${size.height - 40}" font-size="22" fill="${palette.soft}">${markup(cutTo(origin, size.width - 160, 22))}</text>
</svg>
`;
}

function nothingToDraw(frame: Frame, columns: readonly ResultColumn[], rows: readonly Row[]): string {
  const [only] = rows[0] ?? [];
  const isOne = rows.length === 1 && columns.length === 1;
  const text = isOne ? String(only ?? 'NULL') : 'No column of numbers to draw';
  return `<text x="${frame.left}" y="${frame.top + 130}" font-size="${isOne ? 120 : 36}" fill="${isOne ? palette.series[0] : palette.soft}">${markup(cutTo(text, frame.right - frame.left, isOne ? 120 : 36))}</text>`;
}
