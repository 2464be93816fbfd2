import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal, as `process.stdout` is. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** A terminal's: whether it says how large its window is. Where it does not, nobody may be sitting at it. */
  readonly hasWindow?: boolean;
};
export type Input = Readable & {
  readonly isTTY?: boolean;
  /** A terminal's: whether keys come one by one, unechoed. */
  readonly setRawMode?: (raw: boolean) => unknown;
};

export interface Streams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The window of a terminal that does not know its own, as `script`, `expect` and `docker exec -t` make them. */
const usualWindow = { columns: 80, rows: 24 } as const;

/** A window's size as a number that can be counted with: what is none, or not above zero, is the usual one. */
export function windowSize(side: keyof typeof usualWindow, size: unknown): number {
  return isSize(size) ? Math.floor(size) : usualWindow[side];
}

function isSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isFinite(size) && size >= 1;
}

/**
 * Keeps the size that a terminal says of its window usable, also after it is resized: everything that draws, libraries
 * too, divides by it. A stream that is no terminal stays as it is.
 */
export function withUsableWindow<Stream extends Output>(stream: Stream): Stream {
  if (stream.isTTY !== true) {
    return stream;
  }
  const window: Record<keyof typeof usualWindow, unknown> = { columns: stream.columns, rows: stream.rows };
  for (const side of ['columns', 'rows'] as const) {
    Object.defineProperty(stream, side, {
      configurable: true,
      enumerable: true,
      get: () => windowSize(side, window[side]),
      // Node sets it anew at each SIGWINCH.
      set: (size: unknown) => {
        window[side] = size;
      },
    });
  }
  Object.defineProperty(stream, 'hasWindow', {
    configurable: true,
    get: () => isSize(window.columns) && isSize(window.rows),
  });
  return stream;
}

/** The descriptors of the streams that are written to. */
const descriptors = { stdout: 1, stderr: 2 } as const;

/**
 * The streams of this process, each opened when it is first used: all that Node's streams are made of takes longer to load
 * than a help takes to print. `onLost` hears why standard output takes no more.
 */
export function processStreams(onLost: (error: Error) => void): Streams {
  const opened: { stdout?: Output; stderr?: Output } = {};
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      opened.stdout ??= withUsableWindow(process.stdout).on('error', (error: NodeJS.ErrnoException) => {
        // A reader that went away is no error; the writes that follow are dropped.
        if (error.code !== 'EPIPE') {
          onLost(error);
        }
      });
      return opened.stdout;
    },
    get stderr() {
      // Where nothing can be said any more, the rows still can be written.
      opened.stderr ??= withUsableWindow(process.stderr).on('error', () => {});
      return opened.stderr;
    },
  };
}

/** The width of the window that a stream writes to, or the usual one. It opens no stream that can't be a terminal. */
export function widthOf(streams: Streams, name: keyof typeof descriptors): number {
  return windowSize('columns', mayBeTerminal(descriptors[name]) ? streams[name].columns : null);
}

/** Writes a text to this process's own stream at once, without opening it where the text is taken whole. */
export function writeAtOnce(streams: Streams, name: keyof typeof descriptors, text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) {
      rest = rest.subarray(writeSync(descriptors[name], rest));
    }
  } catch {
    // The stream waits where the reader is slow, and knows what to say of all else.
    streams[name].write(rest);
  }
}

/** Whether a descriptor is a device other than the one that swallows all. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isCharacterDevice() && found.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}
