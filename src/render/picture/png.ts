import { SqlqError } from '../../errors.ts';
import type { ResultColumn, Row } from '../../result.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';
import { drawSvg } from './svg.ts';

/** The picture of the SVG format as pixels. Its texts are drawn with the fonts of this machine. */
export function createPngRenderer({ page }: RenderOptions): Renderer {
  let columns: readonly ResultColumn[] = [];
  const rows: Row[] = [];
  const notes: string[] = [];
  return {
    begin(found) {
      columns = found;
      return '';
    },
    rows(batch) {
      for (const row of batch) {
        rows.push(row);
      }
      return '';
    },
    end: async () => pixelsOf(drawSvg(columns, rows, page ?? null, notes)),
    notes: () => notes,
  };
}

/** PNG of an SVG. Throws a SqlqError `usage` where its package or a font is missing. */
async function pixelsOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await load();
  const letters = new Resvg('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">sqlq</text></svg>', {
    font: { loadSystemFonts: true },
  });
  if (letters.getBBox() === undefined) {
    throw new SqlqError('usage', 'This machine has no font to write the texts of a picture with.', {
      hint: 'Install one, such as fonts-dejavu-core on Debian, or write the picture with --format svg.',
    });
  }
  return new Resvg(svg, { font: { loadSystemFonts: true } }).render().asPng();
}

async function load(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (error) {
    throw new SqlqError('usage', 'PNG needs the package @resvg/resvg-js, which is not installed here.', {
      hint: 'Install sqlq with its optional packages, or write the picture with --format svg.',
      cause: error,
    });
  }
}
