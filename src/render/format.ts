import type { Renderer, RenderOptions } from './renderer.ts';

/** What a format is: all that the rest of the program has to know of it. */
interface FormatDefinition {
  readonly name: string;
  /** Endings of its files, the usual one first. */
  readonly endings: readonly string[];
  /** Whether it is for a file or another program, because a terminal can't show it. */
  readonly needsFile: boolean;
  /** Rows after which it stops unless the user names a limit: on a terminal, and elsewhere. Null where it takes all. */
  readonly usualRows: { readonly onTerminal: number | null; readonly elsewhere: number | null };
  /** The most rows that it can hold; a result with more is refused. Null where there is no such number. */
  readonly mostRows: number | null;
  readonly yields: 'text' | 'bytes';
  /** It is JSON itself: lists and structures stand in it as such, and not in the engine's own text. */
  readonly isJson?: true;
  /** It is drawn as large as the window, and never longer or wider. */
  readonly fitsWindow?: true;
  /** It says besides the rows how they came about. */
  readonly isPage?: true;
  /** Loads what it needs, at its first use. */
  readonly create: (options: RenderOptions) => Promise<Renderer>;
}

const all = { onTerminal: null, elsewhere: null };

/** The formats that rows can be written in, each in a row; nothing else in the program lists them. */
const definitions = [
  {
    name: 'table',
    endings: ['.txt'],
    needsFile: false,
    // It holds its rows until the end, and nobody reads more of them on a screen.
    usualRows: { onTerminal: 1000, elsewhere: null },
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./table.ts')).createTableRenderer(options),
  },
  {
    name: 'csv',
    endings: ['.csv'],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./csv.ts')).createCsvRenderer(options),
  },
  {
    name: 'tsv',
    endings: ['.tsv', '.tab'],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./tsv.ts')).createTsvRenderer(options),
  },
  {
    name: 'json',
    isJson: true,
    endings: ['.json'],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async ({ asLists = false }) => {
      const { createJsonRenderer, createListsRenderer } = await import('./json.ts');
      return asLists ? createListsRenderer() : createJsonRenderer('array');
    },
  },
  {
    name: 'ndjson',
    isJson: true,
    endings: ['.ndjson', '.jsonl'],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async () => (await import('./json.ts')).createJsonRenderer('lines'),
  },
  {
    name: 'markdown',
    endings: ['.md', '.markdown'],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async () => (await import('./markdown.ts')).createMarkdownRenderer(),
  },
  {
    name: 'chart',
    fitsWindow: true,
    endings: [],
    needsFile: false,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./chart/chart.ts')).createChartRenderer(options),
  },
  {
    name: 'html',
    isPage: true,
    endings: ['.html', '.htm'],
    needsFile: true,
    // A page of more rows is slow to open and to sort.
    usualRows: { onTerminal: 10_000, elsewhere: 10_000 },
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./html/html.ts')).createHtmlRenderer(options),
  },
  {
    name: 'svg',
    isPage: true,
    endings: ['.svg'],
    needsFile: true,
    usualRows: all,
    mostRows: null,
    yields: 'text',
    create: async (options) => (await import('./picture/svg.ts')).createSvgRenderer(options),
  },
  {
    name: 'png',
    isPage: true,
    endings: ['.png'],
    needsFile: true,
    usualRows: all,
    mostRows: null,
    yields: 'bytes',
    create: async (options) => (await import('./picture/png.ts')).createPngRenderer(options),
  },
  {
    name: 'xlsx',
    endings: ['.xlsx'],
    needsFile: true,
    usualRows: all,
    // A sheet has 2^20 rows, and the first names the columns.
    mostRows: 2 ** 20 - 1,
    yields: 'bytes',
    create: async () => (await import('./xlsx/xlsx.ts')).createXlsxRenderer(),
  },
  {
    name: 'parquet',
    endings: ['.parquet', '.pq'],
    needsFile: true,
    usualRows: all,
    mostRows: null,
    yields: 'bytes',
    create: async () => (await import('./parquet/parquet.ts')).createParquetRenderer(),
  },
] as const satisfies readonly FormatDefinition[];

export type Format = (typeof definitions)[number]['name'];

/** The names of the formats, in the order in which they are listed. */
export const formats: readonly Format[] = definitions.map(({ name }) => name);

const byName = Object.fromEntries(definitions.map((definition) => [definition.name, definition]));

/** What a format is. */
export function definitionOf(format: Format): FormatDefinition {
  const found = byName[format];
  if (found === undefined) {
    throw new Error(`no format ${format}`);
  }
  return found;
}

/** The endings of files that name a format. */
export const endings: readonly string[] = definitions.flatMap((definition) => [...definition.endings]);

/** The format that a file's ending names, in any case; null where it names none. */
export function formatOfEnding(ending: string): Format | null {
  const wanted = ending.toLowerCase();
  const found = definitions.find((definition: FormatDefinition) => definition.endings.includes(wanted));
  return found?.name ?? null;
}

/** How one result is written. */
export interface RenderRequest extends RenderOptions {
  readonly format: Format;
}

/** A new renderer for one result. */
export function createRenderer(request: RenderRequest): Promise<Renderer> {
  return definitionOf(request.format).create(request);
}
