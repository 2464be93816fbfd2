import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { definitionOf } from '../../render/format.ts';
import type { RowFormat } from '../api/run.ts';
import type { KeptAnswer } from '../question/kept-answer.ts';
import { runAnswer } from '../question/run.ts';
import type { Work } from '../question/work.ts';

/** The media type of each format. */
const mediaTypes: Readonly<Record<RowFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
  markdown: 'text/markdown',
};

/** A reader that takes nothing for so long is gone. */
const idleMilliseconds = 60_000;

/** The format that a caller's `Accept` names; JSON where it names none. */
export function formatFor(accept: string | undefined): RowFormat {
  const wanted = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  const found = Object.entries(mediaTypes).find(([, type]) => wanted.includes(type));
  return formats.find((format) => format === found?.[0]) ?? 'json';
}

const formats: readonly RowFormat[] = ['json', 'ndjson', 'csv', 'tsv', 'xlsx', 'html', 'markdown'];

/**
 * Runs an answer, and sends its rows as they come, no faster than they are read. What fails before the first byte is an
 * error as every other; what fails later breaks the connection, so that what is not whole never looks whole.
 */
export async function sendRows(
  work: Work,
  reply: FastifyReply,
  answer: KeptAnswer,
  { format, limit }: { readonly format: RowFormat; readonly limit: number | null },
): Promise<FastifyReply> {
  const stream = new PassThrough({ highWaterMark: 256 * 1024 });
  const leave = work.parts.drain.enter();
  work.parts.observe.openStreams(1);
  const isJson = format === 'json';
  const running = runAnswer(work, answer, {
    format,
    into: { writable: stream, idleMilliseconds },
    limit,
    ...(isJson ? { asLists: true } : {}),
  }).finally(() => {
    work.parts.observe.openStreams(-1);
    leave();
  });
  const firstByte = new Promise<void>((resolve) => {
    stream.once('readable', resolve);
  });
  await Promise.race([running, firstByte]);
  void running.then(
    ({ truncated, doubts, milliseconds }) => {
      const { rows: _rows, ...rest } = { rows: null, truncated, doubts, milliseconds };
      stream.end(isJson ? `,${JSON.stringify(rest).slice(1)}\n` : '');
    },
    (error: unknown) => void stream.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return reply
    .header('content-type', `${mediaTypes[format]}; charset=utf-8`.replace(/(sheet); .*$/u, '$1'))
    .header('content-disposition', disposition(format))
    .header('cache-control', 'no-store')
    .send(stream);
}

/** JSON is read by programs; all else is kept as a file. */
function disposition(format: RowFormat): string {
  return format === 'json'
    ? 'inline'
    : `attachment; filename="answer${definitionOf(format).endings[0] ?? ''}"`;
}
