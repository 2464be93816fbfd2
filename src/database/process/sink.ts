import { fstatSync, write } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFailure } from '../../errors.ts';
import type { Destination } from './protocol.ts';

/** Takes text in order and writes it in large pieces. */
export interface Sink {
  /** Resolves when more may be written and `text` is no longer needed; false once the reader has gone away. */
  write(text: string | Uint8Array): Promise<boolean>;
  /** Writes what is left. */
  end(): Promise<boolean>;
  /** Lets go of the file where writing has failed; nothing after `end`. */
  abandon(): Promise<void>;
  /** How many bytes went out, or are on their way. */
  written(): number;
}

/** So much is gathered before it is written: a pipe's buffer, so that one system call fills it. */
const pieceSize = 64 * 1024;
/** A piece, and what may come on top of it. */
const bufferSize = 4 * pieceSize;

/**
 * A sink over the inherited stdout, the pipe for rows, or a file. Throws a SqlqError where the system refuses to write.
 */
export async function openSink(
  destination: Exclude<Destination, { kind: 'rows' }>,
  rowsPipe: () => NodeJS.WritableStream,
): Promise<Sink> {
  if (destination.kind === 'stdout') {
    return createSink(
      isPipe(1) ? writerInto(process.stdout) : writerOf(1),
      'standard output',
      async () => {},
    );
  }
  if (destination.kind === 'stream') {
    return createSink(writerInto(rowsPipe()), 'the pipe for rows', async () => {});
  }
  const file = await open(destination.path, 'a');
  return createSink(writerOf(file.fd), 'the output file', () => file.close());
}

/** Writes all of these bytes, or rejects with the system's error. */
type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * One buffer is filled while the system takes the other. Fresh ones would leave the rows' whole size to the garbage
 * collector, which lets a hundred megabytes lie before it comes.
 */
function createSink(writeAll: Write, name: string, close: () => Promise<void>): Sink {
  let filling = Buffer.allocUnsafeSlow(bufferSize);
  let writing = Buffer.allocUnsafeSlow(bufferSize);
  let size = 0;
  let written = 0;
  let readerIsThere = true;
  let isOpen = true;
  /** The write under way; the next rows are fetched while the system takes it. */
  let pending: Promise<void> = Promise.resolve();

  const start = (bytes: Uint8Array): void => {
    if (!readerIsThere || bytes.length === 0) {
      return;
    }
    written += bytes.length;
    pending = writeAll(bytes).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw writeFailure(error, name);
      }
      readerIsThere = false;
    });
    // The failure is thrown by whoever awaits `pending` next.
    pending.catch(() => {});
  };
  const flush = async (): Promise<void> => {
    await pending;
    const full = filling.subarray(0, size);
    [filling, writing] = [writing, filling];
    size = 0;
    start(full);
  };
  const append = async (bytes: Uint8Array): Promise<void> => {
    if (size + bytes.length > bufferSize) {
      await flush();
    }
    if (bytes.length > bufferSize) {
      await pending;
      start(bytes);
      await pending;
    } else {
      filling.set(bytes, size);
      size += bytes.length;
    }
  };
  return {
    async write(text) {
      if (typeof text !== 'string') {
        await append(text);
      }
      // No character of a string takes more than three bytes.
      else if (size + text.length * 3 <= bufferSize) {
        size += filling.write(text, size);
      } else {
        await append(Buffer.from(text));
      }
      if (size >= pieceSize) {
        await flush();
      }
      return readerIsThere;
    },
    async end() {
      try {
        await flush();
        await pending;
      } finally {
        isOpen = false;
        await close();
      }
      return readerIsThere;
    },
    async abandon() {
      if (isOpen) {
        isOpen = false;
        await pending.catch(() => {});
        await close();
      }
    },
    written: () => written,
  };
}

function isPipe(fd: number): boolean {
  const status = fstatSync(fd);
  return status.isFIFO() || status.isSocket();
}

/** Pipes are often non-blocking, because whoever shares them made them so: Node's stream waits until there is room. */
function writerInto(stream: NodeJS.WritableStream): Write {
  // A failure comes to the callback; without a listener of our own it would end the process as well.
  if (!stream.listeners('error').includes(ignore)) {
    stream.on('error', ignore);
  }
  return (bytes) =>
    new Promise((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

function ignore(): void {}

/** Files and terminals are written to on the thread pool, so that this thread can fetch the next rows. */
function writerOf(fd: number): Write {
  return async (bytes) => {
    let offset = 0;
    while (offset < bytes.length) {
      try {
        offset += await writeOnce(fd, bytes, offset);
      } catch (error) {
        // A terminal made non-blocking by another program: there is nothing to wait on but time.
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
          throw error;
        }
        await sleep(2);
      }
    }
  };
}

function writeOnce(fd: number, bytes: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, bytes.length - offset, null, (error, written) =>
      error ? reject(error) : resolve(written),
    );
  });
}
