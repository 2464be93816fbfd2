import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { RowFormat } from '../api/run.ts';
import type { KeptAnswer } from '../question/kept-answer.ts';
import { runAnswer } from '../question/run.ts';
import type { Work } from '../question/work.ts';
import { rowHeaders, rowsEnd } from './row-format.ts';

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
  const running = runAnswer(work, answer, {
    format,
    into: { writable: stream, idleMilliseconds: work.parts.readers.idleMilliseconds },
    limit,
    ...(format === 'json' ? { asLists: true } : {}),
  }).finally(() => {
    work.parts.observe.openStreams(-1);
    leave();
  });
  const firstByte = new Promise<void>((resolve) => {
    stream.once('readable', resolve);
  });
  await Promise.race([running, firstByte]);
  void running.then(
    (ran) => void stream.end(rowsEnd(format, ran)),
    (error: unknown) => void stream.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return reply.headers(rowHeaders(format)).send(stream);
}
