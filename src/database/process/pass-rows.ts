import type { Readable, Writable } from 'node:stream';
import { SqlqError } from '../../errors.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Who reads the rows of a run that streams. */
export interface RowReader {
  readonly writable: Writable;
  /** How long it may take nothing at all while there is something for it, before the run is ended. */
  readonly idleMilliseconds: number;
}

/**
 * Starts a run whose bytes come out of `source`, and passes them on; resolves when all were taken. `limit` is held while there is
 * something that the reader has not taken.
 */
type Pass = <Value>(
  source: Readable | null,
  limit: Pick<Stopwatch, 'hold' | 'go'>,
  start: (onStreamed: (bytes: number) => void) => Promise<Value>,
) => Promise<Value>;

/**
 * Passes what a child writes on to a reader, no faster than that takes it. The signal that `run` gets ends with the given
 * one, and also when the reader goes away (a SqlqError `cancelled`), takes nothing for too long or has not all after
 * `mostMilliseconds` (`limit`). Where the run fails after the reader has got a byte, its stream is destroyed: what is not whole never looks whole.
 */
export async function passRows<Value>(
  { writable, idleMilliseconds }: RowReader,
  mostMilliseconds: number,
  signal: AbortSignal,
  run: (until: AbortSignal, pass: Pass) => Promise<Value>,
): Promise<Value> {
  if (writable.destroyed) {
    throw readerGone();
  }
  const ended = new AbortController();
  let hasPassed = false;
  let idle: NodeJS.Timeout | null = null;
  const onGone = (): void => ended.abort(readerGone());
  const onDrain = (): void => {
    clearTimeout(idle ?? undefined);
    idle = null;
  };
  const watchIdle = (): void => {
    const { writableLength: before } = writable;
    idle = setTimeout(() => {
      if (writable.writableLength < before) {
        watchIdle();
      } else {
        ended.abort(readerTooSlow(idleMilliseconds));
      }
    }, idleMilliseconds);
  };
  const write = (chunk: Uint8Array): boolean => {
    hasPassed = true;
    const hasRoom = writable.write(chunk);
    if (!hasRoom && idle === null) {
      watchIdle();
    }
    return hasRoom;
  };
  const over = setTimeout(() => ended.abort(readingTookTooLong(mostMilliseconds)), mostMilliseconds);
  writable.on('close', onGone).on('error', onGone).on('drain', onDrain);
  try {
    return await run(AbortSignal.any([signal, ended.signal]), (source, limit, start) =>
      passOne(source, writable, limit, write, start),
    );
  } catch (error) {
    if (hasPassed) {
      writable.once('error', () => {});
      writable.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    throw error;
  } finally {
    onDrain();
    clearTimeout(over);
    writable.off('close', onGone).off('error', onGone).off('drain', onDrain);
  }
}

/** Passes on the bytes of one run; what is left of one that failed is thrown away, because the process may do another. */
async function passOne<Value>(
  source: Readable | null,
  writable: Writable,
  limit: Pick<Stopwatch, 'hold' | 'go'>,
  write: (chunk: Uint8Array) => boolean,
  start: (onStreamed: (bytes: number) => void) => Promise<Value>,
): Promise<Value> {
  if (source === null) {
    throw new Error('the process was started without a pipe for rows');
  }
  let received = 0;
  let expected: number | null = null;
  let hasFailed = false;
  const progress = Promise.withResolvers<void>();
  const look = (): void => {
    if (source.destroyed || (received === expected && (hasFailed || !writable.writableNeedDrain))) {
      progress.resolve();
    }
  };
  const onData = (chunk: Uint8Array): void => {
    received += chunk.length;
    if (!hasFailed && !writable.destroyed && !write(chunk)) {
      source.pause();
      limit.hold();
    }
    look();
  };
  const onDrain = (): void => {
    source.resume();
    limit.go();
    look();
  };
  writable.on('drain', onDrain);
  source.on('data', onData).on('close', look);
  source.resume();
  try {
    const value = await start((bytes) => {
      expected = bytes;
    });
    look();
    await progress.promise;
    if (received !== expected) {
      throw new SqlqError('failed', 'The process that runs queries ended before all of its rows had come.');
    }
    return value;
  } catch (error) {
    hasFailed = true;
    // One that was refused has opened no pipe.
    expected ??= received;
    source.resume();
    look();
    await progress.promise;
    throw error;
  } finally {
    source.pause();
    source.off('data', onData).off('close', look);
    writable.off('drain', onDrain);
  }
}

function readerGone(): SqlqError {
  return new SqlqError('cancelled', 'The reader of the rows went away before their end.');
}

function readingTookTooLong(milliseconds: number): SqlqError {
  return new SqlqError(
    'limit',
    `The query was ended: to read its rows took longer than ${milliseconds / 1000} s.`,
    {
      hint: 'Read faster, or ask for fewer rows.',
    },
  );
}

function readerTooSlow(milliseconds: number): SqlqError {
  return new SqlqError(
    'limit',
    `The query was ended: its reader took nothing for ${milliseconds / 1000} s.`,
    {
      hint: 'Read faster, or ask for fewer rows.',
    },
  );
}
