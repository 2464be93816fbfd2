import { createCsvRenderer } from './csv.ts';
import type { Format, Renderer, RenderOptions } from './format.ts';
import { createJsonRenderer } from './json.ts';
import { createMarkdownRenderer } from './markdown.ts';
import { createTsvRenderer } from './tsv.ts';

/** The renderer of each format; libraries load only where they are used. */
const renderers: Readonly<Record<Format, (options: RenderOptions) => Renderer | Promise<Renderer>>> = {
  table: async (options) => (await import('./table.ts')).createTableRenderer(options),
  csv: createCsvRenderer,
  tsv: createTsvRenderer,
  json: () => createJsonRenderer('array'),
  ndjson: () => createJsonRenderer('lines'),
  markdown: createMarkdownRenderer,
  chart: async (options) => (await import('./chart/chart.ts')).createChartRenderer(options),
  html: async (options) => (await import('./html/html.ts')).createHtmlRenderer(options),
};

/** A new renderer for one result. */
export async function createRenderer(options: RenderOptions): Promise<Renderer> {
  return renderers[options.format](options);
}
