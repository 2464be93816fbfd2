import * as z from 'zod';
import { definitionOf } from '../../render/format.ts';
import type { ApiDoubt } from '../api/answer.ts';
import { type RowFormat, rowFormats } from '../api/run.ts';

/** The media type of each format. */
const mediaTypes: Readonly<Record<RowFormat, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
};

/** What a route that sends rows is described by: JSON of that shape, or text and files. */
export function rowsReply<Json extends z.ZodType>(json: Json) {
  const { json: asJson, ...others } = mediaTypes;
  const plain = (type: string): string => type.split(';')[0] ?? type;
  return {
    description: 'The rows, in the format that was asked for',
    content: {
      [plain(asJson)]: { schema: json },
      ...Object.fromEntries(Object.values(others).map((type) => [plain(type), { schema: z.string() }])),
    },
  };
}

/** The format that a caller's `Accept` names; JSON where it names none. */
export function formatFor(accept: string | undefined): RowFormat {
  const wanted = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  return rowFormats.find((format) => wanted.includes(mediaTypes[format].split(';')[0])) ?? 'json';
}

/** What a reply of rows says of itself: programs read JSON at once, all else is kept as a file; nothing on the way keeps rows. */
export function rowHeaders(format: RowFormat): Readonly<Record<string, string>> {
  const [ending = ''] = definitionOf(format).endings;
  return {
    'content-type': mediaTypes[format],
    'content-disposition': format === 'json' ? 'inline' : `attachment; filename="answer${ending}"`,
    'cache-control': 'no-store',
  };
}

/** What follows the rows of a result, where its format leaves room for that: JSON is closed with how the rows came. */
export function rowsEnd(
  format: RowFormat,
  {
    truncated,
    doubts,
    milliseconds,
  }: { readonly truncated: boolean; readonly doubts: readonly ApiDoubt[]; readonly milliseconds: number },
): string {
  return format === 'json' ? `,${JSON.stringify({ truncated, doubts, milliseconds }).slice(1)}\n` : '';
}
